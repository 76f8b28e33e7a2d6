//! `--sql`: who runs the script has what `up` and `down` would have made.

use sea_orm::prelude::{DateTimeUtc, Uuid};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use sea_orm_autogenerate::{Entities, Project};
use sea_orm_migration::prelude::*;
use secrecy::ExposeSecret as _;
use support::TestDatabase;

use super::commands::{refused, run, said};
use super::execute;

/// Every way in which a migration sends something.
struct Cakes;

impl MigratorTrait for Cakes {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(Create), Box::new(Fill), Box::new(Alone)]
    }
}

macro_rules! named {
    ($($migration:ident: $name:literal),*) => {$(
        struct $migration;

        impl MigrationName for $migration {
            fn name(&self) -> &str {
                $name
            }
        }
    )*};
}

named!(Create: "m1_create", Fill: "m2_fill", Alone: "m3_alone", TakesBack: "m1_takes_back");

#[async_trait::async_trait]
impl MigrationTrait for Create {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("cakes")
            .col(ColumnDef::new("id").uuid().not_null().primary_key())
            .col(
                ColumnDef::new("name")
                    .text()
                    .not_null()
                    .default("it's; new"),
            )
            .col(ColumnDef::new("is_round").boolean())
            .col(ColumnDef::new("made").timestamp_with_time_zone())
            .col(ColumnDef::new("picture").blob())
            .to_owned();
        manager.create_table(table).await?;
        // Several at once, the last with a comment behind it.
        execute(
            manager,
            "CREATE TABLE shops (id INTEGER); CREATE INDEX shops_id_idx ON shops (id); -- done",
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, "DROP TABLE shops; DROP TABLE cakes").await
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Fill {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let made: DateTimeUtc = "2026-11-21T10:00:00.5Z".parse().expect("it is a moment");
        let cake = Query::insert()
            .into_table("cakes")
            .columns(["id", "name", "is_round", "made", "picture"])
            .values_panic([
                Uuid::from_u128(7).into(),
                "O'Hara's \\ ? $1; -- cake".into(),
                true.into(),
                made.into(),
                vec![0_u8, 255, 39].into(),
            ])
            .to_owned();
        let connection = manager.get_connection();
        connection.execute(&cake).await?;
        let sql = super::here(
            "INSERT INTO shops (id) VALUES (?)",
            "INSERT INTO shops (id) VALUES ($1)",
        );
        let engine = manager.get_database_backend();
        for id in [1, 2] {
            let statement = sea_orm::Statement::from_sql_and_values(engine, sql, [id.into()]);
            connection.execute_raw(statement).await?;
        }
        let all = Query::select().column("id").from("shops").to_owned();
        let shops = connection.query_all(&all).await?;
        execute(
            manager,
            &format!("UPDATE shops SET id = id + {}", shops.len()),
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["cakes", "shops"] {
            let delete = Query::delete().from_table(table).to_owned();
            manager.get_connection().execute(&delete).await?;
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Alone {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let concurrently = super::here("", "CONCURRENTLY");
        let index = format!("CREATE INDEX {concurrently} cakes_name_idx ON cakes (name)");
        execute(manager, &index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, "DROP INDEX cakes_name_idx").await
    }
}

struct OneThatTakesBack;

impl MigratorTrait for OneThatTakesBack {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(TakesBack)]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for TakesBack {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        use sea_orm::TransactionTrait as _;
        let inner = manager.get_connection().begin().await?;
        inner
            .execute_unprepared("CREATE TABLE a (id INTEGER)")
            .await?;
        inner.rollback().await
    }
}

fn project<M: MigratorTrait>(database: &TestDatabase) -> Project<M> {
    Project::of(Entities::new(), "nowhere").database(database.url().expose_secret())
}

/// As the programs do for which it is written: one statement after the other.
async fn run_script(database: &TestDatabase, script: &str) {
    let connection = open(database).await;
    for statement in script.split(";\n") {
        let run = connection.execute_unprepared(statement).await;
        run.unwrap_or_else(|error| panic!("{error} in {statement}"));
    }
    connection.close().await.expect("it closes");
}

async fn open(database: &TestDatabase) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(database.url().expose_secret());
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|it| it.create_if_missing(true));
    sea_orm::Database::connect(options)
        .await
        .expect("it is there")
}

