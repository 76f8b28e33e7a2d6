//! Migrations that do not keep what they promise are told, and those that do are not.

mod back;
mod dumps;
mod rows;

use std::cell::{Cell, RefCell};

use sea_orm_autogenerate::{Entities, Error, Project, Trial, Verification, Verified};
use sea_orm_migration::prelude::*;

use super::{execute, here, server};

/// What a migration does there and back.
type Way = (String, Back);

#[derive(Clone)]
enum Back {
    By(String),
    /// What SeaORM has for a migration without `down`.
    Never,
    Panic,
}

thread_local! {
    static WAYS: RefCell<Vec<Way>> = const { RefCell::new(Vec::new()) };
    /// How often a migration went up, which stands for `#`.
    static UPS: Cell<usize> = const { Cell::new(0) };
}

/// Those that the test has left.
struct Steps;

impl MigratorTrait for Steps {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let numbered = (0..).zip(WAYS.with_borrow(Clone::clone));
        let step = |(number, way)| Box::new(Step { number, way }) as Box<_>;
        numbered.map(step).collect()
    }
}

struct Step {
    number: usize,
    way: Way,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        ["m1", "m2", "m3", "m4"][self.number]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        UPS.set(UPS.get() + 1);
        let sql = self.way.0.replace('#', &UPS.get().to_string());
        execute(manager, &sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match &self.way.1 {
            Back::By(sql) => execute(manager, sql).await,
            Back::Never => Err(DbErr::Migration("We Don't Do That Here".to_owned())),
            Back::Panic => panic!("the way back"),
        }
    }
}

fn by(up: &str, down: &str) -> Way {
    (up.to_owned(), Back::By(down.to_owned()))
}

fn shops() -> Way {
    by(
        "CREATE TABLE shops (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, note TEXT)",
        "DROP TABLE shops",
    )
}

fn project(ways: &[Way]) -> Project<Steps> {
    WAYS.set(ways.to_vec());
    Project::of(Entities::new(), "")
}

async fn outcome(ways: &[Way], verification: &Verification) -> Result<Verified, Error> {
    project(ways).verify(&server(), verification).await
}

async fn verified(ways: &[Way]) -> Verified {
    let outcome = outcome(ways, &Verification::default()).await;
    outcome.unwrap_or_else(|error| panic!("{error}"))
}

/// The second migration, all others holding.
async fn second(way: Way) -> Trial {
    let verified = verified(&[shops(), way]).await;
    let [first, second] = &verified.trials[..] else {
        panic!("{verified:?}");
    };
    assert!(
        first.failures.is_empty() && first.warnings.is_empty(),
        "{first:#?}"
    );
    second.clone()
}

fn tells(texts: &[String], parts: &[&str]) {
    let [text] = texts else {
        panic!("{texts:#?}");
    };
    for part in parts {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn migrations_that_hold_are_told_with_the_rows_that_they_met() {
    let add = by(
        "ALTER TABLE shops ADD COLUMN stars INTEGER NOT NULL DEFAULT 3",
        "ALTER TABLE shops DROP COLUMN stars",
    );
    let cakes = by(
        "CREATE TABLE cakes (id INTEGER NOT NULL PRIMARY KEY, shop INTEGER NOT NULL REFERENCES shops (id))",
        "DROP TABLE cakes",
    );

    let verified = verified(&[shops(), cakes, add, by("SELECT 1", "SELECT 1")]).await;

    assert!(verified.holds(), "{verified:#?}");
    let told: Vec<_> = verified
        .trials
        .iter()
        .map(|it| (it.migration.as_str(), it.tables, it.rows, it.is_taken_back))
        .collect();
    assert_eq!(
        told,
        [
            ("m1", 0, 0, true),
            ("m2", 1, 3, true),
            ("m3", 2, 6, true),
            // One row more, because of the new column.
            ("m4", 2, 7, true)
        ]
    );
    assert!(
        verified.trials.iter().all(|it| it.warnings.is_empty()),
        "{verified:#?}"
    );
}

#[tokio::test]
async fn an_up_that_fails_on_rows_ends_it() {
    let verified = verified(&[
        shops(),
        by(
            "ALTER TABLE shops ADD COLUMN stars INTEGER NOT NULL",
            "SELECT 1",
        ),
        by("SELECT 1", "SELECT 1"),
    ])
    .await;

    tells(
        &verified.trials[1].failures,
        &[
            "up fails with rows in the tables",
            here("NOT NULL", "null values"),
        ],
    );
    assert_eq!(verified.untried, ["m3"]);
    assert!(!verified.holds());
}

#[tokio::test]
async fn an_up_that_fails_the_second_time_is_told() {
    let trial = second(by("CREATE TABLE cakes (id INTEGER)", "SELECT 1")).await;

    assert_eq!(trial.failures.len(), 2, "{trial:#?}");
    assert!(trial.failures[0].contains("table cakes"), "{trial:#?}");
    assert!(
        trial.failures[1].contains("up fails after down"),
        "{trial:#?}"
    );
}

#[tokio::test]
async fn an_up_that_makes_something_else_the_second_time_is_told() {
    let trial = second(by(
        "CREATE TABLE cakes (id INTEGER, a# INTEGER)",
        "DROP TABLE cakes",
    ))
    .await;

    // After the two of the first migration.
    tells(
        &trial.failures[..1],
        &["up after down", "cakes.a3", "is gone"],
    );
    tells(
        &trial.failures[1..],
        &["up after down", "cakes.a4", "is left over"],
    );
}

#[tokio::test]
async fn a_migration_without_a_way_back_fails_unless_somebody_has_decided_so() {
    let ways = [
        shops(),
        ("SELECT 1".to_owned(), Back::Never),
        by("SELECT 1", "SELECT 1"),
    ];

    let refused = verified(&ways).await;
    let verification = Verification {
        irreversible: vec!["m2".to_owned()],
        ..Verification::default()
    };
    let allowed = outcome(&ways, &verification).await.unwrap();

    tells(
        &refused.trials[1].failures,
        &["cannot be taken back", "--allow-irreversible m2"],
    );
    assert!(allowed.holds(), "{allowed:#?}");
    assert!(!allowed.trials[1].is_taken_back);
    // The others are not let off.
    assert!(allowed.trials[2].is_taken_back);
}

#[tokio::test]
async fn a_way_back_that_nobody_has_written_is_told() {
    let trial = second(("SELECT 1".to_owned(), Back::Panic)).await;

    tells(&trial.failures, &["down fails", "the way back"]);
}

#[tokio::test]
async fn a_name_that_no_migration_has_is_no_answer() {
    let verification = Verification {
        irreversible: vec!["m7".to_owned()],
        ..Verification::default()
    };

    let error = outcome(&[shops()], &verification).await.unwrap_err();

    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().contains("m7"), "{error}");
}

#[tokio::test]
async fn what_is_ignored_is_none_of_its_business() {
    let ways = [
        by("CREATE TABLE theirs (id INTEGER)", "SELECT 1"),
        by("SELECT 1", "SELECT 1"),
    ];
    let project = project(&ways).ignore("theirs");

    let verified = project.verify(&server(), &Verification::default()).await;

    // Only what the engine itself says of it is left.
    let verified = verified.unwrap();
    tells(&verified.trials[0].failures, &["up fails after down"]);
}
