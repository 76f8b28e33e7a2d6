//! Where the tools are installed and run: below `target`, because the source is no place for either.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::checker::Checker;
use super::packages::Packages;
use crate::files;
use crate::workspace::Workspace;

pub(super) struct Workbench {
    /// Holds what is installed, where Node.js looks for it: above the copy.
    pub(super) root: PathBuf,
    /// A copy of `tests/clients`, made anew for each run.
    pub(super) copy: PathBuf,
}

impl Workbench {
    pub(super) fn prepare(workspace: &Workspace, checkers: &[Checker]) -> Result<Self> {
        let root = workspace.target.join("clients");
        let copy = root.join("copy");
        files::copy_anew(&workspace.root.join("tests/clients"), &copy)?;
        let workbench = Self { root, copy };
        for packages in [Packages::Npm, Packages::Python] {
            if checkers.iter().any(|it| it.packages() == packages) {
                packages.install(&workbench.root, &workbench.copy)?;
            }
        }
        Ok(workbench)
    }

    /// A program that npm or pip has installed, to be run in the copy.
    pub(super) fn tool(&self, packages: Packages, name: &str) -> Command {
        self.command(packages.programs(&self.root).join(name))
    }

    /// Whether a tool has left this file in the copy.
    pub(super) fn holds(&self, file: &str) -> bool {
        self.copy.join(file).is_file()
    }

    pub(super) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.copy);
        command
    }
}
