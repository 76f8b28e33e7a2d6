use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::foreign_keys;

/// Makes the table anew by this definition, which has its name, with its rows: what ALTER TABLE cannot do on SQLite. For a
/// migration that a [`Runner`](crate::Runner) runs.
///
/// `kept` columns are copied; `computed` ones are made by an SQL expression over the old table. Columns that are in neither get
/// their defaults; generated ones must be in neither. The counter of AUTOINCREMENT goes on. Indexes and triggers of the
/// table are gone afterwards; what refers to it, also views and triggers of other tables, refers to the new one.
///
/// ```
/// use sea_orm_migration::prelude::*;
/// use sea_orm_migration_runner::rebuild;
///
/// # async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
/// let users = Table::create()
///     .table("users")
///     .col(ColumnDef::new("id").integer().primary_key())
///     .col(ColumnDef::new("name").text().not_null())
///     .to_owned();
/// rebuild(manager, users, &["id"], &[("name", "coalesce(name, '')")]).await
/// # }
/// ```
///
/// # Errors
/// When foreign keys are on, by which SQLite would delete rows of other tables; when a row does not fit the definition; on
/// other databases than SQLite.
pub async fn rebuild(
    manager: &SchemaManager<'_>,
    definition: TableCreateStatement,
    kept: &[&str],
    computed: &[(&str, &str)],
) -> Result<(), DbErr> {
    let database = manager.get_connection();
    if database.get_database_backend() != DbBackend::Sqlite {
        return Err(refused("only on SQLite: others alter what is there"));
    }
    let Some(TableRef::Table(TableName(_, table), _)) = definition.get_table_name().cloned() else {
        return Err(refused("by a definition that names its table"));
    };
    if foreign_keys::are_on(database).await? {
        return Err(refused(
            "while foreign keys are on: SQLite would delete rows of other tables that refer to it. \
             Run this migration by sea-orm-migration-runner, on one connection: it turns them off before it begins",
        ));
    }
    let new = Alias::new(format!("{table}__new")).into_iden();
    let mut definition = definition;
    definition.table(new.clone());
    manager.create_table(definition).await?;
    keep_counter(manager, &table, &new).await?;

    let mut rows = Query::select();
    rows.from(table.clone());
    rows.columns(kept.iter().map(|it| Alias::new(*it)));
    let values = computed.iter().map(|(_, value)| (*value).to_owned());
    rows.exprs(values.map(Expr::cust));
    let columns = computed.iter().map(|(column, _)| column);
    let columns = kept.iter().chain(columns).map(|it| Alias::new(*it));
    let mut copy = Query::insert();
    copy.into_table(new.clone()).columns(columns);
    copy.select_from(rows)
        .map_err(|it| DbErr::Custom(it.to_string()))?;
    manager.execute(copy).await?;

    manager
        .drop_table(Table::drop().table(table.clone()).to_owned())
        .await?;
    // Else SQLite looks at all views and triggers first, and refuses because the table of some is gone.
    database
        .execute_unprepared("PRAGMA legacy_alter_table = ON")
        .await?;
    let rename = Table::rename().table(new, table).to_owned();
    let renamed = manager.rename_table(rename).await;
    database
        .execute_unprepared("PRAGMA legacy_alter_table = OFF")
        .await?;
    renamed
}

/// Numbers of rows that are gone are not given again. Before the rows come, which only ever raise it.
async fn keep_counter(
    manager: &SchemaManager<'_>,
    table: &DynIden,
    new: &DynIden,
) -> Result<(), DbErr> {
    // The table of counters is there as soon as one table has one.
    let has_counter = Query::select()
        .expr(Expr::val(1))
        .from("sqlite_schema")
        .and_where(Expr::col("name").eq(new.to_string()))
        .and_where(Expr::col("sql").like("%AUTOINCREMENT%"))
        .to_owned();
    let database = manager.get_connection();
    if database.query_one(&has_counter).await?.is_none() {
        return Ok(());
    }
    let counter = Query::select()
        .expr(Expr::val(new.to_string()))
        .column("seq")
        .from("sqlite_sequence")
        .and_where(Expr::col("name").eq(table.to_string()))
        .to_owned();
    let mut keep = Query::insert();
    keep.into_table("sqlite_sequence").columns(["name", "seq"]);
    keep.select_from(counter)
        .map_err(|it| DbErr::Custom(it.to_string()))?;
    manager.execute(keep).await
}

fn refused(why: &str) -> DbErr {
    DbErr::Custom(format!("a table cannot be rebuilt {why}"))
}
