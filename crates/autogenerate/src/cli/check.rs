use clap::Args;
use sea_orm_migration::MigratorTrait;

use super::Answer;
use super::report::{Engine, Report};
use crate::error::Error;
use crate::project::Project;
use crate::scratch::Server;

#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    scratch: Scratch,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// Where databases can be made that are gone afterwards.
#[derive(Args)]
pub(super) struct Scratch {
    /// A PostgreSQL server, by the URL of any database of it and a user who may create databases
    ///
    /// The work happens in databases with random names, which are dropped afterwards; the database of the URL is not touched.
    #[arg(long, value_name = "URL", value_parser = postgres, env = "MIGRATE_POSTGRES_URL", hide_env_values = true)]
    postgres: Option<Server>,
}

impl Check {
    pub(super) async fn execute<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Answer, Error> {
        let servers = std::iter::once(&Server::Sqlite).chain(&self.scratch.postgres);
        let servers: Vec<_> = servers.filter(|it| project.supports(it.engine())).collect();
        if servers.is_empty() {
            return Err(Error::Usage(
                "no server: give --postgres URL, or set MIGRATE_POSTGRES_URL".to_owned(),
            ));
        }
        let mut engines = Vec::new();
        for server in servers {
            engines.push(Engine {
                engine: server.name(),
                differences: project.check(server).await?,
            });
        }
        let report = Report::of(engines);
        let text = if self.json {
            report.json()
        } else {
            report.to_string()
        };
        Ok(Answer::of(report.code(), text))
    }
}

fn postgres(url: &str) -> Result<Server, String> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        Ok(Server::Postgres(url.to_owned()))
    } else {
        Err("it begins with postgres://".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_url_of_postgresql_names_a_server() {
        assert!(postgres("postgres://ada@host/db").is_ok());
        assert!(postgres("sqlite://file.db").is_err());
    }
}
