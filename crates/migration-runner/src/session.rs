use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use sea_orm_migration::sea_orm::sqlx::error::DatabaseError;
use sea_orm_migration::sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm_migration::sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, sqlx,
};
use tokio::time::{Instant, sleep, timeout};

use crate::Error;
use crate::event::{Event, Observer};
use crate::lock_file::LockFile;

/// The one connection on which migrations run, beside which nobody else migrates. Dropped at any moment, also with
/// its process, it lets go of the lock, and the database undoes what was not committed.
pub(crate) struct Session {
    connection: DatabaseConnection,
    lock: Lock,
    limit: Duration,
    observer: Observer,
}

enum Lock {
    /// An advisory lock belongs to the server's process for this connection.
    Postgres { process: i32 },
    /// Of SQLite's own locks none lasts longer than a transaction.
    File { _held: LockFile },
    /// Nobody else sees a database in memory.
    Memory,
}

impl Session {
    /// # Errors
    /// `Busy` when others migrate for longer than `limit`.
    pub(crate) async fn open(
        database: &DatabaseConnection,
        limit: Duration,
    ) -> Result<Self, Error> {
        match database.get_database_backend() {
            DbBackend::Postgres => Self::postgres(database, limit).await,
            DbBackend::Sqlite => Self::sqlite(database, limit).await,
            _ => Err(Error::Engine),
        }
    }

    async fn postgres(database: &DatabaseConnection, limit: Duration) -> Result<Self, Error> {
        let options = database.get_postgres_connection_pool().connect_options();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(limit)
            .idle_timeout(None)
            .max_lifetime(None)
            // A connection that is gone must be an error: another one would have no lock.
            .test_before_acquire(false)
            .connect_with((*options).clone());
        let connection = DatabaseConnection::from(pool.await.map_err(refused)?);
        // A long migration is no reason to give up.
        let patient = "SET statement_timeout = 0";
        connection.execute_unprepared(patient).await?;

        // One that waits inside `pg_advisory_lock` has a snapshot, for whose end CREATE INDEX CONCURRENTLY waits:
        // both would wait for ever. So it asks, and asks again.
        let lock = format!("SELECT pg_try_advisory_lock({LOCK}), pg_backend_pid()");
        let mut waiting = Waiting::until(limit);
        loop {
            let statement = Statement::from_string(DbBackend::Postgres, &lock);
            let row = connection.query_one_raw(statement).await?;
            let row = row.ok_or(Error::Lost)?;
            if row.try_get_by_index(0)? {
                let lock = Lock::Postgres {
                    process: row.try_get_by_index(1)?,
                };
                return Ok(Self {
                    connection,
                    lock,
                    limit,
                    observer: Observer::default(),
                });
            }
            waiting.pause().await?;
        }
    }

    async fn sqlite(database: &DatabaseConnection, limit: Duration) -> Result<Self, Error> {
        let Some(file) = file_of(database).await? else {
            return Ok(Self {
                connection: database.clone(),
                lock: Lock::Memory,
                limit,
                observer: Observer::default(),
            });
        };
        let held = LockFile::beside(&file)?;
        let mut waiting = Waiting::until(limit);
        while !held.try_lock()? {
            waiting.pause().await?;
        }
        let options = database.get_sqlite_connection_pool().connect_options();
        let options: SqliteConnectOptions = (*options).clone();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            // Others go on writing what is not the schema.
            .connect_with(options.busy_timeout(limit));
        Ok(Self {
            connection: pool.await.map_err(refused)?.into(),
            lock: Lock::File { _held: held },
            limit,
            observer: Observer::default(),
        })
    }

    pub(crate) fn observed_by(mut self, observer: &Observer) -> Self {
        if observer.is_there() {
            self.observer = observer.clone();
            let observer = observer.clone();
            self.connection.set_metric_callback(move |it| {
                if !it.failed {
                    observer.tell(Event::Statement(it.statement));
                }
            });
        }
        self
    }

    pub(crate) fn tell(&self, event: Event<'_>) {
        self.observer.tell(event);
    }