/// All that a test can tell of it: what is applied, what is defined and what is in it.
async fn contents(database: &TestDatabase) -> Vec<String> {
    let project = project::<Cakes>(database);
    let status = said(run(&project, &["status"]).await);
    let brief = |line: &str| line.split("  ").take(2).collect::<Vec<_>>().join(" ");
    let mut contents: Vec<_> = status.lines().map(brief).collect();
    let connection = open(database).await;
    let manager = SchemaManager::new(&connection);
    for (table, columns) in [
        ("cakes", "id, name, is_round, made, picture"),
        ("shops", "id"),
        ("seaql_migrations", "version"),
        ("seaql_migrations_history", "name, hash, dirty"),
    ] {
        if !manager.has_table(table).await.expect("it can be read") {
            continue;
        }
        let columns = columns.split(", ").map(|it| {
            super::here(
                format!("quote({it}) || typeof({it})"),
                format!("coalesce({it}::text, '-')"),
            )
        });
        let columns = columns.collect::<Vec<_>>().join(" || ', ' || ");
        let sql = format!("SELECT {columns} FROM {table} ORDER BY 1");
        for row in database.query(&sql).await {
            let row: String = row.try_get_by_index(0).expect("it is text");
            contents.push(format!("{table}: {row}"));
        }
    }
    let defined = super::here(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql",
        "SELECT concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_indexdef(c.oid)) \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 ORDER BY 1",
    );
    for row in database.query(defined).await {
        contents.push(row.try_get_by_index(0).expect("it is text"));
    }
    connection.close().await.expect("it closes");
    contents
}

#[tokio::test]
async fn who_runs_the_script_has_what_up_and_down_would_have_made() {
    let (ran, scripted) = (TestDatabase::empty().await, TestDatabase::empty().await);
    for database in [&ran, &scripted] {
        // So that there is a file on SQLite, too.
        open(database).await.close().await.unwrap();
    }
    for step in [
        &["up", "1"][..],
        &["up"],
        &["down", "2"],
        &["up", "--to", "m2_fill"],
        &["down", "--to", "base"],
    ] {
        let before = contents(&scripted).await;
        let asked = [step, &["--sql"]].concat();
        let script = said(run(&project::<Cakes>(&scripted), &asked).await);
        assert_eq!(contents(&scripted).await, before, "it only looks");

        run_script(&scripted, &script).await;
        said(run(&project::<Cakes>(&ran), step).await);

        assert_eq!(contents(&scripted).await, contents(&ran).await, "{script}");
    }
}

#[tokio::test]
async fn a_script_names_its_migrations_and_has_every_value() {
    let database = TestDatabase::empty().await;
    let project = project::<Cakes>(&database);

    let script = said(run(&project, &["up", "--sql", "--from", "m1_create"]).await);

    let titles: Vec<_> = script.lines().filter(|it| it.starts_with("-- ")).collect();
    assert_eq!(
        titles[1..],
        ["-- m2_fill, up", "-- m3_alone, up"],
        "{script}"
    );
    let quoted = super::here("O''Hara''s", "E'O\\'Hara");
    assert!(script.contains(quoted), "{script}");
    assert_eq!(script.matches("INSERT INTO shops").count(), 2, "{script}");
    // Only the last one changes what tables are.
    let (fill, alone) = script.split_once("-- m3_alone").unwrap();
    let lifts = |it: &str| it.contains("PRAGMA foreign_keys = OFF");
    let last = super::here(true, false);
    assert_eq!((lifts(fill), lifts(alone)), (false, last), "{script}");
    assert!(
        !script.contains("(?)") && !script.contains("($1)"),
        "{script}"
    );
}

#[tokio::test]
async fn a_database_that_only_other_tools_have_migrated_gets_what_it_lacks() {
    let database = TestDatabase::empty().await;
    let connection = open(&database).await;
    Cakes::up(&connection, Some(1)).await.unwrap();
    connection.close().await.unwrap();

    let script = said(run(&project::<Cakes>(&database), &["up", "--sql"]).await);
    run_script(&database, &script).await;

    let contents = contents(&database).await;
    assert_eq!(
        contents[..3],
        ["applied m1_create", "applied m2_fill", "applied m3_alone"]
    );
}

#[tokio::test]
async fn what_a_script_has_no_words_for_is_refused() {
    let database = TestDatabase::empty().await;
    let project = project::<OneThatTakesBack>(&database);

    let complaint = refused(run(&project, &["up", "--sql", "--from", "base"]).await, 4);

    assert!(complaint.contains("m1_takes_back"), "{complaint}");
}
