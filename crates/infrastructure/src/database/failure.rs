use application::{StoreError, Unique};
use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr};
use uuid::Uuid;

/// Where `DbErr` ends. Drivers put values into their messages (PostgreSQL's DETAIL holds the
/// duplicate one), so only codes and the names of constraints go on.
pub(crate) fn failed(error: DbErr) -> StoreError {
    match error {
        DbErr::RecordNotUpdated => StoreError::Stale,
        DbErr::ConnectionAcquire(_) => StoreError::Unavailable("no connection in time".into()),
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => driver_failed(&error),
        DbErr::Conn(_) => StoreError::Unavailable("no connection".into()),
        DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => {
            StoreError::Failed("a value has another type than the entity says".into())
        }
        _ => StoreError::Failed("SeaORM could not do it".into()),
    }
}

/// A row that the domain does not take.
pub(crate) fn corrupt(
    table: &'static str,
    id: Uuid,
) -> impl Fn(&dyn std::fmt::Display) -> StoreError {
    move |reason| StoreError::Corrupt {
        table,
        id,
        reason: reason.to_string(),
    }
}

fn driver_failed(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(error) => database_failed(error.as_ref()),
        sqlx::Error::Io(error) => StoreError::Unavailable(format!("{}", error.kind())),
        sqlx::Error::Tls(_) => StoreError::Unavailable("TLS".into()),
        sqlx::Error::Protocol(_) => StoreError::Unavailable("protocol".into()),
        sqlx::Error::PoolTimedOut => StoreError::Unavailable("no connection in time".into()),
        sqlx::Error::PoolClosed => StoreError::Unavailable("shutting down".into()),
        sqlx::Error::WorkerCrashed => StoreError::Unavailable("driver thread gone".into()),
        sqlx::Error::BeginFailed => StoreError::Unavailable("BEGIN failed".into()),
        sqlx::Error::ColumnDecode { index, .. } => {
            StoreError::Failed(format!("column {index} cannot be decoded"))
        }
        _ => StoreError::Failed("the driver could not do it".into()),
    }
}

fn database_failed(error: &dyn sqlx::error::DatabaseError) -> StoreError {
    let code = error.code().unwrap_or_default();
    if error.is_unique_violation()
        && let Some(unique) = unique(error)
    {
        return StoreError::Duplicate(unique);
    }
    let constraint = error.constraint().unwrap_or("none");
    let meaning = meaning(&code);
    let told = format!("code {code}{meaning}, constraint {constraint}");
    if TRY_AGAIN.contains(&code.as_ref()) || code.starts_with("08") || code.starts_with("53") {
        StoreError::Unavailable(told)
    } else {
        StoreError::Failed(told)
    }
}

/// Serialization failure, deadlock, cancelled by a time-out, shutting down, starting up; on
/// SQLite busy, locked, busy recovery, busy snapshot, full, I/O error, cannot open.
const TRY_AGAIN: &[&str] = &[
    "40001", "40P01", "57014", "55P03", "57P01", "57P02", "57P03", "25P03", "5", "6", "261", "517",
    "13", "10", "14",
];

/// The codes that an operator meets.
fn meaning(code: &str) -> &'static str {
    match code {
        "14" => " (the file cannot be opened)",
        "13" => " (the disk is full)",
        "26" => " (the file is no SQLite database)",
        "3D000" => " (there is no such database)",
        "28000" | "28P01" => " (the login is refused)",
        "42P01" => " (there is no such table: is it migrated?)",
        "53300" => " (too many connections)",
        _ => "",
    }
}

/// PostgreSQL names the constraint, SQLite the columns.
fn unique(error: &dyn sqlx::error::DatabaseError) -> Option<Unique> {
    let known = UNIQUE.iter().find(|(constraint, columns, _)| {
        let failed = error.message().strip_prefix("UNIQUE constraint failed: ");
        error.constraint() == Some(constraint) || failed == Some(columns)
    });
    known.map(|(_, _, unique)| *unique)
}

const UNIQUE: &[(&str, &str, Unique)] = &[
    ("users_email_key", "users.email", Unique::UserEmail),
    ("roles_name_key", "roles.name", Unique::RoleName),
];
