//! Clients and checkers that others wrote, against a server of this source.

mod browser;
mod checker;
mod fetch;
mod log;
mod packages;
mod server;
mod workbench;

use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;

use self::checker::Checker;
use self::server::{Outlet, Server};
use self::workbench::Workbench;
use crate::engine::{Engine, engines};
use crate::postgres::Postgres;
use crate::workspace::Workspace;
use crate::{files, programs, step};

#[derive(Args, Default)]
pub(crate) struct Clients {
    /// Use a server on this engine only
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Run this one only
    #[arg(long, value_enum)]
    only: Option<Checker>,
    /// For schemathesis: `--max-examples 1000`, `--seed 2`, ...
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

impl Clients {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        let checkers = checker::able(self.only)?;
        if checkers.is_empty() {
            return Ok(());
        }
        let workbench = Workbench::prepare(workspace, &checkers)?;
        let program = step::timed("server", "build", || programs::server(workspace))?;

        let mut is_first = true;
        for engine in engines(self.engine) {
            if engine.is_there(self.engine, "the clients met a server")? {
                let all = checkers
                    .iter()
                    .filter(|it| is_first || it.is_for_each_engine());
                let all: Vec<_> = all.copied().collect();
                self.meet(workspace, &workbench, &program, engine, &all)?;
                is_first = false;
            }
        }
        Ok(())
    }

    fn meet(
        &self,
        workspace: &Workspace,
        workbench: &Workbench,
        program: &Path,
        engine: Engine,
        checkers: &[Checker],
    ) -> Result<()> {
        // Outlives the server, which needs it to the end.
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(step::timed("PostgreSQL", "start", || {
                Postgres::start(workspace)
            })?),
        };
        let folder = workbench.root.join(engine.name());
        let start = format!("start on {}", engine.name());
        let server = step::timed("server", &start, || {
            Server::start(
                program,
                &folder,
                postgres.as_ref().map(|it| it.url.as_str()),
                Outlet::Folder,
            )
        })?;
        files::write(&workbench.copy.join(checker::DOCUMENT), &server.document()?)?;
        for checker in checkers {
            let outcome = checker.run(workbench, &server, &self.arguments);
            outcome.with_context(|| format!("the server's log is {}", server.log.display()))?;
        }
        step::timed("server", "stop, and read its log", || server.stop(&[]))
    }
}
