//! `--sql`: what would be run, as a script.

use clap::Args;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use sea_orm_migration::{MigratorTrait, SchemaManager};
use sea_orm_migration_runner::{State, Target};

use super::Answer;
use super::check::Scratch;
use super::database::Database;
use crate::connect::Access;
use crate::error::Error;
use crate::project::Project;
use crate::record::{Line, Tape};
use crate::scratch::{Server, on_scratch};

#[derive(Args)]
pub(super) struct Sql {
    /// Print the SQL instead of running it
    ///
    /// It is what was really run on an empty scratch database that was brought to the state of --database. So what a migration
    /// does with rows that it finds is not in it.
    #[arg(long = "sql")]
    pub(super) is_wanted: bool,
    /// The last migration that the database has (`base`: none), instead of asking the database
    #[arg(long, value_name = "MIGRATION", requires = "is_wanted")]
    from: Option<String>,
    #[command(flatten)]
    scratch: Scratch,
}

#[derive(Clone, Copy)]
pub(super) enum Way {
    Up,
    Down,
}

/// Where a database stands.
struct Place {
    last: Option<String>,
    /// Only SeaORM's own tools have migrated it.
    is_foreign: bool,
}

impl Sql {
    pub(super) async fn script<M: MigratorTrait>(
        &self,
        project: &Project<M>,
        database: &Database,
        (way, target): (Way, &Target),
    ) -> Result<Answer, Error> {
        let (engine, place) = if let Some(last) = &self.from {
            let last = Some(last.clone());
            let is_foreign = false;
            (database.engine(project)?, Place { last, is_foreign })
        } else {
            let database = database.open(project, Access::Read).await?;
            let place = place(project, &database).await?;
            (database.get_database_backend(), place)
        };
        let server = self.scratch.of(engine)?;
        let lines = on_scratch(&server, async |shadow| {
            bring(project, shadow, &place).await?;
            let tape = Tape::default();
            let hears = tape.clone();
            let runner = project.runner().observed_by(move |it| hears.hear(it));
            let work = async {
                match way {
                    Way::Up => runner.up(shadow, target).await,
                    Way::Down => runner.down(shadow, target).await,
                }
            };
            tape.record(work).await?;
            Ok(tape.lines())
        })
        .await?;
        Ok(Answer::of(0, script(&server, way, &lines)?))
    }
}

async fn place<M: MigratorTrait>(
    project: &Project<M>,
    database: &DatabaseConnection,
) -> Result<Place, Error> {
    let status = project.runner().status(database).await?;
    status.check()?;
    let mut entries = status.entries.into_iter();
    let last = entries.rfind(|it| it.state == State::Applied);
    let [_, ours] = project.runner().tables();
    let history = SchemaManager::new(database).has_table(ours).await;
    Ok(Place {
        is_foreign: last.is_some() && !history.map_err(Error::Catalog)?,
        last: last.map(|it| it.name),
    })
}

async fn bring<M: MigratorTrait>(
    project: &Project<M>,
    shadow: &DatabaseConnection,
    place: &Place,
) -> Result<(), Error> {
    let Some(last) = &place.last else {
        return Ok(());
    };
    let target = Target::To(last.clone());
    project.runner().up(shadow, &target).await?;
    if place.is_foreign {
        let [_, ours] = project.runner().tables();
        let drop = format!("DROP TABLE \"{ours}\"");
        let dropped = shadow.execute_unprepared(&drop).await;
        dropped.map_err(Error::Catalog)?;
    }
    Ok(())
}

fn script(server: &Server, way: Way, lines: &[Line]) -> Result<String, Error> {
    let way = match way {
        Way::Up => "up",
        Way::Down => "down",
    };
    let (run_by, first) = match server.engine() {
        DbBackend::Postgres => ("psql -v ON_ERROR_STOP=1", ""),
        _ => ("sqlite3 -bail", "\nPRAGMA foreign_keys = ON;\n"),
    };
    let mut script = format!("-- For {}. Run it by `{run_by}`.\n{first}", server.name());
    for section in lines.chunk_by(|_, next| !matches!(next, Line::Migration(_))) {
        let statements = statements(section)?;
        match &section[0] {
            Line::Migration(name) => script = format!("{script}\n-- {name}, {way}\n{statements}"),
            _ if statements.is_empty() => {}
            _ => script = format!("{script}\n-- The history of migrations\n{statements}"),
        }
    }
    Ok(script.trim_end().to_owned())
}

/// Those of one migration, or of the runner itself before the first.
fn statements(section: &[Line]) -> Result<String, Error> {
    let name = match &section[0] {
        Line::Migration(name) => Some(name),
        _ => None,
    };
    let changes_tables = section.iter().any(Line::changes_tables);
    let mut statements = Vec::new();
    for line in section {
        match line {
            Line::Migration(_) => {}
            Line::Begin => statements.push("BEGIN;".to_owned()),
            // The second of a pair around nothing.
            Line::Commit if statements.last().is_some_and(|it| it == "BEGIN;") => {
                statements.pop();
            }
            Line::Commit => statements.push("COMMIT;".to_owned()),
            Line::Rollback => return Err(Error::TakesBack(name.cloned().unwrap_or_default())),
            Line::Statement(sql) if is_asked_by_runner(sql) => {}
            Line::Statement(sql) if name.is_none() && sql.starts_with("SELECT") => {}
            // As the runner does it: keys without force are for tables that are rebuilt.
            Line::Statement(sql)
                if !changes_tables && sql.starts_with("PRAGMA foreign_keys = ") => {}
            Line::Statement(sql) => statements.push(ended(sql)),
        }
    }
    if !statements.is_empty() {
        // So that the last line ends, too.
        statements.push(String::new());
    }
    Ok(statements.join("\n"))
}

/// For itself; or the end of a transaction, which it tells.
fn is_asked_by_runner(sql: &str) -> bool {
    const BEGINNINGS: [&str; 9] = [
        "COMMIT",
        "RELEASE SAVEPOINT _sqlx_savepoint_",
        "SELECT pg_backend_pid()",
        "SELECT pg_advisory_unlock(",
        "SELECT pg_try_advisory_lock(",
        "SET statement_timeout = 0",
        "SELECT \"table\", parent, count(*), max(\"rowid\") FROM pragma_foreign_key_check",
        "PRAGMA schema_version",
        "PRAGMA foreign_keys",
    ];
    let is_switch = sql.starts_with("PRAGMA foreign_keys = ");
    !is_switch && BEGINNINGS.iter().any(|it| sql.trim_start().starts_with(it))
}

fn ended(sql: &str) -> String {
    let sql = sql.trim().trim_end_matches(';').trim_end();
    let ends_in_comment = sql.lines().last().is_some_and(|it| it.contains("--"));
    let end = if ends_in_comment { "\n;" } else { ";" };
    format!("{sql}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_ends() {
        for (sql, ended_by_us) in [
            ("SELECT 1", "SELECT 1;"),
            ("SELECT 1;\n", "SELECT 1;"),
            ("SELECT 1; -- one", "SELECT 1; -- one\n;"),
        ] {
            assert_eq!(ended(sql), ended_by_us);
        }
    }
}
