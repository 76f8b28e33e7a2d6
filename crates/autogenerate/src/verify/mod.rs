//! Each migration up, down and up again, on a scratch database with rows in its tables.

mod columns;
mod contents;
mod copy;
mod dump;
mod fill;
mod lost;
mod round;
mod slots;
mod values;
mod words;

use sea_orm_migration_runner::{Runner, State};

use crate::error::Error;
use crate::ignore::Ignored;
use crate::scratch::{Server, on_scratch};
pub use dump::Dump;
use round::Course;

/// What migrations are verified with.
#[derive(Debug, Default)]
pub struct Verification {
    /// The rows of a real database, which may lack some migrations: those are verified. Else all migrations are, with rows
    /// that are made up.
    pub dump: Option<Dump>,
    /// Names of migrations that cannot be taken back, or not without losing rows, as somebody has decided.
    pub irreversible: Vec<String>,
}

/// How the migrations did on one engine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// In their order; empty where a dump has all migrations.
    pub trials: Vec<Trial>,
    /// Those that were not reached, because one before them cannot be applied.
    pub untried: Vec<String>,
}

/// One migration: up, down, up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    pub migration: String,
    /// How many tables there were before it, and how many rows in them.
    pub tables: usize,
    pub rows: usize,
    /// It went down and up again; else it is known not to, or has failed before.
    pub is_taken_back: bool,
    /// Each as a sentence, with the next step.
    pub failures: Vec<String>,
    /// What somebody should know and nobody has to mend: values that a dropped column had, a table without rows.
    pub warnings: Vec<String>,
}

impl Verified {
    /// Whether there is no failure.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.trials.iter().all(|it| it.failures.is_empty())
    }
}

pub(crate) async fn verify(
    runner: &Runner,
    ignored: &Ignored,
    server: &Server,
    verification: &Verification,
) -> Result<Verified, Error> {
    on_scratch(server, async |database| {
        if let Some(dump) = &verification.dump {
            dump.load(database, runner).await?;
        }
        let status = runner.status(database).await?;
        status.check()?;
        let irreversible = &verification.irreversible;
        let is_known = |name: &&String| status.entries.iter().any(|it| it.name == **name);
        if let Some(unknown) = irreversible.iter().find(|it| !is_known(it)) {
            return Err(sea_orm_migration_runner::Error::NoSuch(unknown.clone()).into());
        }
        let pending = status.entries.iter();
        let pending = pending.filter(|it| it.state == State::Pending);
        let mut course = Course::new(runner, ignored, database);
        let mut verified = Verified::default();
        let mut is_stuck = false;
        for name in pending.map(|it| &it.name) {
            if is_stuck {
                verified.untried.push(name.clone());
                continue;
            }
            let (trial, stuck) = course.round(name, irreversible.contains(name)).await?;
            verified.trials.push(trial);
            is_stuck = stuck;
        }
        Ok(verified)
    })
    .await
}
