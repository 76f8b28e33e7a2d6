//! Tables of SQLite that are made anew. Others alter what is there.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm_migration::prelude::*;
use sea_orm_migration_runner::{Error, Runner, Target, rebuild};
use support::{Engine, TestDatabase};

use super::migrations::{Plain, empty, runner};

/// A parent with two kinds of children, each with rows.
const FAMILY: [&str; 6] = [
    "CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE)",
    "CREATE TABLE friends (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents ON DELETE SET NULL)",
    "INSERT INTO parents VALUES (1, 'Ada'), (2, NULL)",
    "INSERT INTO children VALUES (1, 1), (2, 2), (3, 2)",
    "INSERT INTO friends VALUES (1, 1), (2, 2)",
];

/// Makes a table anew, up and down.
#[derive(Clone)]
struct Rebuild {
    definition: TableCreateStatement,
    copied: &'static [(&'static str, &'static str)],
}

impl MigrationName for Rebuild {
    fn name(&self) -> &'static str {
        "rebuild"
    }
}

#[async_trait]
impl MigrationTrait for Rebuild {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rebuild(manager, self.definition.clone(), &[], self.copied).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.up(manager).await
    }
}

fn parents() -> Rebuild {
    let definition = Table::create()
        .table("parents")
        .col(ColumnDef::new("id").integer().primary_key())
        .col(ColumnDef::new("name").text().not_null())
        .to_owned();
    let copied = &[("id", "id"), ("name", "coalesce(name, '?')")];
    Rebuild { definition, copied }
}

/// `None` on another engine.
async fn with(statements: &[&str]) -> Option<TestDatabase> {
    if Engine::of_this_run() != Engine::Sqlite {
        return None;
    }
    let database = empty().await;
    for statement in statements {
        database.execute(statement).await;
    }
    Some(database)
}

async fn run(database: &TestDatabase, migration: Rebuild) -> Result<Vec<String>, Error> {
    let connection = database.connection().await;
    let runner = Runner::new(vec![Box::new(migration)]);
    runner.up(&connection, &Target::All).await
}

/// The one value that a query gives, as text.
async fn value(database: &TestDatabase, sql: &str) -> String {
    let rows = database.query(sql).await;
    rows[0].try_get_by_index(0).expect("it is text")
}

const CHILDREN: &str = "SELECT group_concat(parent) FROM \
                        (SELECT parent FROM children UNION ALL SELECT parent FROM friends)";

/// What SQLite says when a row refers to nothing.
async fn is_held(database: &TestDatabase, insert: &str) {
    let connection = database.connection().await;
    let refused = connection.execute_unprepared(insert).await;
    let refused = refused.expect_err("a key holds it");
    assert!(refused.to_string().contains("FOREIGN KEY"), "{refused}");
}

#[tokio::test]
async fn rows_that_refer_to_a_rebuilt_table_stay() {
    let Some(database) = with(&FAMILY).await else {
        return;
    };
    let connection = database.connection().await;
    let runner = Runner::new(vec![Box::new(parents())]);

    runner.up(&connection, &Target::All).await.unwrap();
    runner.down(&connection, &Target::All).await.unwrap();

    assert_eq!(value(&database, CHILDREN).await, "1,2,2,1,2");
    let names = "SELECT group_concat(name) FROM parents";
    assert_eq!(value(&database, names).await, "Ada,?");
    is_held(&database, "INSERT INTO children VALUES (4, 9)").await;
    is_held(&database, "INSERT INTO friends VALUES (4, 9)").await;
}

#[tokio::test]
async fn rows_that_refer_to_a_table_that_is_rebuilt_by_hand_stay() {
    let Some(database) = with(&FAMILY).await else {
        return;
    };
    let by_hand = Plain::new(
        "m1",
        &[
            "CREATE TABLE new (id INTEGER PRIMARY KEY, name TEXT, age INTEGER)",
            "INSERT INTO new (id, name) SELECT id, name FROM parents",
            "DROP TABLE parents",
            "ALTER TABLE new RENAME TO parents",
        ],
        &[],
    );

    for migration in [by_hand.clone(), by_hand.named("m2").without_transaction()] {
        let connection = database.connection().await;
        let runner = runner(&[migration]);
        runner.up(&connection, &Target::All).await.unwrap();
        runner.stamp(&connection, Target::BASE).await.unwrap();

        assert_eq!(value(&database, CHILDREN).await, "1,2,2,1,2");
    }
}

