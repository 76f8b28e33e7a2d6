//! The lock of migrations. What hashes them stands beside them, so that this program need not know SeaORM.

use anyhow::Result;
use clap::Args;

use crate::step;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct Seal {
    /// After a merge of two branches that both added migrations: renew the lines of those that come later on the list
    ///
    /// Databases that have one of them already will say that the other is late.
    #[arg(long)]
    rebase: bool,
    /// Migrations that were edited and are applied nowhere that matters
    #[arg(conflicts_with = "rebase", value_name = "MIGRATION")]
    edited: Vec<String>,
}

impl Seal {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<()> {
        let example = [
            "run",
            "--quiet",
            "--locked",
            "--package",
            "ashlar-migration",
        ];
        let mut seal = workspace.cargo(&example);
        seal.args(["--example", "seal", "--"]);
        if self.rebase {
            seal.arg("--rebase");
        }
        step::run("migrations.lock", seal.args(&self.edited))
    }
}
