use clap::Args;
use sea_orm::DbBackend;
use sea_orm_migration::MigratorTrait;
use sea_orm_migration_runner::{Entry, State};

use super::Answer;
use super::report::{Engine, Report};
use super::seal;
use crate::connect::{Access, connect};
use crate::error::Error;
use crate::project::Project;
use crate::scratch::Server;

#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    scratch: Scratch,
    /// Compare the entities with this real database instead of what the migrations make, and tell which are pending
    ///
    /// It is only read. Scratch databases are made on the server of --postgres all the same, never beside it.
    #[arg(long, value_name = "URL")]
    live: Option<String>,
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
            return Err(no_server());
        }
        Ok(servers)
    }

    /// # Errors
    /// `Usage` for PostgreSQL where none is given. It is never the server of a database that somebody uses, unless
    /// somebody says so.
    pub(super) fn of(&self, engine: DbBackend) -> Result<Server, Error> {
        match (engine, &self.postgres) {
            (DbBackend::Postgres, Some(server)) => Ok(server.clone()),
            (DbBackend::Postgres, None) => Err(no_server()),
            _ => Ok(Server::Sqlite),
        }
    }
}

impl Check {
    pub(super) async fn execute<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Answer, Error> {
        let Some(url) = &self.live else {
            let lock = seal::faults(project)?;
            return Ok(self.answer(&Report::of(lock, self.engines(project).await?)));
        };
        let database = connect(url, Access::Read).await?;
        let server = self.scratch.of(database.get_database_backend())?;
        let status = project.runner().status(&database).await?;
        let is_pending = |it: &&Entry| matches!(it.state, State::Pending | State::Late);
        let pending = status.entries.iter().filter(is_pending);
        let engine = Engine {
            name: server.name(),
            pending: Some(pending.map(|it| it.name.clone()).collect()),
            differences: project.check_live(&database, &server).await?,
        };
        let mut answer = self.answer(&Report::of(None, vec![engine]));
        if let Err(error) = status.check() {
            answer.code = error.exit_code();
            answer.complaint = error.to_string();
        }
        Ok(answer)
    }

    async fn engines<M: MigratorTrait>(&self, project: &Project<M>) -> Result<Vec<Engine>, Error> {
        let mut engines = Vec::new();
        for server in &self.scratch.servers(project)? {
            engines.push(Engine {
                name: server.name(),
                pending: None,
                differences: project.check(server).await?,
            });
        }
        Ok(engines)
    }

    fn answer(&self, report: &Report) -> Answer {
        let text = if self.json {
            report.json()
        } else {
            report.to_string()
        };
        Answer::of(report.code(), text)
    }
}

fn no_server() -> Error {
    Error::Usage(
        "no server for scratch databases: give --postgres URL, or set MIGRATE_POSTGRES_URL"
            .to_owned(),
    )
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