struct ByItself;

impl MigratorTrait for ByItself {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(parents())]
    }
}

#[tokio::test]
async fn seaorm_by_itself_rebuilds_nothing_and_loses_nothing() {
    let Some(database) = with(&FAMILY).await else {
        return;
    };
    let connection = database.connection().await;
    let tables = "SELECT group_concat(sql) FROM sqlite_schema WHERE name NOT LIKE 'seaql%'";
    let before = value(&database, tables).await;

    let refused = ByItself::up(&connection, None).await.unwrap_err();

    assert!(
        refused.to_string().contains("sea-orm-migration-runner"),
        "{refused}"
    );
    assert_eq!(value(&database, tables).await, before);
    assert_eq!(value(&database, CHILDREN).await, "1,2,2,1,2");
    assert_eq!(database.count("parents").await, 2);
}

#[tokio::test]
async fn other_engines_are_told_that_they_need_none() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let refused = run(&empty().await, parents()).await.unwrap_err();

    assert!(refused.to_string().contains("only on SQLite"), "{refused}");
}

#[tokio::test]
async fn keys_to_itself_and_in_a_circle_point_to_where_they_did() {
    let statements = [
        "CREATE TABLE lands (id INTEGER PRIMARY KEY, capital INTEGER REFERENCES towns (id) ON DELETE CASCADE)",
        "CREATE TABLE towns (id INTEGER PRIMARY KEY, land INTEGER REFERENCES lands (id) ON DELETE CASCADE,
            twin INTEGER REFERENCES towns (id) ON DELETE CASCADE)",
        "INSERT INTO lands VALUES (1, NULL)",
        "INSERT INTO towns VALUES (1, 1, NULL), (2, 1, 1)",
        "UPDATE lands SET capital = 2",
        "UPDATE towns SET twin = 2 WHERE id = 1",
    ];
    let Some(database) = with(&statements).await else {
        return;
    };
    let key = |column: &str, target: &str| {
        ForeignKey::create()
            .from("towns", column.to_owned())
            .to(target.to_owned(), "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned()
    };
    let definition = Table::create()
        .table("towns")
        .col(ColumnDef::new("id").integer().primary_key())
        .col(ColumnDef::new("land").integer().not_null())
        .col(ColumnDef::new("twin").integer())
        .foreign_key(&mut key("land", "lands"))
        .foreign_key(&mut key("twin", "towns"))
        .to_owned();
    let copied = &[("id", "id"), ("land", "land"), ("twin", "twin")];

    run(&database, Rebuild { definition, copied })
        .await
        .unwrap();

    assert_eq!(database.count("towns").await, 2);
    assert_eq!(database.count("lands").await, 1);
    is_held(&database, "UPDATE towns SET twin = 9").await;
    is_held(&database, "UPDATE towns SET land = 9").await;
    is_held(&database, "UPDATE lands SET capital = 9").await;
    let targets = "SELECT group_concat(\"table\") FROM \
                   (SELECT \"table\" FROM pragma_foreign_key_list('towns') ORDER BY 1)";
    assert_eq!(value(&database, targets).await, "lands,towns");
}

#[tokio::test]
async fn numbers_that_were_given_are_not_given_again() {
    for rows_stay in [true, false] {
        let statements = [
            "CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)",
            "INSERT INTO orders VALUES (3, 'c'), (7, 'g')",
            if rows_stay {
                "DELETE FROM orders WHERE id = 7"
            } else {
                "DELETE FROM orders"
            },
        ];
        let Some(database) = with(&statements).await else {
            return;
        };
        let definition = Table::create()
            .table("orders")
            .col(
                ColumnDef::new("id")
                    .integer()
                    .primary_key()
                    .auto_increment(),
            )
            .col(ColumnDef::new("name").text().default("none"))
            .to_owned();
        let copied = &[("id", "id"), ("name", "name")];

        run(&database, Rebuild { definition, copied })
            .await
            .unwrap();

        database.execute("INSERT INTO orders DEFAULT VALUES").await;
        let latest = database.query("SELECT max(id) FROM orders").await;
        assert_eq!(latest[0].try_get_by_index::<i64>(0).unwrap(), 8);
        let counters = "SELECT group_concat(name || seq) FROM sqlite_sequence";
        assert_eq!(value(&database, counters).await, "orders8");
    }
}

