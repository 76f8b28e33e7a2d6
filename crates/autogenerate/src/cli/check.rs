use clap::Args;
use sea_orm::DbBackend;
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

impl Scratch {
    /// All that the project supports and somebody has given.
    ///
    /// # Errors
    /// `Usage` where there is none.
    pub(super) fn servers<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Vec<Server>, Error> {
        let servers = std::iter::once(&Server::Sqlite).chain(&self.postgres);
        let servers = servers.filter(|it| project.supports(it.engine()));
        let servers: Vec<_> = servers.cloned().collect();
        if servers.is_empty() {
            return Err(Error::Usage(
                "no server: give --postgres URL, or set MIGRATE_POSTGRES_URL".to_owned(),
            ));
        }
        Ok(servers)
    }

    /// # Errors
    /// `Usage` for PostgreSQL where none is given. It is never the server of a database that somebody uses, unless
    /// somebody says so.
    pub(super) fn of(&self, engine: DbBackend) -> Result<Server, Error> {
        match (engine, &self.postgres) {
            (DbBackend::Postgres, Some(server)) => Ok(server.clone()),
            (DbBackend::Postgres, None) => Err(Error::Usage(
                "no server for scratch databases: give --postgres URL, or set MIGRATE_POSTGRES_URL"
                    .to_owned(),
            )),
            _ => Ok(Server::Sqlite),
        }
    }
}

impl Check {
    pub(super) async fn execute<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Answer, Error> {
        let mut engines = Vec::new();
        for server in &self.scratch.servers(project)? {
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
