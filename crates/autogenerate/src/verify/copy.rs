//! A database file of SQLite, into a database in memory.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, FromQueryResult, Statement};

use crate::plan::{literal, name};

#[derive(FromQueryResult)]
struct Object {
    kind: String,
    name: String,
    definition: String,
}

/// The file itself is opened so that it cannot change.
pub(super) async fn copy(database: &DatabaseConnection, file: &Path) -> Result<(), DbErr> {
    let run = async |sql: &str| database.execute_unprepared(sql).await.map(drop);
    let address = format!("file:{}?mode=ro&immutable=1", escaped(file));
    run("PRAGMA foreign_keys = OFF").await?;
    run(&format!("ATTACH {} AS dump", literal(&address))).await?;
    let sql = "SELECT s.type AS kind, s.name AS name, s.sql AS definition FROM dump.sqlite_schema s
            LEFT JOIN pragma_table_list l ON l.schema = 'dump' AND l.name = s.name
        WHERE s.sql IS NOT NULL AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND coalesce(l.type, '') <> 'shadow'
        ORDER BY s.type = 'table' DESC, s.type = 'index' DESC, s.type = 'view' DESC, s.rowid";
    let statement = Statement::from_string(DbBackend::Sqlite, sql);
    let objects = Object::find_by_statement(statement).all(database).await?;
    let (tables, others): (Vec<_>, Vec<_>) = objects.iter().partition(|it| it.kind == "table");
    for table in &tables {
        run(&table.definition).await?;
        let columns = columns(database, &table.name).await?.join(", ");
        let name = name(&table.name);
        run(&format!(
            "INSERT INTO main.{name} ({columns}) SELECT {columns} FROM dump.{name}"
        ))
        .await?;
    }
    if tables
        .iter()
        .any(|it| it.definition.to_uppercase().contains("AUTOINCREMENT"))
    {
        run("DELETE FROM main.sqlite_sequence").await?;
        run("INSERT INTO main.sqlite_sequence SELECT * FROM dump.sqlite_sequence").await?;
    }
    for other in others {
        run(&other.definition).await?;
    }
    run("DETACH dump").await?;
    run("PRAGMA foreign_keys = ON").await
}

/// Those that are not computed.
async fn columns(database: &DatabaseConnection, table: &str) -> Result<Vec<String>, DbErr> {
    let sql = format!(
        "SELECT name FROM pragma_table_xinfo({}, 'dump') WHERE hidden = 0 ORDER BY cid",
        literal(table)
    );
    let rows = database
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await?;
    let named = |it: &sea_orm::QueryResult| Ok(name(&it.try_get_by_index::<String>(0)?));
    rows.iter().map(named).collect()
}

/// For an address.
fn escaped(file: &Path) -> String {
    let path = file.display().to_string();
    path.replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23")
}
