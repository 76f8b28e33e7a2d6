//! Who judges, and how each is called.

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use super::browser;
use super::packages::Packages;
use super::server::Server;
use super::workbench::Workbench;
use crate::step;

/// What the server serves, saved for all of them: schemathesis leaves an operation out where it has loaded the document
/// from there.
pub(super) const DOCUMENT: &str = "openapi.json";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Checker {
    /// Spectral reads the document
    Lint,
    /// A client with types made from the document goes through the README's tour
    Typescript,
    /// Chromium uses `/docs` as a person does, and shows a page that signs in by cookie
    Browser,
    /// Authlib finds, refreshes and revokes by the metadata; PyJWT verifies by the keys
    Oauth,
    /// An SMTP server takes mail, at the second attempt
    Mail,
    /// Sends what the document allows and what it forbids, and judges the answers
    Schemathesis,
}

/// The chosen one, or all, as far as this machine has what they need.
pub(super) fn able(chosen: Option<Checker>) -> Result<Vec<Checker>> {
    let all = Checker::value_variants().iter().copied();
    let mut able = Vec::new();
    for checker in all.filter(|it| chosen.is_none_or(|chosen| chosen == *it)) {
        let Some([lack, cure]) = checker.lack() else {
            able.push(checker);
            continue;
        };
        if chosen.is_some() {
            bail!("{lack}. {cure}");
        }
        let name = format!("{checker:?}").to_lowercase();
        step::skip(&format!("{lack}, so {name} is left out"), cure)?;
    }
    Ok(able)
}

impl Checker {
    pub(super) fn packages(self) -> Packages {
        match self {
            Self::Lint | Self::Typescript | Self::Browser => Packages::Npm,
            Self::Oauth | Self::Mail | Self::Schemathesis => Packages::Python,
        }
    }

    /// What this machine has not, and where it is had from.
    fn lack(self) -> Option<[&'static str; 2]> {
        let packages = self.packages();
        if packages.installer().is_none() {
            return Some(packages.lack());
        }
        let is_blind = self == Self::Browser && browser::find().is_none();
        is_blind.then_some([
            "Chromium is missing",
            "Install it with: apt-get install chromium",
        ])
    }

    /// Whether another database could make a difference.
    pub(super) fn is_for_each_engine(self) -> bool {
        match self {
            Self::Lint | Self::Browser | Self::Mail => false,
            Self::Typescript | Self::Oauth | Self::Schemathesis => true,
        }
    }

    /// `arguments` are for schemathesis.
    pub(super) fn run(
        self,
        workbench: &Workbench,
        server: &Server,
        arguments: &[String],
    ) -> Result<()> {
        match self {
            Self::Lint => {
                let mut spectral = workbench.tool(Packages::Npm, "spectral");
                spectral.args(["lint", "--quiet", "--ruleset", "spectral.yaml"]);
                spectral.args(["--fail-severity", "hint", DOCUMENT]);
                step::run("lint", &mut spectral)
            }
            Self::Typescript => {
                let program = "typescript/built/tour.js";
                // The first server's document is also that of the others.
                if !workbench.holds(program) {
                    let mut types = workbench.tool(Packages::Npm, "openapi-typescript");
                    types.args([DOCUMENT, "--output", "typescript/schema.ts"]);
                    step::run("TypeScript types", &mut types)?;
                    let mut compiler = workbench.tool(Packages::Npm, "tsc");
                    compiler.args(["--project", "typescript"]);
                    step::run("TypeScript client", &mut compiler)?;
                }
                let mut tour = workbench.command("node");
                tour.arg(program).envs(server.access());
                step::run("tour", &mut tour)
            }
            Self::Browser => {
                for script in ["docs", "cookie"] {
                    let mut person = workbench.command("node");
                    person
                        .arg(format!("browser/{script}.mjs"))
                        .envs(server.access())
                        .envs(browser::find().map(|it| ("ASHLAR_CHROMIUM", it)))
                        .env("ASHLAR_SCREENSHOT", workbench.root.join("docs.png"));
                    step::run(&format!("browser {script}"), &mut person)?;
                }
                Ok(())
            }
            Self::Oauth => {
                let mut tour = workbench.tool(Packages::Python, "python");
                tour.arg("oauth/tour.py").envs(server.access());
                step::run("OAuth", &mut tour)
            }
            Self::Mail => {
                let server = server.mailing(&workbench.root.join("mail"))?;
                let mut reader = workbench.tool(Packages::Python, "python");
                reader.arg("mail.py").envs(server.access());
                let read = step::run("mail", &mut reader);
                read.with_context(|| format!("the server's log is {}", server.log.display()))?;
                server.stop(&["the mail server answered 451"])
            }
            Self::Schemathesis => {
                let mut schemathesis = workbench.tool(Packages::Python, "schemathesis");
                schemathesis
                    .args(["--config-file", "schemathesis.toml", "run", DOCUMENT])
                    .args(arguments)
                    .envs(server.access());
                step::run("schemathesis", &mut schemathesis)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_database_changes_runs_once() {
        let once = Checker::value_variants()
            .iter()
            .filter(|it| !it.is_for_each_engine());

        assert_eq!(
            once.collect::<Vec<_>>(),
            [&Checker::Lint, &Checker::Browser, &Checker::Mail]
        );
    }
}
