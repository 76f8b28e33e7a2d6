//! The rows of refresh tokens.

use application::StoreError;
use chrono::{DateTime, Utc};
use domain::sessions::{RefreshSalt, RefreshToken, RefreshTokenHash, SessionId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};

use super::entity as sessions;
use super::refresh_token_entity::{ActiveModel, COLUMN, Column, Entity, Model};
use crate::database::{corrupt, failed, only};

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    hash: &RefreshTokenHash,
) -> Result<Option<RefreshToken>, StoreError> {
    let query = Entity::find_by_id(hash.0.to_vec()).into_model::<Model>();
    only(query, connection).await?.map(token).transpose()
}

pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    token: &RefreshToken,
) -> Result<(), StoreError> {
    let row = ActiveModel {
        hash: Set(token.hash.0.to_vec()),
        session_id: Set(token.session_id.0),
        salt: Set(token.salt.0.to_vec()),
        created_at: Set(token.created_at),
        expires_at: Set(token.expires_at),
        used_at: Set(token.used_at),
    };
    Entity::insert(row)
        .exec_without_returning(connection)
        .await
        .map_err(failed)?;
    Ok(())
}

/// Whether it was unused.
pub(super) async fn spend(
    connection: &impl ConnectionTrait,
    hash: &RefreshTokenHash,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let spent = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::val(at))
        .filter(COLUMN.hash.eq(hash.0.to_vec()))
        .filter(COLUMN.used_at.is_null())
        .exec(connection)
        .await
        .map_err(failed)?;
    Ok(spent.rows_affected == 1)
}

/// The id of the session that the token belongs to.
pub(super) fn session_of(hash: &RefreshTokenHash) -> SelectStatement {
    Query::select()
        .column(Column::SessionId)
        .from(Entity)
        .and_where(Expr::col(Column::Hash).eq(hash.0.to_vec()))
        .to_owned()
}

/// What the token says that the session was given last. An index finds it, however many came before.
pub(super) fn latest_of_session(column: Column) -> SelectStatement {
    let session = (sessions::Entity, sessions::Column::Id);
    Query::select()
        .column((Entity, column))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::SessionId)).equals(session))
        .order_by((Entity, Column::CreatedAt), Order::Desc)
        .limit(1)
        .to_owned()
}

fn token(row: Model) -> Result<RefreshToken, StoreError> {
    let corrupt = corrupt("refresh_tokens", row.session_id);
    let bytes = |it: Vec<u8>, what: &'static str| it.try_into().map_err(|_| corrupt(&what));
    Ok(RefreshToken {
        hash: RefreshTokenHash(bytes(row.hash, "a hash that is not 32 bytes long")?),
        session_id: SessionId(row.session_id),
        salt: RefreshSalt(bytes(row.salt, "a salt that is not 32 bytes long")?),
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
    })
}
