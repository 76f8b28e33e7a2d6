use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use sea_orm::{DatabaseConnection, DbErr};
use sea_orm_migration_runner::{Error as RunnerError, Runner, Target};

use super::Trial;
use super::contents::{self, Contents};
use super::fill::Filler;
use super::lost::losses;
use super::words::unlike;
use crate::check::migrated;
use crate::error::Error;
use crate::ignore::Ignored;
use crate::scratch::text;
use crate::snapshot::Snapshot;

/// A scratch database on its way through the migrations.
pub(super) struct Course<'a> {
    runner: &'a Runner,
    ignored: &'a Ignored,
    database: &'a DatabaseConnection,
    filler: Filler<'a>,
}

pub(super) struct State {
    pub schema: Snapshot,
    pub contents: Contents,
}

#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

/// Why a migration did not go its way.
struct Failure {
    cause: String,
    /// It says so itself.
    is_refusal: bool,
    /// And stands in the history as begun.
    is_half_done: bool,
    panicked: bool,
}

impl<'a> Course<'a> {
    pub(super) fn new(
        runner: &'a Runner,
        ignored: &'a Ignored,
        database: &'a DatabaseConnection,
    ) -> Self {
        Self {
            runner,
            ignored,
            database,
            filler: Filler::new(database),
        }
    }

    /// The next migration, which is this one. Also whether those after it are out of reach.
    pub(super) async fn round(
        &mut self,
        name: &str,
        is_irreversible: bool,
    ) -> Result<(Trial, bool), Error> {
        let before = self.state().await?;
        let mut trial = Trial {
            migration: name.to_owned(),
            tables: before.contents.len(),
            rows: before.contents.values().map(|it| it.rows.len()).sum(),
            is_taken_back: false,
            failures: Vec::new(),
            warnings: Vec::new(),
        };
        if let Some(failure) = self.go(Way::Up).await? {
            trial.failures.push(first_up(&failure.cause, trial.rows));
            return Ok((trial, true));
        }
        let there = self.schema().await?;
        if let Some(failure) = self.go(Way::Down).await? {
            if failure.is_refusal && is_irreversible {
                trial
                    .warnings
                    .push("is not taken back, as allowed".to_owned());
            } else {
                trial.failures.push(down(name, &failure));
            }
            if failure.panicked || (failure.is_half_done && !failure.is_refusal) {
                return Ok((trial, true));
            }
            if failure.is_half_done {
                self.runner.stamp(self.database, name).await?;
            }
        } else {
            let back = self.state().await?;
            judge(&mut trial, (&before, &there, &back), is_irreversible);
            if let Some(Failure { cause, .. }) = self.go(Way::Up).await? {
                trial.failures.push(format!(
                    "up fails after down, where it did not before: {cause}. Next: let down take back all that up does."
                ));
                return Ok((trial, true));
            }
            let again = self.schema().await?;
            for difference in unlike(&there.normal, &again.normal) {
                trial.failures.push(format!(
                    "up after down makes another schema than at first: {difference}. Next: let down take back all that up \
                     does."
                ));
            }
            trial.is_taken_back = true;
        }
        let after = self.schema().await?;
        let notes = self.filler.fill(&before.schema.raw, &after.raw).await?;
        trial.warnings.extend(notes);
        Ok((trial, false))
    }

    async fn schema(&self) -> Result<Snapshot, Error> {
        let schema = migrated(self.runner, self.database).await?;
        Ok(schema.without(self.ignored))
    }

    async fn state(&self) -> Result<State, Error> {
        let schema = self.schema().await?;
        let contents = contents::read(self.database, &schema.raw.tables).await;
        let contents = contents.map_err(Error::Catalog)?;
        Ok(State { schema, contents })
    }

    async fn go(&self, way: Way) -> Result<Option<Failure>, Error> {
        let one = Target::Steps(1);
        let going = async {
            match way {
                Way::Up => self.runner.up(self.database, &one).await,
                Way::Down => self.runner.down(self.database, &one).await,
            }
        };
        let (cause, is_half_done) = match AssertUnwindSafe(going).catch_unwind().await {
            Ok(Ok(_)) => return Ok(None),
            Ok(Err(RunnerError::Failed { cause, .. })) => (cause, false),
            Ok(Err(RunnerError::HalfDone { cause, .. })) => (cause, true),
            Ok(Err(error)) => return Err(error.into()),
            Err(panic) => {
                return Ok(Some(Failure {
                    cause: text(panic.as_ref()),
                    is_refusal: false,
                    is_half_done: false,
                    panicked: true,
                }));
            }
        };
        Ok(Some(Failure {
            is_refusal: matches!(cause, DbErr::Migration(_)),
            cause: cause.to_string(),
            is_half_done,
            panicked: false,
        }))
    }
}

fn judge(
    trial: &mut Trial,
    (before, there, back): (&State, &Snapshot, &State),
    is_irreversible: bool,
) {
    for difference in unlike(&before.schema.normal, &back.schema.normal) {
        trial.failures.push(format!(
            "after down, the schema is not what it was before up: {difference}. Next: let down take back what up does."
        ));
    }
    let losses = losses(before, &there.normal, back);
    trial.warnings.extend(losses.warnings);
    if is_irreversible {
        trial.warnings.extend(losses.failures);
        return;
    }
    let name = &trial.migration;
    let failures = losses.failures.into_iter().map(|it| {
        format!(
            "{it}. Next: let up keep them and down bring them back; where that cannot be, --allow-irreversible {name}."
        )
    });
    trial.failures.extend(failures);
}

fn first_up(cause: &str, rows: usize) -> String {
    if rows == 0 {
        return format!("up fails on empty tables: {cause}. Next: mend it.");
    }
    format!(
        "up fails with rows in the tables: {cause}. Next: let it first bring rows that are there into the form that it \
         asks for."
    )
}

fn down(name: &str, failure: &Failure) -> String {
    let cause = &failure.cause;
    if failure.is_refusal {
        format!(
            "it cannot be taken back: {cause}. Next: write its `down`; where there can be none, --allow-irreversible {name}."
        )
    } else {
        format!("down fails: {cause}. Next: mend it.")
    }
}
