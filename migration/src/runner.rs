use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{Migration, MigrationStatus};

use crate::Migrator;

/// A migration, and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub name: String,
    pub applied: bool,
}

/// Applies the next `steps` migrations, or all that are pending, and says which. Several
/// processes may call it at once: one works, the others wait and find nothing left.
///
/// # Errors
/// When a migration fails; nothing of it, nor of those before it in this call, is kept.
pub async fn up(database: &DatabaseConnection, steps: Option<u32>) -> Result<Vec<String>, DbErr> {
    let transaction = begin_alone(database).await?;
    let before = migrations(&transaction).await?;
    Migrator::up(&transaction, steps).await?;
    let changed = difference(&before, &migrations(&transaction).await?);
    transaction.commit().await?;
    Ok(changed)
}

/// Takes the last `steps` migrations back, and says which, latest first.
///
/// # Errors
/// As [`up`].
pub async fn down(database: &DatabaseConnection, steps: u32) -> Result<Vec<String>, DbErr> {
    let transaction = begin_alone(database).await?;
    let before = migrations(&transaction).await?;
    Migrator::down(&transaction, Some(steps)).await?;
    let mut changed = difference(&before, &migrations(&transaction).await?);
    changed.reverse();
    transaction.commit().await?;
    Ok(changed)
}

/// Every migration, oldest first. Changes nothing.
///
/// # Errors
/// When the database cannot be read, or has a migration that this program does not know.
pub async fn status(database: &DatabaseConnection) -> Result<Vec<Applied>, DbErr> {
    let migrations = Migrator::get_migration_with_status_read_only(database).await?;
    Ok(migrations.iter().map(applied).collect())
}

/// A transaction beside which nobody else migrates.
async fn begin_alone(database: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let transaction = database
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        // Waiting for the others, and a long migration, are no reason to give up.
        transaction
            .execute_unprepared("SET LOCAL statement_timeout = 0")
            .await?;
        transaction
            .execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})"))
            .await?;
    }
    Ok(transaction)
}

/// Any number that no other program takes in the same database: "ashlar" in ASCII.
const LOCK: i64 = 0x6173_686c_6172;

async fn migrations(transaction: &DatabaseTransaction) -> Result<Vec<Applied>, DbErr> {
    let migrations = Migrator::get_migration_with_status_read_only(transaction).await?;
    Ok(migrations.iter().map(applied).collect())
}

fn applied(migration: &Migration) -> Applied {
    Applied {
        name: migration.name().to_owned(),
        applied: migration.status() == MigrationStatus::Applied,
    }
}

fn difference(before: &[Applied], after: &[Applied]) -> Vec<String> {
    let pairs = before.iter().zip(after);
    let changed = pairs.filter(|(before, after)| before != after);
    changed.map(|(_, after)| after.name.clone()).collect()
}
