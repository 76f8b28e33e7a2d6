//! All tests, and after them the count of what they exercised.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Result, bail, ensure};
use clap::{Args, ValueEnum};

use crate::workspace::Workspace;
use crate::{calls, document, postgres, step, verdict};

#[derive(Args, Default)]
pub(crate) struct Test {
    /// Run the integration tests on this engine only
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// For the test programs: a part of a test's name, `--nocapture`, ...
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
}

impl Test {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        let mut units = self.cargo_test(workspace, &["--lib", "--bins"]);
        step::run("unit tests", &mut units)?;
        let mut documentation = self.cargo_test(workspace, &["--doc"]);
        step::run("documentation tests", &mut documentation)?;

        if self.engine != Some(Engine::Postgres) {
            self.integrate(workspace, Engine::Sqlite)?;
        }
        if self.engine != Some(Engine::Sqlite) {
            if postgres::is_installed() {
                self.integrate(workspace, Engine::Postgres)?;
            } else {
                self.without_postgres()?;
            }
        }
        Ok(())
    }

    fn integrate(&self, workspace: &Workspace, engine: Engine) -> Result<()> {
        let name = engine.name();
        let record = workspace.target.join("test-record").join(name);
        calls::clear(&record)?;

        let mut tests = self.cargo_test(workspace, &["--test", "integration"]);
        tests
            .env("ASHLAR_TEST_DATABASE", name)
            .env("ASHLAR_TEST_RECORD", &record);
        step::run(&format!("integration tests on {name}"), &mut tests)?;

        if !self.arguments.is_empty() {
            step::say("==> operations: not counted, because not every test may have run");
            return Ok(());
        }
        let operations = document::operations(workspace)?;
        let calls = calls::read(&record)?;
        let mut complaints = verdict::complaints(&operations, &calls);
        complaints.extend(verdict::needless_excuses(&operations, &calls));
        ensure!(
            complaints.is_empty(),
            "operations on {name}: {} complaint(s). Each needs one success, two refusals or edge cases, and every end that \
             the document promises.\n  {}",
            complaints.len(),
            complaints.join("\n  ")
        );
        step::say(format_args!(
            "==> operations: all {} succeeded, and ended in every way that the document promises ({} ways, {} of them excused), in {} calls on {name}",
            operations.len(),
            operations.values().map(BTreeSet::len).sum::<usize>(),
            verdict::excuses(),
            calls.len()
        ));
        Ok(())
    }

    fn without_postgres(&self) -> Result<()> {
        let what = "PostgreSQL is missing, so the integration tests ran on SQLite only";
        let cure = "Install it with: apt-get install postgresql";
        if self.engine.is_some() {
            bail!("PostgreSQL is missing. {cure}");
        }
        step::skip(what, cure)
    }

    /// Always the whole workspace, narrowed by kind of test: another choice of packages would have other features
    /// in the crates that they share, and so compile them again.
    fn cargo_test(&self, workspace: &Workspace, kinds: &[&str]) -> Command {
        let mut command = workspace.cargo(&["test", "--workspace", "--locked"]);
        command.args(kinds);
        if !self.arguments.is_empty() {
            command.arg("--").args(&self.arguments);
        }
        command
    }
}

impl Engine {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}
