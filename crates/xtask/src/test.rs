//! All tests, and after them the count of what they exercised.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Result, ensure};
use clap::Args;

use crate::engine::{Engine, engines};
use crate::workspace::Workspace;
use crate::{calls, document, files, step, verdict};

#[derive(Args, Default)]
pub(crate) struct Test {
    /// Run the integration tests on this engine only
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// For the test programs: a part of a test's name, `--nocapture`, ...
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

impl Test {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        let mut units = self.cargo_test(workspace, &["--lib", "--bins"]);
        step::run("unit tests", &mut units)?;
        let mut documentation = self.cargo_test(workspace, &["--doc"]);
        step::run("documentation tests", &mut documentation)?;

        for engine in engines(self.engine) {
            if engine.is_there(self.engine, "the integration tests ran")? {
                self.integrate(workspace, engine)?;
            }
        }
        Ok(())
    }

    fn integrate(&self, workspace: &Workspace, engine: Engine) -> Result<()> {
        let name = engine.name();
        let record = workspace.target.join("test-record").join(name);
        files::clear(&record)?;

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

    /// Always the whole workspace, narrowed by kind of test: another choice of packages would have other features
    /// in the crates that they share, and so compile them again.
    fn cargo_test(&self, workspace: &Workspace, kinds: &[&str]) -> Command {
        // One failure is not to hide those of the test programs after it.
        let mut command = workspace.cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
        command.args(kinds);
        if !self.arguments.is_empty() {
            command.arg("--").args(&self.arguments);
        }
        command
    }
}
