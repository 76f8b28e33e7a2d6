use application::StoreError;
use application::signing_keys::{SigningKeyReader, SigningKeyWriter};
use async_trait::async_trait;
use domain::signing_keys::{KeySet, SealedKey, SigningKey, SigningKeyId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};

use super::entity::{ActiveModel, Entity, Model};
use crate::Store;
use crate::database::{Held, failed};

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> SigningKeyReader for Store<C> {
    async fn all(&self) -> Result<KeySet, StoreError> {
        let rows = Entity::find()
            .into_model::<Model>()
            .all(&self.connection)
            .await
            .map_err(failed)?;
        Ok(KeySet::of(rows.into_iter().map(key).collect()))
    }
}

#[async_trait]
impl SigningKeyWriter for Store<Held> {
    async fn lock_all(&mut self) -> Result<KeySet, StoreError> {
        // No row stands for those that are not there yet. On SQLite a transaction that writes is alone.
        if self.connection.get_database_backend() == DbBackend::Postgres {
            let turn = format!("SELECT pg_advisory_xact_lock({LOCK})");
            let turn = Statement::from_string(DbBackend::Postgres, turn);
            self.connection.execute_raw(turn).await.map_err(failed)?;
        }
        self.all().await
    }

    async fn insert(&mut self, key: &SigningKey) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(key.id.0),
            kid: Set(key.key.kid.clone()),
            sealed: Set(key.key.sealed.clone()),
            created_at: Set(key.created_at),
            signs_from: Set(key.signs_from),
        };
        Entity::insert(row)
            .exec_without_returning(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn delete(&mut self, id: SigningKeyId) -> Result<(), StoreError> {
        Entity::delete_by_id(id.0)
            .exec(&self.connection)
            .await
            .map_err(failed)?;
        Ok(())
    }
}

/// Of PostgreSQL's advisory locks; the feed of revocations and migrations have others.
const LOCK: i64 = 0x6173_686c_6172_0002;

fn key(row: Model) -> SigningKey {
    SigningKey {
        id: SigningKeyId(row.id),
        key: SealedKey {
            kid: row.kid,
            sealed: row.sealed,
        },
        created_at: row.created_at,
        signs_from: row.signs_from,
    }
}
