use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use application::StoreError;
use async_trait::async_trait;
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio::time::Instant;

use super::deadline::Deadline;
use super::failure::failed;
use super::store::Held;

/// Where the database is, and how long anything with it may take.
#[derive(Debug, Clone)]
pub struct DatabasePolicy {
    /// `sqlite:` or `postgres:`; it decides the engine.
    pub url: SecretString,
    /// Connections on PostgreSQL.
    pub max_connections: u32,
    /// Connections that read on SQLite; one more writes.
    pub readers: u32,
    /// How long to wait for a free connection.
    pub acquire_timeout: Duration,
    pub statement_timeout: Duration,
    /// How long to go on trying at the start.
    pub connect_timeout: Duration,
    /// Whether an SQLite file that is not there is made.
    pub creates: bool,
}

impl DatabasePolicy {
    /// Whether the URL can be read, without connecting.
    ///
    /// # Errors
    /// `Url` when it cannot.
    pub fn check(&self) -> Result<(), ConnectError> {
        let url = self.url.expose_secret();
        let parsed = match url.split(':').next() {
            Some("sqlite") => url.parse::<SqliteConnectOptions>().map(drop),
            Some("postgres" | "postgresql") => url.parse::<PgConnectOptions>().map(drop),
            _ => return Err(ConnectError::Url),
        };
        parsed.map_err(|_| ConnectError::Url)
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.url.expose_secret().starts_with("sqlite:")
    }
}

/// The database's connections. On SQLite writers take turns on one and readers have their own; on
/// PostgreSQL both are the same pool.
#[derive(Debug, Clone)]
pub struct Pools {
    readers: Deadline<DatabaseConnection>,
    writer: Deadline<DatabaseConnection>,
}

/// Mail, upkeep, keys and revocations wait for each other when all have something to do.
const BESIDE: u32 = 4;

#[derive(Debug, Error)]
pub enum ConnectError {
    #[error("database.url is neither a sqlite: nor a postgres: URL that can be read")]
    Url,
    #[error("{path} cannot be opened: {kind}")]
    File { path: String, kind: ErrorKind },
    #[error("{0}")]
    Refused(StoreError),
    #[error("the database did not answer within {limit:?}: {last}")]
    TimedOut { limit: Duration, last: StoreError },
}

impl Pools {
    /// Connects; goes on trying, at growing intervals, while nobody answers.
    ///
    /// # Errors
    /// When it cannot succeed, or has not in time.
    pub async fn connect(policy: &DatabasePolicy) -> Result<Self, ConnectError> {
        let give_up = Instant::now() + policy.connect_timeout;
        let mut pause = Duration::from_millis(100);
        let mut last = StoreError::Unavailable("no answer".into());
        loop {
            match tokio::time::timeout_at(give_up, Self::connect_once(policy)).await {
                Ok(Err(ConnectError::Refused(error @ StoreError::Unavailable(_)))) => last = error,
                Ok(other) => return other,
                // Cut short: what an earlier attempt met says more.
                Err(_) => {}
            }
            if Instant::now() + pause >= give_up {
                return Err(ConnectError::TimedOut {
                    limit: policy.connect_timeout,
                    last,
                });
            }
            tracing::warn!(cause = %last, "the database does not answer yet");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    async fn connect_once(policy: &DatabasePolicy) -> Result<Self, ConnectError> {
        policy.check()?;
        let (readers, writer) = if policy.is_sqlite() {
            sqlite(policy).await?
        } else {
            let pool = postgres(policy).await?;
            (pool.clone(), pool)
        };
        // The engine's own limits come first; this one is for when they cannot be heard.
        let limit = policy.acquire_timeout + policy.statement_timeout + Duration::from_secs(1);
        let deadline = |connection| Deadline::new(connection, limit);
        Ok(Self {
            readers: deadline(readers),
            writer: deadline(writer),
        })
    }

    /// Connections for what goes on beside the requests. A connection to PostgreSQL lives in the runtime that opened it, and
    /// each worker of a server has its own, which ends with the worker: what comes after the last request finds those of
    /// workers dead. SQLite's are threads, and shared.
    ///
    /// # Errors
    /// As [`Pools::connect`].
    pub async fn beside(&self, policy: &DatabasePolicy) -> Result<Self, ConnectError> {
        if policy.is_sqlite() {
            return Ok(self.clone());
        }
        let few = DatabasePolicy {
            max_connections: BESIDE,
            ..policy.clone()
        };
        Self::connect(&few).await
    }

    /// The connection that may change the schema.
    #[must_use]
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer.connection
    }

    /// Ends every connection once its work is done.
    pub async fn close(&self) {
        for pool in [&self.readers, &self.writer] {
            if let Err(error) = pool.connection.close_by_ref().await {
                tracing::warn!(cause = %failed(error), "a pool did not close");
            }
        }
    }

    pub(crate) async fn begin(&self) -> Result<Held, DbErr> {
        let writer = self.writer.connection.clone();
        // A task of its own goes to its end: a BEGIN that is dropped on its way would leave the
        // pool a connection inside a transaction that nobody knows of.
        let begin = tokio::spawn(async move {
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            };
            writer.begin_with_options(options).await
        });
        let begin = async { begin.await.map_err(|it| DbErr::Custom(it.to_string()))? };
        let held = self.writer.keep(begin).await?;
        Ok(Deadline::new(held, self.writer.limit))
    }
}

