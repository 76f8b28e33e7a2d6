use anyhow::Context;
use infrastructure::{ConnectError, DatabasePolicy, Pools};
use sea_orm_migration_runner::{Runner, State, Status, Target};
use thiserror::Error;

use super::arguments::Migrate;
use super::print;
use crate::compose;
use crate::settings::Settings;

/// Who changes schemas wants to tell a database that is not there from a migration that failed.
#[derive(Debug, Error)]
#[error(transparent)]
pub(super) struct Unreachable(ConnectError);

pub(super) async fn execute(command: &Migrate, settings: &Settings) -> anyhow::Result<()> {
    let policy = DatabasePolicy {
        // Who asks for the status, or goes back, does not want another database.
        creates: matches!(command, Migrate::Up { .. }),
        ..compose::database(&settings.database)
    };
    let pools = Pools::connect(&policy).await.map_err(Unreachable)?;
    let database = pools.writer();
    let runner = compose::migrations(&settings.database);
    match command {
        Migrate::Up { steps, to } => {
            let applied = runner.up(database, &target(*steps, to.as_ref())).await;
            tell("applied", &applied.context("cannot migrate")?)?;
        }
        Migrate::Down { steps, to } => {
            let taken_back = runner.down(database, &target(*steps, to.as_ref())).await;
            tell("taken back", &taken_back.context("cannot migrate")?)?;
        }
        Migrate::Status => {
            let status = status(&runner, &pools).await?;
            for it in &status.entries {
                print(&it.to_string())?;
            }
            status.check()?;
        }
        Migrate::History => {
            for it in status(&runner, &pools).await?.history() {
                print(&it.to_string())?;
            }
        }
        Migrate::Stamp { migration } => {
            let stamped = runner.stamp(database, migration).await;
            let stamped = stamped.context("cannot stamp")?;
            let line = |(name, state): (String, State)| format!("{state}  {name}");
            let lines: Vec<_> = stamped.into_iter().map(line).collect();
            print_all(&lines)?;
        }
    }
    pools.close().await;
    Ok(())
}

fn target(steps: Option<u32>, to: Option<&String>) -> Target {
    match (steps, to) {
        (_, Some(name)) => Target::To(name.clone()),
        (Some(steps), None) => Target::Steps(steps),
        (None, None) => Target::All,
    }
}

async fn status(runner: &Runner, pools: &Pools) -> anyhow::Result<Status> {
    let status = runner.status(pools.writer()).await;
    status.context("cannot read the migrations")
}

fn tell(done: &str, names: &[String]) -> anyhow::Result<()> {
    let lines: Vec<_> = names.iter().map(|it| format!("{done}  {it}")).collect();
    print_all(&lines)
}

fn print_all(lines: &[String]) -> anyhow::Result<()> {
    if lines.is_empty() {
        return print("There was nothing to do.");
    }
    lines.iter().try_for_each(|it| print(it))
}