    /// For what runs outside of any transaction.
    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// A transaction that is sure to have the lock.
    ///
    /// # Errors
    /// `Lost` when the connection is another one by now, `Busy` when somebody else writes all the time.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let mut attempt = pin!(self.connection.begin_with_options(options));
        let begun = if let Ok(ended) = timeout(NOTICE, &mut attempt).await {
            ended
        } else {
            tracing::info!(target: TARGET, "waits for somebody else who writes to this database");
            attempt.await
        };
        let transaction = begun.map_err(|error| self.busy_or(error))?;
        if let Lock::Postgres { process } = self.lock {
            let statement = Statement::from_string(DbBackend::Postgres, "SELECT pg_backend_pid()");
            let row = transaction.query_one_raw(statement).await?;
            let now: i32 = row.ok_or(Error::Lost)?.try_get_by_index(0)?;
            if now != process {
                return Err(Error::Lost);
            }
        }
        self.tell(Event::Begin);
        Ok(transaction)
    }

    /// # Errors
    /// When the database refuses.
    pub(crate) async fn commit(&self, transaction: DatabaseTransaction) -> Result<(), Error> {
        transaction.commit().await?;
        self.tell(Event::Commit);
        Ok(())
    }

    /// # Errors
    /// When the connection is gone.
    pub(crate) async fn rollback(&self, transaction: DatabaseTransaction) -> Result<(), Error> {
        transaction.rollback().await?;
        self.tell(Event::Rollback);
        Ok(())
    }

    /// Lets go of the lock at once: the end of a connection takes a moment to be heard of.
    pub(crate) async fn close(self) {
        if let Lock::Postgres { .. } = self.lock {
            let unlock = format!("SELECT pg_advisory_unlock({LOCK})");
            let unlocked = self.connection.execute_unprepared(&unlock).await;
            told_only(unlocked.map(drop));
        }
        if !matches!(self.lock, Lock::Memory) {
            told_only(self.connection.close().await);
        }
    }

    fn busy_or(&self, error: DbErr) -> Error {
        let (DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause))) = &error
        else {
            return error.into();
        };
        let code = cause.as_database_error().and_then(DatabaseError::code);
        // The low byte is the kind, whatever the cause in the others.
        let code: Option<u32> = code.and_then(|it| it.parse().ok());
        match (&self.lock, code.map(|it| it & 0xff)) {
            (Lock::File { .. }, Some(SQLITE_BUSY)) => Error::Busy(self.limit),
            _ => error.into(),
        }
    }
}

/// Any number that no other program takes in the same database: "migrate?" in ASCII.
const LOCK: i64 = 0x6d69_6772_6174_653f;

const SQLITE_BUSY: u32 = 5;

/// Who turns SeaORM's own lines down, `sea_orm_migration=warn`, does not mean this crate, whose name begins with it.
const TARGET: &str = "migration_runner";

/// So long nobody needs to hear of it.
const NOTICE: Duration = Duration::from_secs(1);

/// Asking again, less and less often, for a limited time.
struct Waiting {
    since: Instant,
    limit: Duration,
    pause: Option<Duration>,
}

impl Waiting {
    fn until(limit: Duration) -> Self {
        Self {
            since: Instant::now(),
            limit,
            pause: None,
        }
    }

    async fn pause(&mut self) -> Result<(), Error> {
        let left = self.limit.saturating_sub(self.since.elapsed());
        if left.is_zero() {
            return Err(Error::Busy(self.limit));
        }
        if self.pause.is_none() {
            tracing::info!(target: TARGET, "waits for another process that migrates this database");
        }
        let pause = self.pause.unwrap_or(Duration::from_millis(20));
        sleep(pause.min(left)).await;
        self.pause = Some((pause * 2).min(Duration::from_millis(500)));
        Ok(())
    }
}

/// Where SQLite keeps it; `None` in memory. The path is the one that SQLite found, the same for everybody.
async fn file_of(database: &DatabaseConnection) -> Result<Option<PathBuf>, DbErr> {
    let statement = Statement::from_string(
        DbBackend::Sqlite,
        "SELECT file FROM pragma_database_list WHERE name = 'main'",
    );
    let row = database.query_one_raw(statement).await?;
    let file: Option<String> = match row {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    Ok(file.filter(|it| !it.is_empty()).map(PathBuf::from))
}

/// What was to be done is done, or its own failure says more.
fn told_only(closed: Result<(), DbErr>) {
    if let Err(error) = closed {
        tracing::warn!(target: TARGET, %error, "the connection that migrated did not close well");
    }
}

fn refused(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
