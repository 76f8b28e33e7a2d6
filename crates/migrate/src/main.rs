//! `cargo migrate`: what developers and CI ask about entities and migrations.

mod report;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use sea_orm_autogenerate::{Error, Server};

use crate::report::{Engine, Report};

/// What developers and CI ask about Ashlar's entities and migrations
#[derive(Parser)]
#[command(name = "cargo migrate", bin_name = "cargo migrate")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Compare the entities with the tables that the migrations really make
    ///
    /// On SQLite always, on PostgreSQL where a server is given. Ends with 0 where they agree, 1 where they do not, 2 where there
    /// is no answer: wrong usage, no connection, an entity that nobody listed.
    Check(Check),
}

#[derive(Args)]
struct Check {
    /// A PostgreSQL server, by the URL of any database of it and a user who may create databases
    ///
    /// The comparison happens in databases with random names, which are dropped afterwards; the database of the URL is not
    /// touched.
    #[arg(long, value_name = "URL", value_parser = postgres)]
    postgres: Option<Server>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Verb::Check(check) = Cli::parse().verb;
    match check.run().await {
        Ok(report) => {
            let text = if check.json {
                report.json()
            } else {
                report.to_string()
            };
            say(&text);
            report.code()
        }
        Err(error) => {
            complain(&error);
            ExitCode::from(2)
        }
    }
}

impl Check {
    async fn run(&self) -> Result<Report, Error> {
        let mut engines = Vec::new();
        for server in std::iter::once(&Server::Sqlite).chain(&self.postgres) {
            engines.push(Engine {
                engine: server.name(),
                differences: ashlar_migrate::check(server).await?,
            });
        }
        Ok(Report::of(engines))
    }
}

fn postgres(url: &str) -> Result<Server, String> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        Ok(Server::Postgres(url.to_owned()))
    } else {
        Err("it begins with postgres://".to_owned())
    }
}

#[expect(
    clippy::print_stdout,
    reason = "this program talks to whoever typed its name"
)]
fn say(text: &str) {
    println!("{text}");
}

#[expect(
    clippy::print_stderr,
    reason = "this program talks to whoever typed its name"
)]
fn complain(error: &Error) {
    eprintln!("No answer: {error}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn only_a_url_of_postgresql_names_a_server() {
        assert!(postgres("postgres://ada@host/db").is_ok());
        assert!(postgres("sqlite://file.db").is_err());
    }
}
