use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::catalog::Table;
use crate::plan::{name, qualified};

/// The rows of each table.
pub(super) type Contents = BTreeMap<String, Rows>;

/// Every value as a literal of SQL.
pub(super) struct Rows {
    /// But for those that are computed.
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

pub(super) async fn read(
    database: &DatabaseConnection,
    tables: &BTreeMap<String, Table>,
) -> Result<Contents, DbErr> {
    let mut contents = Contents::new();
    for (name, table) in tables {
        let columns = table.columns.iter().filter(|it| it.generated.is_none());
        let columns: Vec<_> = columns.map(|it| it.name.clone()).collect();
        let rows = values(database, name, &columns, "").await?;
        contents.insert(name.clone(), Rows { columns, rows });
    }
    Ok(contents)
}

/// Of these columns, with what is to be said after the name of the table.
pub(super) async fn values(
    database: &DatabaseConnection,
    table: &str,
    columns: &[String],
    clauses: &str,
) -> Result<Vec<Vec<String>>, DbErr> {
    let engine = database.get_database_backend();
    let literals: Vec<_> = columns
        .iter()
        .map(|it| match engine {
            DbBackend::Postgres => format!("quote_nullable({}::text)", name(it)),
            _ => format!("quote({})", name(it)),
        })
        // A table may have no column at all.
        .chain(["''".to_owned()])
        .collect();
    let sql = format!(
        "SELECT {} FROM {} {clauses}",
        literals.join(", "),
        table_name(table, engine)
    );
    let rows = database
        .query_all_raw(Statement::from_string(engine, sql))
        .await?;
    let row = |row: &sea_orm::QueryResult| {
        let values = 0..columns.len();
        values.map(|at| row.try_get_by_index(at)).collect()
    };
    rows.iter().map(row).collect()
}

/// As SQL has it.
pub(super) fn table_name(table: &str, engine: DbBackend) -> String {
    match engine {
        DbBackend::Postgres => qualified(table),
        _ => name(table),
    }
}
