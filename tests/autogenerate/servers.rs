//! Scratch databases: nothing of them stays, and what is in their way is told.

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DbBackend, Statement};
use sea_orm_autogenerate::{Entities, Error, Server, check};
use sea_orm_migration::SchemaManager;
use support::{Engine, TestDatabase, postgres};

use super::{STATEMENTS, Statements, differences, server};

async fn outcome(server: &Server, migration: &str) -> Result<usize, Error> {
    STATEMENTS.set(vec![migration.to_owned()]);
    let nothing = async |_: &SchemaManager<'_>| Ok(());
    let found = check::<Statements>(server, &Entities::new(), nothing).await;
    found.map(|it| it.len())
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_without_its_password() {
    // Nobody listens at port 1.
    let server = Server::Postgres("postgres://ada:secret@127.0.0.1:1/db".to_owned());

    let error = outcome(&server, "SELECT 1").await.unwrap_err();

    let text = error.to_string();
    assert!(matches!(error, Error::Unreachable { .. }), "{text}");
    assert!(text.contains("postgres://127.0.0.1:1"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn who_may_not_create_databases_is_told_how_to() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    // Roles are the whole server's: this one is like no other test's.
    let database = TestDatabase::empty().await;
    database
        .execute("CREATE ROLE may_not_create LOGIN PASSWORD 'x'")
        .await;
    let url = postgres::server().url("postgres");
    let (_, place) = url.split_once('@').unwrap();
    let server = Server::Postgres(format!("postgres://may_not_create:x@{place}"));

    let error = outcome(&server, "SELECT 1").await.unwrap_err();

    assert!(matches!(error, Error::MayNotCreate { .. }), "{error}");
    assert!(error.to_string().contains("CREATEDB"), "{error}");
    database.execute("DROP ROLE may_not_create").await;
}

#[tokio::test]
async fn nothing_stays_of_a_comparison_however_it_ends() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    // Told apart from those of tests at the same time by the owner.
    let database = TestDatabase::empty().await;
    database
        .execute("CREATE ROLE leaves_nothing LOGIN CREATEDB PASSWORD 'x'")
        .await;
    let url = postgres::server().url("postgres");
    let (_, place) = url.split_once('@').unwrap();
    let server = Server::Postgres(format!("postgres://leaves_nothing:x@{place}"));

    assert_eq!(
        outcome(&server, "CREATE TABLE t (a INTEGER)")
            .await
            .unwrap(),
        1
    );
    let failed = outcome(&server, "no SQL").await.unwrap_err();
    assert!(matches!(failed, Error::Migrations(_)), "{failed}");

    let owned = "SELECT datname FROM pg_database WHERE datdba = 'leaves_nothing'::regrole";
    assert_eq!(database.query(owned).await.len(), 0);
    database.execute("DROP ROLE leaves_nothing").await;
}

#[tokio::test]
async fn the_database_of_the_url_stays_as_it_is() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let database = TestDatabase::migrated().await;
    let url = secrecy::ExposeSecret::expose_secret(database.url()).to_owned();

    outcome(
        &Server::Postgres(url.clone()),
        "CREATE TABLE users (a INTEGER)",
    )
    .await
    .unwrap();

    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await.unwrap();
    let columns = "SELECT FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'a'";
    let statement = Statement::from_string(DbBackend::Postgres, columns);
    assert_eq!(connection.query_all_raw(statement).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_migration_that_panics_is_told_and_leaves_nothing() {
    STATEMENTS.set(vec!["SELECT 1".to_owned(); 5]);
    let nothing = async |_: &SchemaManager<'_>| Ok(());

    let error = check::<Statements>(&server(), &Entities::new(), nothing).await;

    assert!(matches!(error, Err(Error::Panicked(_))));
}

#[tokio::test]
async fn migrations_may_make_tables_of_sqlite_anew() {
    if Engine::of_this_run() != Engine::Sqlite {
        return;
    }
    let migrations = [
        "CREATE TABLE walls (id INTEGER PRIMARY KEY);
         CREATE TABLE stones (wall INTEGER REFERENCES walls (id) ON DELETE CASCADE);
         INSERT INTO walls VALUES (1);
         INSERT INTO stones VALUES (1), (1)",
        "CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT);
         INSERT INTO new (id) SELECT id FROM walls;
         DROP TABLE walls;
         ALTER TABLE new RENAME TO walls",
        "CREATE TABLE kept (stones INTEGER CHECK (stones = 2));
         INSERT INTO kept SELECT count(*) FROM stones",
    ];

    let found = differences(&[], &migrations).await;

    let tables: Vec<_> = found.iter().map(|it| it.object.name.as_str()).collect();
    assert_eq!(tables, ["kept", "stones", "walls"]);
    assert!(found.iter().all(|it| it.migration.is_some()), "{found:?}");
}
