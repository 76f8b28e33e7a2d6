//! Verbs about one database.

use clap::Args;
use sea_orm::{DatabaseConnection, DbBackend};
use sea_orm_migration::MigratorTrait;
use sea_orm_migration_runner::{State, Target};

use super::Answer;
use super::sql::{Sql, Way};
use crate::connect::{Access, connect};
use crate::error::Error;
use crate::project::Project;

/// Which one.
#[derive(Args)]
pub(super) struct Database {
    /// The database, as `sqlite://path/to/file.db` or `postgres://user:password@host/database`; the project's own unless given
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
}

#[derive(Args)]
pub(super) struct Up {
    #[command(flatten)]
    database: Database,
    /// How many; all unless given
    #[arg(conflicts_with = "to")]
    steps: Option<u32>,
    /// The last one to apply
    #[arg(long, value_name = "MIGRATION")]
    to: Option<String>,
    #[command(flatten)]
    sql: Sql,
}

#[derive(Args)]
pub(super) struct Down {
    #[command(flatten)]
    database: Database,
    /// How many
    #[arg(conflicts_with = "to", required_unless_present = "to")]
    steps: Option<u32>,
    /// The last one to keep; `base` to keep none
    #[arg(long, value_name = "MIGRATION")]
    to: Option<String>,
    #[command(flatten)]
    sql: Sql,
}

#[derive(Args)]
pub(super) struct Look {
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct Stamp {
    #[command(flatten)]
    database: Database,
    /// The last one that it has; `base` when it has none
    migration: String,
}

impl Database {
    pub(super) fn engine<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<DbBackend, Error> {
        let is_postgres = self.url(project)?.starts_with("postgres");
        Ok(if is_postgres {
            DbBackend::Postgres
        } else {
            DbBackend::Sqlite
        })
    }

    fn url<M: MigratorTrait>(&self, project: &Project<M>) -> Result<String, Error> {
        let given = self.database.as_deref().or(project.default_database());
        given.map(str::to_owned).ok_or_else(|| {
            Error::Usage("no database: give --database URL, or set DATABASE_URL".to_owned())
        })
    }

    pub(super) async fn open<M: MigratorTrait>(
        &self,
        project: &Project<M>,
        access: Access,
    ) -> Result<DatabaseConnection, Error> {
        let url = self.url(project)?;
        let database = connect(&url, access).await?;
        let engine = database.get_database_backend();
        if project.supports(engine) {
            return Ok(database);
        }
        Err(Error::Usage(format!(
            "this project does not support {}",
            engine.as_str()
        )))
    }
}

impl Up {
    pub(super) async fn execute<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Answer, Error> {
        let target = target(self.steps, self.to.as_ref());
        Box::pin(go(project, &self.database, &self.sql, Way::Up, &target)).await
    }
}

impl Down {
    pub(super) async fn execute<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Answer, Error> {
        let target = target(self.steps, self.to.as_ref());
        Box::pin(go(project, &self.database, &self.sql, Way::Down, &target)).await
    }
}

async fn go<M: MigratorTrait>(
    project: &Project<M>,
    database: &Database,
    sql: &Sql,
    way: Way,
    target: &Target,
) -> Result<Answer, Error> {
    if sql.is_wanted {
        return sql.script(project, database, (way, target)).await;
    }
    let runner = project.runner();
    let (done, names) = match way {
        Way::Up => {
            let database = database.open(project, Access::Create).await?;
            ("applied", runner.up(&database, target).await?)
        }
        Way::Down => {
            let database = database.open(project, Access::Write).await?;
            ("taken back", runner.down(&database, target).await?)
        }
    };
    let lines: Vec<_> = names.iter().map(|it| format!("{done}  {it}")).collect();
    Ok(listed(&lines))
}

impl Look {
    pub(super) async fn status<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Answer, Error> {
        let database = self.database.open(project, Access::Read).await?;
        let status = project.runner().status(&database).await?;
        let lines = status.entries.iter().map(ToString::to_string);
        let mut answer = Answer::of(0, lines.collect::<Vec<_>>().join("\n"));
        if let Err(error) = status.check() {
            answer.code = error.exit_code();
            answer.complaint = error.to_string();
        }
        Ok(answer)
    }

    pub(super) async fn history<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Answer, Error> {
        let database = self.database.open(project, Access::Read).await?;
        let status = project.runner().status(&database).await?;
        let lines = status.history().into_iter().map(ToString::to_string);
        Ok(Answer::of(0, lines.collect::<Vec<_>>().join("\n")))
    }
}

impl Stamp {
    pub(super) async fn execute<M: MigratorTrait>(
        &self,
        project: &Project<M>,
    ) -> Result<Answer, Error> {
        let database = self.database.open(project, Access::Write).await?;
        let stamped = project.runner().stamp(&database, &self.migration).await?;
        let line = |(name, state): (String, State)| format!("{state}  {name}");
        let lines: Vec<_> = stamped.into_iter().map(line).collect();
        Ok(listed(&lines))
    }
}

/// The migrations that nothing follows. More than one is a history that has to be put in order.
pub(super) fn heads<M: MigratorTrait>(project: &Project<M>) -> Answer {
    let runner = project.runner();
    let heads = runner.heads();
    let mut answer = Answer::of(0, heads.join("\n"));
    if heads.len() > 1 {
        answer.code = 3;
        answer.complaint = format!(
            "More than one head, as after a merge of two branches: list them in the order in which they shall run, and run \
             `{} rebase`",
            project.name()
        );
    }
    answer
}

fn target(steps: Option<u32>, to: Option<&String>) -> Target {
    match (steps, to) {
        (_, Some(name)) => Target::To(name.clone()),
        (Some(steps), None) => Target::Steps(steps),
        (None, None) => Target::All,
    }
}

fn listed(lines: &[String]) -> Answer {
    if lines.is_empty() {
        return Answer::of(0, "There was nothing to do.");
    }
    Answer::of(0, lines.join("\n"))
}
