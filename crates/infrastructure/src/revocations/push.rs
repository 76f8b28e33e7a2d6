use std::time::Duration;

use application::StoreError;
use sea_orm::sqlx::pool::PoolOptions;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgListener};
use sea_orm::{DbErr, RuntimeErr, sqlx};
use secrecy::ExposeSecret;

use crate::DatabasePolicy;
use crate::database::failed;

/// Where PostgreSQL says at once that the feed has grown. SQLite says nothing: there is no server
/// that could.
pub struct RevocationPushes {
    server: PgConnectOptions,
    connect_timeout: Duration,
}

/// A connection that listens.
pub struct RevocationPush(PgListener);

/// What is notified when a transaction that wrote revocations commits.
pub(super) const CHANNEL: &str = "ashlar_revocations";

impl RevocationPushes {
    /// `None` where nothing is pushed.
    #[must_use]
    pub fn of(policy: &DatabasePolicy) -> Option<Self> {
        // The driver would take any URL for one of PostgreSQL.
        if policy.is_sqlite() {
            return None;
        }
        let server: PgConnectOptions = policy.url.expose_secret().parse().ok()?;
        Some(Self {
            server: server.application_name("ashlar revocations"),
            connect_timeout: policy.acquire_timeout,
        })
    }

    /// Nothing that is committed from now on is missed.
    ///
    /// # Errors
    /// `Unavailable` when nobody answers in time.
    pub async fn listen(&self) -> Result<RevocationPush, StoreError> {
        let listening = async {
            // The listener wants a pool, for a connection of its own.
            let pool = PoolOptions::new()
                .max_connections(1)
                .max_lifetime(None)
                .idle_timeout(None)
                .acquire_timeout(self.connect_timeout);
            let pool = pool.connect_with(self.server.clone()).await?;
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.ignore_pool_close_event(true);
            listener.eager_reconnect(false);
            listener.listen(CHANNEL).await?;
            Ok(listener)
        };
        let listener = tokio::time::timeout(self.connect_timeout, listening).await;
        let listener = listener.map_err(|_| StoreError::Unavailable("no answer in time".into()))?;
        listener.map(RevocationPush).map_err(failed_in_driver)
    }
}

impl RevocationPush {
    /// Comes back when the feed has grown.
    ///
    /// # Errors
    /// `Unavailable` when the connection is gone: whoever listens again may have missed something.
    pub async fn grown(&mut self) -> Result<(), StoreError> {
        let gone = || StoreError::Unavailable("the connection was lost".into());
        let told = self.0.try_recv().await.map_err(failed_in_driver)?;
        told.ok_or_else(gone)?;
        // One reading of the feed is enough for all that have come.
        while self.0.next_buffered().is_some() {}
        Ok(())
    }
}

fn failed_in_driver(error: sqlx::Error) -> StoreError {
    failed(DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}