#[async_trait]
impl ConnectionTrait for Pools {
    fn get_database_backend(&self) -> DbBackend {
        self.readers.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.readers.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.readers.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.readers.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.readers.query_all_raw(statement).await
    }
}

async fn postgres(policy: &DatabasePolicy) -> Result<DatabaseConnection, ConnectError> {
    let url = policy.url.expose_secret();
    let parsed: PgConnectOptions = url.parse().map_err(|_| ConnectError::Url)?;
    // A pool goes on trying by itself and never says what for; one connection does.
    let first = parsed.connect().await.map_err(|error| {
        let error = DbErr::Conn(RuntimeErr::SqlxError(error.into()));
        ConnectError::Refused(failed(error))
    })?;
    drop(first);
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(policy.max_connections)
        .acquire_timeout(policy.acquire_timeout)
        .statement_timeout(policy.statement_timeout)
        .set_application_name("ashlar")
        // A ping before every statement would cost more than most statements.
        .test_before_acquire_if_idle_for(Duration::from_secs(5))
        .sqlx_logging(false);
    // Who died inside a transaction must not hold its locks for ever.
    let idle = policy.statement_timeout.as_millis().to_string();
    options.map_sqlx_postgres_opts(move |it| {
        it.options([("idle_in_transaction_session_timeout", idle.as_str())])
    });
    open(options).await
}

async fn sqlite(
    policy: &DatabasePolicy,
) -> Result<(DatabaseConnection, DatabaseConnection), ConnectError> {
    let url = policy.url.expose_secret();
    let parsed: SqliteConnectOptions = url.parse().map_err(|_| ConnectError::Url)?;
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    if !in_memory {
        make_ready(parsed.get_filename(), policy.creates)?;
    }

    let mut options = ConnectOptions::new(url);
    let busy = policy.acquire_timeout;
    options
        .max_connections(1)
        // A file does not hang up; a ping would send every statement to its thread twice.
        .test_before_acquire(false)
        .acquire_timeout(policy.acquire_timeout)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |it| {
            it.journal_mode(SqliteJournalMode::Wal)
                // With NORMAL a power cut takes acknowledged writes back.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(busy)
        });
    if in_memory {
        // Every connection would be a database of its own, and an idle one would take it along.
        options
            .map_sqlx_sqlite_pool_opts(|it| it.idle_timeout(None).max_lifetime(None))
            .min_connections(1);
        let only = open(options).await?;
        return Ok((only.clone(), only));
    }
    let writer = open(options.clone()).await?;
    options
        .max_connections(policy.readers)
        .map_sqlx_sqlite_opts(move |it| {
            it.journal_mode(SqliteJournalMode::Wal)
                .foreign_keys(true)
                .busy_timeout(busy)
                // A write outside a transaction does not compile; this is for raw SQL.
                .pragma("query_only", "ON")
        });
    let readers = open(options).await?;
    Ok((readers, writer))
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection, ConnectError> {
    sea_orm::Database::connect(options)
        .await
        .map_err(|error| ConnectError::Refused(failed(error)))
}

/// Says why it cannot be opened, which SQLite does not, and makes it for its owner alone: it holds
/// hashes and addresses.
#[expect(
    clippy::disallowed_types,
    reason = "runs once, before the server starts"
)]
fn make_ready(file: &Path, creates: bool) -> Result<(), ConnectError> {
    let told = |path: &Path, error: &std::io::Error| ConnectError::File {
        path: path.display().to_string(),
        kind: error.kind(),
    };
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|_| creates) {
        let mut made = std::fs::DirBuilder::new();
        let made = made.recursive(true).mode(0o700).create(folder);
        made.map_err(|error| told(folder, &error))?;
    }
    let mut opened = std::fs::OpenOptions::new();
    let opened = opened.read(true).write(true).create(creates).mode(0o600);
    opened.open(file).map_err(|error| told(file, &error))?;
    Ok(())
}