#[tokio::test]
async fn a_counter_that_is_wanted_no_more_is_gone() {
    let statements = [
        "CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT)",
        "INSERT INTO orders VALUES (7)",
    ];
    let Some(database) = with(&statements).await else {
        return;
    };
    let definition = Table::create()
        .table("orders")
        .col(ColumnDef::new("id").integer().primary_key())
        .to_owned();
    let copied = &[("id", "id")];

    run(&database, Rebuild { definition, copied })
        .await
        .unwrap();

    assert_eq!(database.count("sqlite_sequence").await, 0);
}

#[tokio::test]
async fn views_and_triggers_of_others_go_on_with_the_new_table() {
    let Some(database) = with(&FAMILY).await else {
        return;
    };
    for statement in [
        "CREATE VIEW names AS SELECT name FROM parents",
        "CREATE TRIGGER renamed AFTER INSERT ON children BEGIN \
             UPDATE parents SET name = 'new' WHERE id = new.parent; END",
    ] {
        database.execute(statement).await;
    }

    run(&database, parents()).await.unwrap();

    database.execute("INSERT INTO children VALUES (4, 2)").await;
    let names = "SELECT group_concat(name) FROM names";
    assert_eq!(value(&database, names).await, "Ada,new");
}

#[tokio::test]
async fn a_definition_says_all_that_sqlite_knows() {
    let statements = [
        "CREATE TABLE stones (name TEXT, weight TEXT)",
        "INSERT INTO stones VALUES ('Flint', '3')",
    ];
    let Some(database) = with(&statements).await else {
        return;
    };
    let definition = Table::create()
        .table("stones")
        .col(
            ColumnDef::new("name")
                .text()
                .not_null()
                .extra("COLLATE NOCASE"),
        )
        .col(
            ColumnDef::new("weight")
                .integer()
                .check(Expr::col("weight").gt(0)),
        )
        .col(
            ColumnDef::new("heavy")
                .integer()
                .extra("GENERATED ALWAYS AS (weight > 2) STORED"),
        )
        .primary_key(Index::create().col("name"))
        .index(Index::create().unique().name("stones_weight").col("weight"))
        .check(Expr::cust("name <> ''"))
        .extra("STRICT, WITHOUT ROWID")
        .to_owned();
    let copied = &[("name", "name"), ("weight", "CAST(weight AS INTEGER) + 1")];

    run(&database, Rebuild { definition, copied })
        .await
        .unwrap();

    let row = "SELECT name || weight || heavy FROM stones WHERE name = 'FLINT'";
    assert_eq!(value(&database, row).await, "Flint41");
    let connection = database.connection().await;
    for (insert, why) in [
        ("('flint', 5)", "UNIQUE"),
        ("('chalk', 4)", "UNIQUE"),
        ("('chalk', 0)", "CHECK"),
        ("('', 9)", "CHECK"),
        ("(NULL, 9)", "NOT NULL"),
        ("('chalk', 'heavy')", "cannot store TEXT"),
    ] {
        let insert = format!("INSERT INTO stones (name, weight) VALUES {insert}");
        let refused = connection.execute_unprepared(&insert).await.unwrap_err();
        assert!(refused.to_string().contains(why), "{insert}: {refused}");
    }
    let text = "SELECT sql FROM sqlite_schema WHERE name = 'stones'";
    let text = value(&database, text).await;
    assert!(text.ends_with("STRICT, WITHOUT ROWID"), "{text}");
}

#[tokio::test]
async fn rows_that_do_not_fit_leave_the_table_as_it_was() {
    let Some(database) = with(&FAMILY).await else {
        return;
    };
    let misfit = Rebuild {
        copied: &[("id", "id"), ("name", "name")],
        ..parents()
    };

    let failed = run(&database, misfit).await.unwrap_err();

    assert!(failed.to_string().contains("NOT NULL"), "{failed}");
    assert_eq!(value(&database, CHILDREN).await, "1,2,2,1,2");
    assert_eq!(database.count("parents").await, 2);
    assert_eq!(run(&database, parents()).await.unwrap(), ["rebuild"]);
}
