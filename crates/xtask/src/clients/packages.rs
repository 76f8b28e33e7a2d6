//! What npm and pip install, and when they have to.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{files, step};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packages {
    Npm,
    Python,
}

impl Packages {
    /// What this machine installs them with; `None` where it cannot.
    pub(super) fn installer(self) -> Option<String> {
        let versions = match self {
            Self::Npm => [
                step::answer(Command::new("node").arg("--version")),
                step::answer(Command::new("npm").arg("--version")),
            ],
            Self::Python => [
                step::answer(Command::new("python3").arg("--version")),
                // Debian keeps it in a package of its own, and without it there is no `pip` in a new environment.
                step::answer(Command::new("python3").args(["-c", "import ensurepip, venv"])),
            ],
        };
        let versions: Option<Vec<_>> = versions.into_iter().collect();
        versions.map(|it| it.join(" "))
    }

    /// What is missing where there is no installer, and where it is had from.
    pub(super) fn lack(self) -> [&'static str; 2] {
        match self {
            Self::Npm => [
                "Node.js or npm is missing",
                "Install them with: apt-get install nodejs npm",
            ],
            Self::Python => [
                "python3 or its venv is missing",
                "Install them with: apt-get install python3-venv",
            ],
        }
    }

    /// Where the installed programs are.
    pub(super) fn programs(self, root: &Path) -> PathBuf {
        root.join(match self {
            Self::Npm => "node_modules/.bin",
            Self::Python => "venv/bin",
        })
    }

    /// Exactly what the lock file in `copy` says, unless a run before has done that.
    pub(super) fn install(self, root: &Path, copy: &Path) -> Result<()> {
        let installed = root.join(self.stamp());
        let mut wanted = self.installer().unwrap_or_default();
        for file in self.files() {
            wanted.push('\n');
            wanted.push_str(&files::read(&copy.join(file))?);
        }
        if files::read(&installed).is_ok_and(|it| it == wanted) {
            return Ok(());
        }
        // Half an installation is none.
        files::write(&installed, "")?;
        match self {
            Self::Npm => {
                for file in self.files() {
                    files::write(&root.join(file), &files::read(&copy.join(file))?)?;
                }
                let mut npm = Command::new("npm");
                npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
                step::run("npm packages", npm.current_dir(root))?;
            }
            Self::Python => {
                let mut venv = Command::new("python3");
                venv.args(["-m", "venv", "--clear", "venv"]);
                step::run("Python environment", venv.current_dir(root))?;
                let mut pip = Command::new("venv/bin/python");
                pip.args(["-m", "pip", "install", "--quiet"])
                    .args(["--disable-pip-version-check", "--only-binary=:all:"])
                    .args(["--require-hashes", "--requirement"])
                    .arg(copy.join("requirements.txt"));
                step::run("Python packages", pip.current_dir(root))?;
            }
        }
        files::write(&installed, &wanted)
    }

    /// They decide what is installed.
    fn files(self) -> &'static [&'static str] {
        match self {
            Self::Npm => &["package.json", "package-lock.json", ".npmrc"],
            Self::Python => &["requirements.txt"],
        }
    }

    /// Says what is installed.
    fn stamp(self) -> &'static str {
        match self {
            Self::Npm => "installed-by-npm",
            Self::Python => "installed-by-pip",
        }
    }
}
