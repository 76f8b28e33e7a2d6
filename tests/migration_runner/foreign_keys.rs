//! What SQLite's foreign keys hold while migrations run.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use sea_orm_migration_runner::{Error, State, Target};
use support::{Engine, TestDatabase};

use super::migrations::{Plain, empty, runner, states, status};

/// Without keys, so that rows may be there that no key would let in.
async fn bare(statements: &[&str]) -> Option<TestDatabase> {
    if Engine::of_this_run() != Engine::Sqlite {
        return None;
    }
    let database = empty().await;
    for statement in statements {
        unheld(&database, statement).await;
    }
    Some(database)
}

async fn unheld(database: &TestDatabase, statement: &str) {
    let statement = format!("PRAGMA foreign_keys = OFF; {statement}");
    database.execute(&statement).await;
}

const WALLS: [&str; 4] = [
    "CREATE TABLE walls (id INTEGER PRIMARY KEY)",
    "CREATE TABLE stones (id INTEGER PRIMARY KEY, wall INTEGER REFERENCES walls (id))",
    "INSERT INTO walls VALUES (1), (2)",
    "INSERT INTO stones VALUES (5, 1), (6, 2), (7, 2)",
];

async fn up(database: &TestDatabase, migration: &Plain) -> Result<Vec<String>, Error> {
    let connection = database.connection().await;
    let runner = runner(std::slice::from_ref(migration));
    runner.up(&connection, &Target::All).await
}

#[tokio::test]
async fn a_migration_that_would_leave_rows_without_what_they_refer_to_is_rolled_back() {
    for migration in [
        Plain::new(
            "m1",
            &[
                "DELETE FROM walls WHERE id = 2",
                "CREATE TABLE more (id INTEGER)",
            ],
            &[],
        ),
        Plain::new("m1", &["DELETE FROM walls WHERE id = 2"], &[]),
    ] {
        let Some(database) = bare(&WALLS).await else {
            return;
        };

        let failed = up(&database, &migration).await.unwrap_err();

        assert_eq!(failed.exit_code(), 1);
        let why = failed.to_string();
        assert!(why.starts_with("m1 failed and was rolled back: "), "{why}");
        let which =
            "2 row(s) of stones, one of them with the row id 7, would refer to nothing in walls";
        assert!(why.contains(which), "{why}");
        assert!(why.ends_with("delete or change these rows itself"), "{why}");
        assert_eq!(database.count("walls").await, 2);
        assert_eq!(database.count("sqlite_schema WHERE name = 'more'").await, 0);
        let after = status(&runner(&[migration]), &database).await;
        assert_eq!(states(&after), [State::Pending]);
    }
}

#[tokio::test]
async fn one_without_a_transaction_that_leaves_such_rows_is_dirty() {
    let Some(database) = bare(&WALLS).await else {
        return;
    };
    let migration = Plain::new("m1", &["DELETE FROM walls"], &[]).without_transaction();

    let failed = up(&database, &migration).await.unwrap_err();

    assert!(matches!(failed, Error::HalfDone { .. }), "{failed}");
    assert!(
        failed.to_string().contains("3 row(s) of stones"),
        "{failed}"
    );
    let after = status(&runner(&[migration]), &database).await;
    assert_eq!(states(&after), [State::Dirty]);
}

#[tokio::test]
async fn a_table_that_others_refer_to_is_not_dropped() {
    let Some(database) = bare(&WALLS).await else {
        return;
    };

    let failed = up(&database, &Plain::new("m1", &["DROP TABLE walls"], &[])).await;

    let failed = failed.unwrap_err().to_string();
    assert!(failed.contains("3 row(s) of stones"), "{failed}");
    assert_eq!(database.count("walls").await, 2);
}

#[tokio::test]
async fn rows_that_referred_to_nothing_before_are_not_the_migrations() {
    let Some(database) = bare(&WALLS).await else {
        return;
    };
    unheld(&database, "INSERT INTO stones VALUES (4, 9)").await;

    let fine = Plain::new("m1", &["CREATE TABLE more (id INTEGER)"], &[]);
    assert_eq!(up(&database, &fine).await.unwrap(), ["m1"]);

    let bad = Plain::new(
        "m2",
        &["DELETE FROM walls WHERE id = 1", "DROP TABLE more"],
        &[],
    );
    let connection = database.connection().await;
    let failed = runner(&[fine, bad]).up(&connection, &Target::All).await;
    let failed = failed.unwrap_err().to_string();
    assert!(failed.contains("2 row(s) of stones"), "{failed}");
    assert!(failed.contains("in walls (1 before it)"), "{failed}");
}

