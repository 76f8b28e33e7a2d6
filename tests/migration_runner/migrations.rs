use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};
use sea_orm_migration_runner::{Runner, State, Status};
use support::TestDatabase;
use tokio::sync::Semaphore;

/// A migration of plain statements.
#[derive(Clone)]
pub(super) struct Plain {
    name: &'static str,
    up: &'static [&'static str],
    down: &'static [&'static str],
    in_transaction: bool,
    gate: Option<Arc<Gate>>,
}

impl Plain {
    pub(super) fn new(
        name: &'static str,
        up: &'static [&'static str],
        down: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            up,
            down,
            in_transaction: true,
            gate: None,
        }
    }

    pub(super) fn without_transaction(self) -> Self {
        Self {
            in_transaction: false,
            ..self
        }
    }

    pub(super) fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    pub(super) fn through(self, gate: &Arc<Gate>) -> Self {
        Self {
            gate: Some(Arc::clone(gate)),
            ..self
        }
    }

    async fn run(&self, sql: &[&str], manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        for statement in sql {
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
            if let Some(gate) = &self.gate {
                gate.pass().await;
            }
        }
        Ok(())
    }
}

impl MigrationName for Plain {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait]
impl MigrationTrait for Plain {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.run(self.up, manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.run(self.down, manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        (!self.in_transaction).then_some(false)
    }
}

/// Stops a migration after one of its statements, until it is opened.
pub(super) struct Gate {
    after: usize,
    passed: AtomicUsize,
    reached: Semaphore,
    opened: Semaphore,
}

impl Gate {
    /// After as many statements, counted from 1.
    pub(super) fn after(statements: usize) -> Arc<Self> {
        Arc::new(Self {
            after: statements,
            passed: AtomicUsize::new(0),
            reached: Semaphore::new(0),
            opened: Semaphore::new(0),
        })
    }

    /// Waits until a migration stands before it.
    pub(super) async fn reached(&self) {
        let reached = self.reached.acquire().await;
        reached.expect("nobody closes it").forget();
    }

    pub(super) fn open(&self) {
        self.opened.add_permits(1);
    }

    async fn pass(&self) {
        if self.passed.fetch_add(1, Ordering::SeqCst) + 1 == self.after {
            self.reached.add_permits(1);
            let opened = self.opened.acquire().await;
            opened.expect("nobody closes it").forget();
        }
    }
}

/// One without a table, that is there.
pub(super) async fn empty() -> TestDatabase {
    let database = TestDatabase::empty().await;
    database.pools().await.close().await;
    database
}

pub(super) fn runner(migrations: &[Plain]) -> Runner {
    let boxed = |it: &Plain| Box::new(it.clone()) as Box<dyn MigrationTrait>;
    Runner::new(migrations.iter().map(boxed).collect())
}

pub(super) fn states(status: &Status) -> Vec<State> {
    status.entries.iter().map(|it| it.state).collect()
}

/// The status as an own connection sees it.
pub(super) async fn status(runner: &Runner, database: &TestDatabase) -> Status {
    let connection = database.connection().await;
    let status = runner.status(&connection).await;
    status.expect("the database can be read")
}

/// A table, a row that must be there once, and another table.
pub(super) fn three() -> [Plain; 3] {
    [
        Plain::new(
            "m1_stones",
            &["CREATE TABLE stones (name TEXT NOT NULL)"],
            &["DROP TABLE stones"],
        ),
        Plain::new(
            "m2_first_stone",
            &["INSERT INTO stones VALUES ('first')"],
            &["DELETE FROM stones"],
        ),
        Plain::new(
            "m3_walls",
            &["CREATE TABLE walls (name TEXT NOT NULL)"],
            &["DROP TABLE walls"],
        ),
    ]
}
