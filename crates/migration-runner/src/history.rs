//! What the database knows: SeaORM's own table, which says what is applied, and one beside it with what SeaORM does
//! not write down.

use std::collections::BTreeMap;
use std::time::Duration;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Schema, StatementBuilder};
use sea_orm_migration::seaql_migrations;

/// One migration that the database has met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// It is in SeaORM's table.
    pub(crate) applied: bool,
    /// It is in ours. What SeaORM's own tools apply is not, until the next time that we run.
    pub(crate) recorded: bool,
    /// Of its code, as it was when it was applied; `None` where there was no lock.
    pub(crate) hash: Option<String>,
    /// Seconds since 1970, by the clock of the database.
    pub(crate) at: Option<i64>,
    pub(crate) took: Option<Duration>,
    /// It runs without a transaction, and has begun.
    pub(crate) dirty: bool,
}

/// A migration as the program has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version<'a> {
    pub(crate) name: &'a str,
    pub(crate) hash: Option<&'a str>,
}

pub(crate) type Records = BTreeMap<String, Record>;

/// The two tables.
pub(crate) struct History {
    theirs: DynIden,
    ours: DynIden,
}

impl History {
    pub(crate) fn beside(theirs: DynIden) -> Self {
        let ours = Alias::new(format!("{theirs}_history")).into_iden();
        Self { theirs, ours }
    }

    pub(crate) fn tables(&self) -> [String; 2] {
        [self.theirs.to_string(), self.ours.to_string()]
    }

    /// Changes nothing: tables that are not there are empty.
    pub(crate) async fn read(&self, database: &SchemaManager<'_>) -> Result<Records, DbErr> {
        let mut records = Records::new();
        let connection = database.get_connection();
        if database.has_table(self.theirs.to_string()).await? {
            let select = Query::select()
                .columns(["version", "applied_at"])
                .from(self.theirs.clone())
                .to_owned();
            for row in connection.query_all(&select).await? {
                let record = records.entry(row.try_get_by_index(0)?).or_default();
                record.applied = true;
                record.at = Some(row.try_get_by_index(1)?);
            }
        }
        if database.has_table(self.ours.to_string()).await? {
            let select = Query::select()
                .columns(["name", "hash", "applied_at", "duration_ms", "dirty"])
                .from(self.ours.clone())
                .to_owned();
            for row in connection.query_all(&select).await? {
                let dirty: bool = row.try_get_by_index(4)?;
                let name: String = row.try_get_by_index(0)?;
                // What SeaORM's own tools have taken back since is no longer there.
                if !dirty && !records.contains_key(&name) {
                    continue;
                }
                let record = records.entry(name).or_default();
                record.recorded = true;
                record.at = record.at.or(row.try_get_by_index(2)?);
                let took: Option<i64> = row.try_get_by_index(3)?;
                record.hash = row.try_get_by_index(1)?;
                record.took = took.map(|it| Duration::from_millis(it.unsigned_abs()));
                record.dirty = dirty;
            }
        }
        Ok(records)
    }

    pub(crate) async fn install(&self, database: &SchemaManager<'_>) -> Result<(), DbErr> {
        let theirs = Schema::new(database.get_database_backend())
            .create_table_from_entity(seaql_migrations::Entity)
            .table(self.theirs.clone())
            .if_not_exists()
            .to_owned();
        let ours = Table::create()
            .table(self.ours.clone())
            .if_not_exists()
            .col(ColumnDef::new("name").text().not_null().primary_key())
            .col(ColumnDef::new("hash").text())
            .col(ColumnDef::new("applied_at").big_integer())
            .col(ColumnDef::new("duration_ms").big_integer())
            .col(ColumnDef::new("dirty").boolean().not_null())
            .to_owned();
        // `IF NOT EXISTS` makes PostgreSQL tell a notice, which SeaORM logs, each time.
        for (table, create) in [(&self.theirs, theirs), (&self.ours, ours)] {
            if !database.has_table(table.to_string()).await? {
                database.create_table(create).await?;
            }
        }
        Ok(())
    }

    /// It has begun, and leaves a mark until it has ended.
    pub(crate) async fn put_dirty(
        &self,
        database: &SchemaManager<'_>,
        version: Version<'_>,
    ) -> Result<(), DbErr> {
        self.forget_ours(database, version.name).await?;
        let now = now(database);
        self.put_ours(database, version, now, None, true).await
    }

    pub(crate) async fn put_applied(
        &self,
        database: &SchemaManager<'_>,
        version: Version<'_>,
        took: Option<Duration>,
    ) -> Result<(), DbErr> {
        self.forget(database, version.name).await?;
        let theirs = Query::insert()
            .into_table(self.theirs.clone())
            .columns(["version", "applied_at"])
            .values_panic([version.name.into(), now(database)])
            .to_owned();
        run(database, &theirs).await?;
        let now = now(database);
        self.put_ours(database, version, now, took, false).await
    }

    /// What SeaORM's own tools, or an older program, have applied.
    pub(crate) async fn adopt(
        &self,
        database: &SchemaManager<'_>,
        version: Version<'_>,
        known: &Record,
    ) -> Result<(), DbErr> {
        self.forget_ours(database, version.name).await?;
        self.put_ours(database, version, known.at.into(), known.took, false)
            .await
    }

    pub(crate) async fn forget(
        &self,
        database: &SchemaManager<'_>,
        name: &str,
    ) -> Result<(), DbErr> {
        let theirs = Query::delete()
            .from_table(self.theirs.clone())
            .and_where(Expr::col("version").eq(name))
            .to_owned();
        run(database, &theirs).await?;
        self.forget_ours(database, name).await
    }

    async fn put_ours(
        &self,
        database: &SchemaManager<'_>,
        version: Version<'_>,
        at: Expr,
        took: Option<Duration>,
        dirty: bool,
    ) -> Result<(), DbErr> {
        let took: Option<i64> = took.and_then(|it| it.as_millis().try_into().ok());
        let insert = Query::insert()
            .into_table(self.ours.clone())
            .columns(["name", "hash", "applied_at", "duration_ms", "dirty"])
            .values_panic([
                version.name.into(),
                version.hash.into(),
                at,
                took.into(),
                dirty.into(),
            ])
            .to_owned();
        run(database, &insert).await
    }

    async fn forget_ours(&self, database: &SchemaManager<'_>, name: &str) -> Result<(), DbErr> {
        let delete = Query::delete()
            .from_table(self.ours.clone())
            .and_where(Expr::col("name").eq(name))
            .to_owned();
        run(database, &delete).await
    }
}

async fn run(database: &SchemaManager<'_>, statement: &impl StatementBuilder) -> Result<(), DbErr> {
    let connection = database.get_connection();
    connection.execute(statement).await.map(drop)
}

/// The database's own clock: all processes agree on it.
fn now(database: &SchemaManager<'_>) -> Expr {
    Expr::cust(match database.get_database_backend() {
        DbBackend::Sqlite => "CAST(strftime('%s', 'now') AS INTEGER)",
        _ => "CAST(floor(extract(epoch FROM clock_timestamp())) AS bigint)",
    })
}
