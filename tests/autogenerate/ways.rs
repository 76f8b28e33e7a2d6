//! What was planned, as a migration: up, and back.

use std::cell::RefCell;

use sea_orm::DatabaseConnection;
use sea_orm_autogenerate::{Difference, Entities, Error, Options, Plan, check, plan};
use sea_orm_migration::prelude::*;
use support::{Engine, TestDatabase};

use super::{execute, server};

thread_local! {
    /// What the migrators below migrate: a test is alone on its thread.
    static A: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static PLAN: RefCell<Option<Plan>> = const { RefCell::new(None) };
}

/// A first migration, then what was planned.
pub(super) struct There;

/// A first migration, what was planned, and that taken back.
struct ThereAndBack;

struct First;
struct Planned;
struct TakenBack;

impl MigratorTrait for There {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut migrations: Vec<Box<dyn MigrationTrait>> = vec![Box::new(First)];
        if PLAN.with_borrow(Option::is_some) {
            migrations.push(Box::new(Planned));
        }
        migrations
    }
}

impl MigratorTrait for ThereAndBack {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(First), Box::new(Planned), Box::new(TakenBack)]
    }
}

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m1"
    }
}

impl MigrationName for Planned {
    fn name(&self) -> &'static str {
        "m2"
    }
}

impl MigrationName for TakenBack {
    fn name(&self) -> &'static str {
        "m3"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &A.with_borrow(Clone::clone)).await
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Planned {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        the_plan().up(manager.get_connection()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        the_plan().down(manager.get_connection()).await
    }
}

#[async_trait::async_trait]
impl MigrationTrait for TakenBack {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        Planned.down(manager).await
    }
}

fn the_plan() -> Plan {
    PLAN.with_borrow(Clone::clone).expect("it was planned")
}

pub(super) async fn run(manager: &SchemaManager<'_>, statements: &[String]) -> Result<(), DbErr> {
    execute(manager, &statements.join(";\n")).await
}

/// With the first migration alone.
pub(super) fn begin_with(statements: Vec<String>) {
    A.set(statements);
    PLAN.set(None);
}

/// From the schema of migrations to that of entities.
///
/// # Errors
/// As the library has them.
pub(super) async fn planned(
    from: &[String],
    to: &[String],
    options: &Options,
) -> Result<Plan, Error> {
    begin_with(from.to_vec());
    let entities = async |manager: &SchemaManager<'_>| run(manager, to).await;
    let planned = plan::<There>(&server(), &Entities::new(), entities, options).await?;
    PLAN.set(Some(planned.clone()));
    Ok(planned)
}

/// Whether what was planned last leads from the one to the other, and back.
///
/// # Errors
/// What is different then.
pub(super) async fn leads_there_and_back(from: &[String], to: &[String]) -> Result<(), String> {
    let entities = async |manager: &SchemaManager<'_>| run(manager, to).await;
    let there = check::<There>(&server(), &Entities::new(), entities).await;
    agree(there).map_err(|it| format!("there: {it}"))?;
    let entities = async |manager: &SchemaManager<'_>| run(manager, from).await;
    let back = check::<ThereAndBack>(&server(), &Entities::new(), entities).await;
    agree(back).map_err(|it| format!("back: {it}"))
}

fn agree(found: Result<Vec<Difference>, Error>) -> Result<(), String> {
    let found = found.map_err(|it| it.to_string())?;
    if found.is_empty() {
        Ok(())
    } else {
        Err(format!("{found:#?}"))
    }
}

/// As the product opens one: with foreign keys on.
pub(super) async fn connect(database: &TestDatabase) -> DatabaseConnection {
    let mut url = secrecy::ExposeSecret::expose_secret(database.url()).to_owned();
    if Engine::of_this_run() == Engine::Sqlite {
        url.push_str("?mode=rwc");
    }
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    // What is read twice may have other types by then.
    options.map_sqlx_postgres_opts(|it| it.statement_cache_capacity(0));
    let connection = sea_orm::Database::connect(options).await;
    connection.expect("the database is there")
}
