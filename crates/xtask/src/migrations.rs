//! Whether the migrations make what the entities say, and each of them can be taken back.

use std::process::Command;

use anyhow::Result;

use crate::engine::Engine;
use crate::postgres::Postgres;
use crate::workspace::Workspace;
use crate::{programs, step};

pub(crate) fn judge(workspace: &Workspace) -> Result<()> {
    let program = step::timed("migrations", "build", || programs::migrate(workspace))?;
    let postgres = if Engine::Postgres.is_there(None, "entities and migrations are compared")? {
        let start = || Postgres::start(workspace);
        Some(step::timed("PostgreSQL", "start", start)?)
    } else {
        None
    };
    for verb in ["check", "verify"] {
        let mut migrate = Command::new(&program);
        migrate.arg(verb);
        if let Some(postgres) = &postgres {
            // It has a password, which no step should show.
            migrate.env("MIGRATE_POSTGRES_URL", &postgres.url);
        }
        step::run("migrations", &mut migrate)?;
    }
    Ok(())
}
