use application::StoreError;
use application::upkeep::UpkeepWriter;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::outbox::DeliveryStatus;
use domain::upkeep::Leftover;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, Select, Statement, TryGetableMany, Value,
};
use uuid::Uuid;

use crate::credentials::networks;
use crate::database::{Held, failed};
use crate::sessions::{entity as sessions, refresh_token_entity as refresh_tokens};
use crate::{
    Store, api_keys, audit, email_changes, one_time_tokens, outbox, registrations, revocations,
};

#[async_trait]
impl UpkeepWriter for Store<Held> {
    async fn take_turn(&mut self) -> Result<bool, StoreError> {
        if self.connection.get_database_backend() != DbBackend::Postgres {
            // Whoever has the one connection that writes has the turn.
            return Ok(true);
        }
        let turn = format!("SELECT pg_try_advisory_xact_lock({LOCK})");
        let turn = Statement::from_string(DbBackend::Postgres, turn);
        let row = self.connection.query_one_raw(turn).await.map_err(failed)?;
        let taken = row.map(|it| it.try_get_by_index(0)).transpose();
        Ok(taken.map_err(failed)?.unwrap_or(false))
    }

    async fn delete_over(
        &mut self,
        kind: Leftover,
        by: DateTime<Utc>,
        limit: u64,
    ) -> Result<u64, StoreError> {
        let over = Over {
            connection: &self.connection,
            by,
            limit,
        };
        match kind {
            Leftover::Sessions => over.delete_sessions().await,
            Leftover::OneTimeTokens => {
                use one_time_tokens::entity::{Column, Entity};
                let all = Entity::find();
                over.delete::<_, Vec<u8>>(all, Column::Hash, Column::ExpiresAt)
                    .await
            }
            Leftover::Revocations => {
                use revocations::entity::{Column, Entity};
                let all = Entity::find();
                over.delete::<_, i64>(all, Column::Id, Column::CreatedAt)
                    .await
            }
            Leftover::ApiKeys => {
                use api_keys::entity::{Column, Entity};
                let all = Entity::find();
                over.delete::<_, Uuid>(all, Column::Id, Column::ExpiresAt)
                    .await
            }
            Leftover::SignInNetworks => over.delete_networks().await,
            Leftover::Registrations => {
                use registrations::entity::{Column, Entity};
                let all = Entity::find();
                over.delete::<_, Uuid>(all, Column::Id, Column::CreatedAt)
                    .await
            }
            Leftover::EmailChanges => {
                use email_changes::entity::{Column, Entity};
                let all = Entity::find();
                over.delete::<_, Uuid>(all, Column::Id, Column::RequestedAt)
                    .await
            }
            Leftover::DeadLetters => {
                use outbox::entity::Column;
                let dead = outbox::in_status(DeliveryStatus::Dead);
                over.delete::<_, Uuid>(dead, Column::Id, Column::DueAt)
                    .await
            }
            Leftover::AuditEvents => {
                use audit::entity::{Column, Entity};
                let all = Entity::find();
                over.delete::<_, Uuid>(all, Column::Id, Column::OccurredAt)
                    .await
            }
        }
    }
}

/// Of PostgreSQL's advisory locks; migrations and the feed of revocations have others.
const LOCK: i64 = 0x6173_686c_6172_0002;

/// What was over by some time, the first of it.
struct Over<'a> {
    connection: &'a Held,
    by: DateTime<Utc>,
    limit: u64,
}

impl Over<'_> {
    async fn delete<E, K>(
        &self,
        among: Select<E>,
        key: E::Column,
        over_at: E::Column,
    ) -> Result<u64, StoreError>
    where
        E: EntityTrait,
        K: TryGetableMany + Into<Value> + Clone + Send + Sync,
    {
        let keys = self.keys::<E, K>(among, key, over_at, self.limit).await?;
        self.delete_keys::<E, K>(key, keys).await
    }

    /// They are held, so that none of them changes its mind before it goes: a dead letter may just be sent after all. That they
    /// are read first, and deleted by their keys, keeps the plan to the index, however many there are.
    async fn keys<E, K>(
        &self,
        among: Select<E>,
        key: E::Column,
        over_at: E::Column,
        limit: u64,
    ) -> Result<Vec<K>, StoreError>
    where
        E: EntityTrait,
        K: TryGetableMany + Send + Sync,
    {
        among
            .select_only()
            .column(key)
            .filter(over_at.lte(self.by))
            .order_by(over_at, Order::Asc)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_tuple()
            .all(self.connection)
            .await
            .map_err(failed)
    }

    async fn delete_keys<E, K>(&self, key: E::Column, keys: Vec<K>) -> Result<u64, StoreError>
    where
        E: EntityTrait,
        K: Into<Value> + Clone,
    {
        let mut deleted = 0;
        for some in keys.chunks(AT_ONCE) {
            let these = E::delete_many().filter(key.is_in(some.iter().cloned()));
            let done = these.exec(self.connection).await.map_err(failed)?;
            deleted += done.rows_affected;
        }
        Ok(deleted)
    }

    /// Two columns are the key of a row.
    async fn delete_networks(&self) -> Result<u64, StoreError> {
        let mut deleted = 0;
        while deleted < self.limit {
            let room = (self.limit - deleted).min(AT_ONCE as u64);
            let some = networks::delete_over(self.connection, self.by, room).await?;
            deleted += some;
            if some < room {
                break;
            }
        }
        Ok(deleted)
    }

    /// Their refresh tokens first: a session may have thousands, which would all go with it at once.
    async fn delete_sessions(&self) -> Result<u64, StoreError> {
        use sessions::{COLUMN, Column, Entity};
        let mut ids = self
            .keys::<Entity, Uuid>(Entity::find(), Column::Id, Column::EndedAt, self.limit)
            .await?;
        let room = self.limit - ids.len() as u64;
        if room > 0 {
            let others = Entity::find().filter(COLUMN.ended_at.is_null());
            let expired = self
                .keys::<Entity, Uuid>(others, Column::Id, Column::ExpiresAt, room)
                .await?;
            ids.extend(expired);
        }
        let tokens = self.delete_tokens_of(&ids).await?;
        if tokens == self.limit {
            return Ok(tokens);
        }
        let ended = self.delete_keys::<Entity, Uuid>(Column::Id, ids).await?;
        Ok(tokens + ended)
    }

    async fn delete_tokens_of(&self, sessions: &[Uuid]) -> Result<u64, StoreError> {
        use refresh_tokens::{COLUMN, Column, Entity};
        let mut hashes: Vec<Vec<u8>> = Vec::new();
        for some in sessions.chunks(AT_ONCE) {
            let room = self.limit - hashes.len() as u64;
            if room == 0 {
                break;
            }
            let found = Entity::find()
                .select_only()
                .column(Column::Hash)
                .filter(COLUMN.session_id.is_in(some.iter().copied()))
                .limit(room)
                .into_tuple()
                .all(self.connection)
                .await;
            hashes.extend::<Vec<Vec<u8>>>(found.map_err(failed)?);
        }
        self.delete_keys::<Entity, Vec<u8>>(Column::Hash, hashes)
            .await
    }
}

/// So many rows of one statement are looked up one by one, whatever PostgreSQL thinks of the table: for many more it may
/// read all of it.
const AT_ONCE: usize = 100;