#[tokio::test]
async fn a_key_that_sqlite_cannot_follow_stops_no_migration_but_that_which_makes_it() {
    const MAKES: [&str; 4] = [
        "CREATE TABLE walls (name TEXT)",
        "CREATE TABLE stones (wall TEXT REFERENCES walls (name))",
        "INSERT INTO walls VALUES ('north')",
        "INSERT INTO stones VALUES ('north')",
    ];
    let Some(database) = bare(&[]).await else {
        return;
    };
    let failed = up(&database, &Plain::new("m1", &MAKES, &[])).await;

    let failed = failed.unwrap_err().to_string();
    assert!(failed.contains("foreign key mismatch"), "{failed}");
    for statement in MAKES {
        unheld(&database, statement).await;
    }
    let other = Plain::new("m1", &["CREATE TABLE more (id INTEGER)"], &[]);
    let cure = Plain::new("m2", &["CREATE UNIQUE INDEX cure ON walls (name)"], &[]);
    let connection = database.connection().await;
    let applied = runner(&[other, cure]).up(&connection, &Target::All).await;
    assert_eq!(applied.unwrap(), ["m1", "m2"]);
}

#[tokio::test]
async fn one_that_changes_rows_alone_may_leave_the_others_to_the_keys() {
    for action in ["ON DELETE CASCADE", "ON DELETE SET NULL"] {
        let stones = format!(
            "CREATE TABLE stones (id INTEGER PRIMARY KEY, wall INTEGER REFERENCES walls (id) {action})"
        );
        let [walls, _, rows, more] = WALLS;
        let Some(database) = bare(&[walls, &stones, rows, more]).await else {
            return;
        };
        let migration = Plain::new("m1", &["DELETE FROM walls WHERE id = 2"], &[]);

        assert_eq!(up(&database, &migration).await.unwrap(), ["m1"]);

        assert_eq!(database.count("walls").await, 1);
        assert_eq!(database.count("stones WHERE wall = 2").await, 0);
        assert_eq!(database.count("stones WHERE wall = 1").await, 1);
    }
}

async fn number(connection: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await;
    let row = row.expect("it is SQL").expect("it has a row");
    row.try_get_by_index(0).expect("it is a number")
}

async fn are_on(connection: &DatabaseConnection) -> bool {
    number(connection, "PRAGMA foreign_keys").await == 1
}

#[tokio::test]
async fn a_database_in_memory_holds_its_keys_again_afterwards() {
    let connection = Database::connect("sqlite::memory:").await.unwrap();
    let first = Plain::new("m1", &WALLS, &["DROP TABLE stones", "DROP TABLE walls"]);
    let unheld = Plain::new(
        "m2",
        &["CREATE TABLE found AS SELECT foreign_keys FROM pragma_foreign_keys"],
        &["DROP TABLE found"],
    );
    let bare = Plain::new(
        "m3",
        &["INSERT INTO found SELECT foreign_keys FROM pragma_foreign_keys"],
        &[],
    );
    let bare = bare.without_transaction();
    let fails = Plain::new("m4", &["DELETE FROM walls", "CREATE TABLE t (a)"], &[]);
    let good = [first, unheld, bare];

    runner(&good).up(&connection, &Target::All).await.unwrap();
    assert!(are_on(&connection).await);
    let found = number(&connection, "SELECT count(*) FROM found").await;
    assert_eq!(found, 2);
    let on = number(&connection, "SELECT sum(foreign_keys) FROM found").await;
    assert_eq!(on, 0);

    for fails in [fails.clone(), fails.without_transaction()] {
        let all: Vec<_> = good.iter().cloned().chain([fails]).collect();
        let failed = runner(&all).up(&connection, &Target::All).await;
        failed.unwrap_err();
        assert!(are_on(&connection).await);
    }
}

#[tokio::test]
async fn keys_that_nobody_holds_are_not_looked_at() {
    let connection = Database::connect("sqlite::memory:").await.unwrap();
    let off = "PRAGMA foreign_keys = OFF";
    connection.execute_unprepared(off).await.unwrap();
    let first = Plain::new("m1", &WALLS, &[]);
    let orphans = Plain::new("m2", &["DROP TABLE walls"], &[]);

    let runner = runner(&[first, orphans]);

    assert_eq!(runner.up(&connection, &Target::All).await.unwrap().len(), 2);
    assert!(!are_on(&connection).await);
}
