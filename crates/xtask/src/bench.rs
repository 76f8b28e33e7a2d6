//! What things cost.

use anyhow::Result;
use clap::Args;

use crate::engine::{Engine, engines};
use crate::step;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct Bench {
    /// Measure on this engine only
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// This one only: `token_cache`, `sign_ins`, `refreshes`, `deliveries` or `revocations`
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
}

impl Bench {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        for engine in engines(self.engine) {
            if engine.is_there(self.engine, "the benchmarks ran")? {
                self.measure(workspace, engine.name())?;
            }
        }
        Ok(())
    }

    fn measure(&self, workspace: &Workspace, engine: &str) -> Result<()> {
        let mut cargo = workspace.cargo(&["bench", "--locked", "--package", "ashlar-tests"]);
        cargo.args(["--bench", "performance", "--"]);
        cargo.args(&self.only);
        cargo
            .env("ASHLAR_TEST_DATABASE", engine)
            .env("ASHLAR_TEST_DURABLE", "1");
        step::run(&format!("benchmarks on {engine}"), &mut cargo)
    }
}
