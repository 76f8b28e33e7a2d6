use anyhow::Context;
use infrastructure::{DatabasePolicy, Pools};

use super::arguments::Migrate;
use super::print;
use crate::compose;
use crate::settings::Settings;

pub(super) async fn execute(command: &Migrate, settings: &Settings) -> anyhow::Result<()> {
    let policy = DatabasePolicy {
        // Who asks for the status, or goes back, does not want another database.
        creates: matches!(command, Migrate::Up { .. }),
        ..compose::database(&settings.database)
    };
    let pools = Pools::connect(&policy).await?;
    let database = pools.writer();
    match *command {
        Migrate::Up { steps } => {
            let applied = migration::up(database, steps)
                .await
                .context("cannot migrate")?;
            tell("applied", &applied)?;
        }
        Migrate::Down { steps } => {
            let reverted = migration::down(database, steps)
                .await
                .context("cannot migrate")?;
            tell("taken back", &reverted)?;
        }
        Migrate::Status => {
            let all = migration::status(database)
                .await
                .context("cannot read the migrations")?;
            for it in all {
                print(&format!(
                    "{}  {}",
                    if it.applied { "applied" } else { "pending" },
                    it.name
                ))?;
            }
        }
    }
    pools.close().await;
    Ok(())
}

fn tell(done: &str, names: &[String]) -> anyhow::Result<()> {
    if names.is_empty() {
        return print("There was nothing to do.");
    }
    for name in names {
        print(&format!("{done}  {name}"))?;
    }
    Ok(())
}
