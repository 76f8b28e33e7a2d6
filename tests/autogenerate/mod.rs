//! `sea-orm-autogenerate`: what is found, and what is no difference.

mod by_hand;
mod columns;
mod commands;
mod entities;
mod generate;
mod limits;
mod live;
mod pairs;
mod plans;
mod scripts;
mod servers;
mod spellings;
mod tables;
mod types;
mod verify;
mod ways;

use std::cell::RefCell;

use sea_orm_autogenerate::{Difference, Entities, Server, Severity, check};
use sea_orm_migration::prelude::*;
use support::{Engine, postgres};

/// The one that this run of the tests is about.
pub(crate) fn server() -> Server {
    match Engine::of_this_run() {
        Engine::Sqlite => Server::Sqlite,
        Engine::Postgres => Server::Postgres(postgres::server().url("postgres")),
    }
}

/// What stands for this engine.
fn here<T>(sqlite: T, postgres: T) -> T {
    match Engine::of_this_run() {
        Engine::Sqlite => sqlite,
        Engine::Postgres => postgres,
    }
}

thread_local! {
    /// A test is alone on its thread, and a migrator is a type: it has no other way to what a test wants migrated.
    static STATEMENTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// One migration for each statement that the test has left.
struct Statements;

impl MigratorTrait for Statements {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let statements = STATEMENTS.with_borrow(Clone::clone);
        let numbered = (1..).zip(statements);
        let migration = |(number, sql)| Box::new(Migration { number, sql }) as Box<_>;
        numbered.map(migration).collect()
    }
}

struct Migration {
    number: usize,
    sql: String,
}

impl MigrationName for Migration {
    fn name(&self) -> &str {
        const NAMES: [&str; 4] = ["m1", "m2", "m3", "m4"];
        NAMES[self.number - 1]
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, &self.sql).await
    }
}

async fn execute(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    sea_orm::ConnectionTrait::execute_unprepared(connection, sql)
        .await
        .map(|_| ())
}

/// The entities' side and the migrations' side, each in statements.
async fn differences(entities: &[&str], migrations: &[&str]) -> Vec<Difference> {
    found(&Entities::new(), entities, migrations).await
}

/// Entities, and the statements that are run on top of them and as migrations.
async fn found(entities: &Entities, extras: &[&str], migrations: &[&str]) -> Vec<Difference> {
    STATEMENTS.set(migrations.iter().map(|it| (*it).to_owned()).collect());
    let extras = async |manager: &SchemaManager<'_>| {
        for sql in extras {
            execute(manager, sql).await?;
        }
        Ok(())
    };
    let found = check::<Statements>(&server(), entities, extras).await;
    found.unwrap_or_else(|error| panic!("{error}"))
}

/// Who is ahead of whom in what, and what following the entities would cost.
fn brief(differences: &[Difference]) -> Vec<String> {
    let brief = |it: &Difference| {
        let cost = match it.severity {
            Severity::Safe => "safe",
            Severity::MayFail => "may fail",
            Severity::Destructive => "destructive",
        };
        format!("{}: {}, {cost}", it.side, it.object)
    };
    differences.iter().map(brief).collect()
}

/// Two schemas, and what is said when the first is that of the entities, and when the second is.
struct Case {
    one: String,
    other: String,
    there: String,
    back: String,
}

fn case(one: &str, other: &str, there: &str, back: &str) -> Case {
    Case {
        one: one.to_owned(),
        other: other.to_owned(),
        there: there.to_owned(),
        back: back.to_owned(),
    }
}

/// All at once, because databases take time: `#` is the number of the case.
async fn each(cases: &[Case]) {
    let all = |of: fn(&Case) -> &str| -> Vec<String> {
        let numbered = (1..).zip(cases);
        let numbered = numbered.map(|(number, it)| of(it).replace('#', &format!("{number}")));
        numbered.collect()
    };
    let (one, other) = (all(|it| &it.one).join(";"), all(|it| &it.other).join(";"));
    for (entities, migrations, expected) in [
        (&one, &other, all(|it| &it.there)),
        (&other, &one, all(|it| &it.back)),
    ] {
        let found = differences(&[entities], &[migrations]).await;

        let (mut brief, mut expected) = (brief(&found), expected);
        brief.sort_unstable();
        expected.sort_unstable();
        assert_eq!(brief, expected, "{found:#?}");
    }
}

async fn no_difference(entities: &[&str], migrations: &[&str]) {
    let found = differences(entities, migrations).await;

    assert!(found.is_empty(), "{found:#?}");
}
