use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};

/// A connection whose statements end in time even when the network swallows every byte: the
/// server's own `statement_timeout` cannot fire then.
#[derive(Debug, Clone)]
pub(crate) struct Deadline<C> {
    pub(crate) connection: C,
    pub(crate) limit: Duration,
    failed: Arc<AtomicBool>,
}

impl<C> Deadline<C> {
    pub(crate) fn new(connection: C, limit: Duration) -> Self {
        Self {
            connection,
            limit,
            failed: Arc::default(),
        }
    }

    /// Whether a statement has failed on it: PostgreSQL answers COMMIT with a silent ROLLBACK then.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    pub(crate) async fn keep<T>(
        &self,
        work: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        let result = match tokio::time::timeout(self.limit, work).await {
            Ok(result) => result,
            Err(_) => Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)),
        };
        if result.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        result
    }
}

#[async_trait]
impl<C: ConnectionTrait> ConnectionTrait for Deadline<C> {
    fn get_database_backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        tell(&statement.sql);
        self.keep(self.connection.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        tell(sql);
        self.keep(self.connection.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        tell(&statement.sql);
        self.keep(self.connection.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        tell(&statement.sql);
        self.keep(self.connection.query_all_raw(statement)).await
    }
}

/// For who wants to see which statements a request is made of. Its values are not among them.
fn tell(sql: &str) {
    tracing::trace!(sql, "statement");
}
