//! Foreign keys of SQLite, while a migration runs. A table that ALTER TABLE cannot change is made anew, and then DROP
//! TABLE on the old one deletes its rows first, and with them, by ON DELETE CASCADE, those of other tables. So the keys are
//! off meanwhile, which has to be said before the transaction begins, and what they would hold is looked at after it.

use std::collections::BTreeMap;

use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement,
};

pub(crate) async fn are_on(database: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let row = rows(database, "PRAGMA foreign_keys").await?.pop();
    row.map_or(Ok(false), |it| it.try_get_by_index(0))
}

/// Off on this connection.
pub(crate) struct Lifted<'a> {
    connection: &'a DatabaseConnection,
}

impl<'a> Lifted<'a> {
    /// `None` where there is nothing to lift.
    pub(crate) async fn on(connection: &'a DatabaseConnection) -> Result<Option<Self>, DbErr> {
        if connection.get_database_backend() != DbBackend::Sqlite {
            return Ok(None);
        }
        let pool = connection.get_sqlite_connection_pool();
        // Of several connections to a database in memory nobody knows which one would hear it.
        if pool.options().get_max_connections() != 1 || !are_on(connection).await? {
            return Ok(None);
        }
        connection
            .execute_unprepared("PRAGMA foreign_keys = OFF")
            .await?;
        Ok(Some(Self { connection }))
    }

    pub(crate) async fn restore(self) -> Result<(), DbErr> {
        let on = "PRAGMA foreign_keys = ON";
        self.connection.execute_unprepared(on).await.map(drop)
    }
}

/// What a database is like before a migration.
pub(crate) struct Before {
    /// SQLite cannot tell them where a key refers to what is not unique.
    orphans: Result<Orphans, DbErr>,
    schema: i64,
}

/// Rows that refer to nothing, by their table and what they refer to.
type Orphans = BTreeMap<(String, String), Found>;

struct Found {
    rows: i64,
    /// The latest, as a rule; `None` in a table without row ids.
    one: Option<i64>,
}

/// What a migration would leave.
pub(crate) struct Harm {
    pub(crate) cause: DbErr,
    /// It has changed no table, so that the keys themselves can say what becomes of the rows.
    pub(crate) is_of_rows_alone: bool,
}

impl Before {
    pub(crate) async fn of(database: &impl ConnectionTrait) -> Result<Self, DbErr> {
        Ok(Self {
            orphans: orphans(database).await,
            schema: schema(database).await?,
        })
    }

    /// Rows that were orphans before are not the migration's.
    ///
    /// # Errors
    /// When there are more of them now.
    pub(crate) async fn check(&self, database: &impl ConnectionTrait) -> Result<(), Harm> {
        let cause = match (orphans(database).await, &self.orphans) {
            (Err(_), Err(_)) => return Ok(()),
            (Err(cause), Ok(_)) => cause,
            (Ok(after), before) => {
                let told: Vec<_> = after
                    .iter()
                    .filter_map(|(tables, found)| {
                        let before = before.as_ref().ok().and_then(|it| it.get(tables));
                        let before = before.map_or(0, |it| it.rows);
                        (found.rows > before).then(|| told(tables, found, before))
                    })
                    .collect();
                if told.is_empty() {
                    return Ok(());
                }
                DbErr::Custom(format!("{}. {NEXT}", told.join("; ")))
            }
        };
        let is_of_rows_alone = schema(database).await.is_ok_and(|it| it == self.schema);
        Err(Harm {
            cause,
            is_of_rows_alone,
        })
    }
}

const NEXT: &str = "Foreign keys are off while a migration changes tables, so that nothing happens ON DELETE or ON UPDATE: \
     let it delete or change these rows itself";

fn told((table, target): &(String, String), found: &Found, before: i64) -> String {
    let rows = found.rows;
    let one = found
        .one
        .map(|it| format!(", one of them with the row id {it},"));
    let before = (before > 0).then(|| format!(" ({before} before it)"));
    let (one, before) = (one.unwrap_or_default(), before.unwrap_or_default());
    format!("{rows} row(s) of {table}{one} would refer to nothing in {target}{before}")
}

async fn orphans(database: &impl ConnectionTrait) -> Result<Orphans, DbErr> {
    let sql = "SELECT \"table\", parent, count(*), max(\"rowid\") FROM pragma_foreign_key_check GROUP BY 1, 2";
    let mut orphans = Orphans::new();
    for row in rows(database, sql).await? {
        let tables = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let found = Found {
            rows: row.try_get_by_index(2)?,
            one: row.try_get_by_index(3)?,
        };
        orphans.insert(tables, found);
    }
    Ok(orphans)
}

/// Another number after each change of a table.
async fn schema(database: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let row = rows(database, "PRAGMA schema_version").await?.pop();
    row.map_or(Ok(0), |it| it.try_get_by_index(0))
}

async fn rows(database: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    let statement = Statement::from_string(DbBackend::Sqlite, sql);
    database.query_all_raw(statement).await
}
