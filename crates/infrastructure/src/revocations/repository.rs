use application::StoreError;
use application::revocations::{FeedPosition, Published, RevocationReader};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Version;
use domain::api_keys::ApiKeyId;
use domain::revocations::Revocation;
use domain::roles::RoleId;
use domain::sessions::{SessionId, TokenVersion};
use domain::users::UserId;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use uuid::Uuid;

use super::entity::{ActiveModel, COLUMN, Column, Entity, Model};
use super::push::CHANNEL;
use crate::Store;
use crate::database::{Held, corrupt, failed};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> RevocationReader for Store<C> {
    async fn list_after(
        &self,
        position: FeedPosition,
        limit: u64,
    ) -> Result<Vec<Published>, StoreError> {
        let rows = Entity::find()
            .filter(COLUMN.id.gt(position.0))
            .order_by(Column::Id, Order::Asc)
            .limit(limit)
            .into_model::<Model>()
            .all(&self.connection)
            .await
            .map_err(failed)?;
        rows.iter().map(published).collect()
    }
}

/// Writes them as the last thing before the commit, so that a follower who asks for what stands
/// behind the last id that it has seen misses nothing. For that, ids have to become visible in
/// their order. On SQLite they do: a transaction that writes is alone from BEGIN to COMMIT, and
/// AUTOINCREMENT never gives an id again. On PostgreSQL a sequence gives ids in the order of the
/// inserts, and of two transactions the later may commit first. So each takes a lock before its
/// first id, and PostgreSQL lets go of it only when the commit is visible to all: who has a greater
/// id got it after that. As the last thing, because nothing is then waited for with the lock in
/// hand. NOTIFY is sent with the commit, and takes turns in the same way.
pub(crate) async fn publish(
    connection: &Held,
    revocations: &[Revocation],
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    if connection.get_database_backend() == DbBackend::Postgres {
        let turn = format!("SELECT pg_advisory_xact_lock({LOCK}), pg_notify('{CHANNEL}', '')");
        let turn = Statement::from_string(DbBackend::Postgres, turn);
        connection.execute_raw(turn).await.map_err(failed)?;
    }
    for some in revocations.chunks(AT_ONCE) {
        Entity::insert_many(some.iter().map(|it| row(*it, at)))
            .exec_without_returning(connection)
            .await
            .map_err(failed)?;
    }
    Ok(())
}

/// Of PostgreSQL's advisory locks; migrations have another.
const LOCK: i64 = 0x6173_686c_6172_0001;

/// PostgreSQL takes 65,535 parameters, SQLite 32,766, and a row has four.
const AT_ONCE: usize = 1_000;

const SESSION: &str = "session";
const TOKENS: &str = "tokens";
const ROLE: &str = "role";
const API_KEY: &str = "api_key";

fn row(revocation: Revocation, at: DateTime<Utc>) -> ActiveModel {
    let (kind, subject, token_version) = match revocation {
        Revocation::Session(id) => (SESSION, id.0, None),
        Revocation::Tokens { user, below } => (TOKENS, user.0, Some(below.0)),
        Revocation::Role(id) => (ROLE, id.0, None),
        Revocation::ApiKey { key, below } => (API_KEY, key.0, Some(below.0)),
    };
    ActiveModel {
        id: NotSet,
        kind: Set(kind.to_owned()),
        subject: Set(subject),
        token_version: Set(token_version),
        created_at: Set(at),
    }
}

fn published(row: &Model) -> Result<Published, StoreError> {
    let revocation = match (row.kind.as_str(), row.token_version) {
        (SESSION, None) => Revocation::Session(SessionId(row.subject)),
        (TOKENS, Some(below)) => Revocation::Tokens {
            user: UserId(row.subject),
            below: TokenVersion(below),
        },
        (API_KEY, Some(below)) => Revocation::ApiKey {
            key: ApiKeyId(row.subject),
            below: Version(below),
        },
        (ROLE, None) => Revocation::Role(RoleId(row.subject)),
        _ => return Err(unreadable(row.subject)),
    };
    Ok(Published {
        position: FeedPosition(row.id),
        revocation,
        at: row.created_at,
    })
}

/// Of a newer server, say: who does not know what has become void must not go on as if nothing had.
fn unreadable(subject: Uuid) -> StoreError {
    corrupt("revocations", subject)(&"a revocation of an unknown kind")
}
