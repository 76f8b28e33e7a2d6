//! Developer verbs. `cargo xtask --help` lists them.

mod bench;
mod calls;
mod changes;
mod check;
mod clients;
mod document;
mod engine;
mod files;
mod hooks;
mod migrations;
mod openapi;
mod postgres;
mod programs;
mod step;
mod test;
mod verdict;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// What developers and CI do with Ashlar's source
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Judge everything, as CI does: format, lints, dependencies, migrations, tests, clients
    ///
    /// Stops at the first failure. What this machine lacks (cargo-deny, PostgreSQL, Node.js, ...) is skipped with a line that starts with
    /// SKIPPED, or is a failure where `ASHLAR_TEST_REQUIRE=all`.
    Check,
    /// Judge format and lints only, as the pre-commit hook does
    Quick,
    /// Run the unit and documentation tests, then the integration tests on SQLite and on PostgreSQL
    ///
    /// The integration tests note every call that they send. After the last one this counts whether each operation of the
    /// OpenAPI document was seen to succeed, to end in two other ways, and to end in every way that the document promises,
    /// and fails where one was not. Give
    /// arguments for the test programs after `--`; the count is left out then, because it needs every test.
    ///
    /// PostgreSQL must be installed, not started: the tests start a server of their own.
    Test(test::Test),
    /// Renew `openapi.json`, and tell what has changed for clients since the last commit
    ///
    /// What breaks them is listed apart from what only adds.
    Openapi,
    /// Have clients and checkers that others wrote judge the OpenAPI document and a running server
    ///
    /// A linter reads the document, a TypeScript client made from it goes through the README's tour, Chromium uses
    /// `/docs`, and schemathesis sends what the document allows and what it forbids, on SQLite and on PostgreSQL. They are
    /// installed below `target/clients`, from `tests/clients`. The server's log counts too: no ERROR, no panic. Node.js
    /// with npm, Python with its venv, and Chromium must be installed.
    Clients(clients::Clients),
    /// Compare entities and migrations, and take every migration up, down and up again over rows
    ///
    /// `cargo migrate check` and `cargo migrate verify`, on SQLite and on the tests' PostgreSQL.
    Migrations,
    /// Measure what things cost, in a release build, on SQLite and on PostgreSQL
    ///
    /// A line for each benchmark. `docs/performance.md` says what they measure, and what was seen. Leave the machine alone
    /// meanwhile.
    Bench(bench::Bench),
    /// Have git run `cargo xtask quick` before each commit
    Hooks,
}

fn main() -> ExitCode {
    match run(&Cli::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            step::say(format_args!("\nFAILED: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(verb: &Verb) -> Result<()> {
    let workspace = Workspace::find()?;
    match verb {
        Verb::Check => check::everything(&workspace),
        Verb::Quick => check::quick(&workspace),
        Verb::Test(test) => test.run(&workspace),
        Verb::Openapi => openapi::renew(&workspace),
        Verb::Clients(clients) => clients.run(&workspace),
        Verb::Migrations => migrations::judge(&workspace),
        Verb::Bench(bench) => bench.run(&workspace),
        Verb::Hooks => hooks::install(&workspace),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
