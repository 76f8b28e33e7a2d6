//! The rows of a real database: a script of `pg_dump` or of `sqlite3`'s `.dump`, or a database file of SQLite.

use std::path::{Path, PathBuf};

use sea_orm::sqlx::{AssertSqlSafe, PgConnection, raw_sql};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, RuntimeErr, sqlx};
use sea_orm_migration_runner::Runner;

use super::copy;
use crate::error::Error;
use crate::scratch::read;

/// A file with the rows of a database, which is only read.
#[derive(Debug)]
pub struct Dump {
    file: PathBuf,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// The file is a database.
    Database,
    SqliteScript(String),
    PostgresScript(String),
}

impl Dump {
    /// # Errors
    /// `Dump` when the file cannot be read, or is none that this knows.
    #[expect(
        clippy::disallowed_methods,
        reason = "runs on a developer's machine, and has nothing else to do"
    )]
    pub fn open(file: impl Into<PathBuf>) -> Result<Self, Error> {
        let file = file.into();
        let refused = |reason: &str| refused(&file, reason);
        let bytes = std::fs::read(&file).map_err(|it| refused(&it.to_string()))?;
        if bytes.starts_with(b"SQLite format 3\0") {
            let mut log = file.clone().into_os_string();
            log.push("-wal");
            if std::fs::metadata(log).is_ok_and(|it| it.len() > 0) {
                return Err(refused(
                    "a part of it stands in the file beside it that ends with -wal. Copy it by sqlite3 FILE \".backup COPY\"",
                ));
            }
            let content = Content::Database;
            return Ok(Self { file, content });
        }
        if bytes.starts_with(b"PGDMP") {
            return Err(refused(
                "it is an archive of pg_dump. Make a script: pg_dump --format=plain, or pg_restore --file=SCRIPT ARCHIVE",
            ));
        }
        let script = String::from_utf8(bytes);
        let script = script.map_err(|_| {
            refused("it is neither a script of SQL in UTF-8 nor a database of SQLite")
        })?;
        let content = if script.trim_start().starts_with("PRAGMA ") {
            Content::SqliteScript(script)
        } else {
            Content::PostgresScript(script)
        };
        Ok(Self { file, content })
    }

    /// Whose it is.
    #[must_use]
    pub fn engine(&self) -> DbBackend {
        match self.content {
            Content::PostgresScript(_) => DbBackend::Postgres,
            _ => DbBackend::Sqlite,
        }
    }

    /// Into an empty database of its engine.
    pub(super) async fn load(
        &self,
        database: &DatabaseConnection,
        runner: &Runner,
    ) -> Result<(), Error> {
        let loaded = match &self.content {
            Content::Database => copy::copy(database, &self.file).await,
            Content::SqliteScript(script) => run_sqlite(database, script).await,
            Content::PostgresScript(script) => run_postgres(database, script).await,
        };
        loaded.map_err(|it| refused(&self.file, &it.to_string()))?;
        let catalog = read(database).await?;
        let [history, _] = runner.tables();
        if catalog.tables.contains_key(&history) {
            return Ok(());
        }
        Err(refused(
            &self.file,
            &format!(
                "it has no table {history}, so that nobody knows which migrations it has. Dump that table too"
            ),
        ))
    }
}

fn refused(file: &Path, reason: &str) -> Error {
    Error::Dump {
        file: file.display().to_string(),
        reason: reason.to_owned(),
    }
}

async fn run_sqlite(database: &DatabaseConnection, script: &str) -> Result<(), DbErr> {
    database.execute_unprepared(script).await?;
    // The script has turned them off.
    let on = "PRAGMA foreign_keys = ON";
    database.execute_unprepared(on).await.map(drop)
}

/// On a connection of its own, which the script leaves with other settings.
async fn run_postgres(database: &DatabaseConnection, script: &str) -> Result<(), DbErr> {
    let pool = database.get_postgres_connection_pool();
    let run = async {
        let mut connection = pool.acquire().await?.detach();
        for part in parts(script) {
            match part {
                Part::Statements(sql) => {
                    raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
                }
                Part::Copy { statement, rows } => copy_in(&mut connection, statement, rows).await?,
                Part::Command(command) => {
                    let text = format!(
                        "{command} is a command of psql's, as pg_dumpall writes. Dump one database, by pg_dump"
                    );
                    return Err(sqlx::Error::Protocol(text));
                }
            }
        }
        sqlx::Connection::close(connection).await
    };
    run.await
        .map_err(|it: sqlx::Error| DbErr::Exec(RuntimeErr::SqlxError(it.into())))
}

async fn copy_in(
    connection: &mut PgConnection,
    statement: &str,
    rows: &str,
) -> Result<(), sqlx::Error> {
    let mut copy = connection.copy_in_raw(statement).await?;
    copy.send(rows.as_bytes()).await?;
    copy.finish().await.map(drop)
}

#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Statements(String),
    /// With the lines that stand below it.
    Copy {
        statement: &'a str,
        rows: &'a str,
    },
    /// For psql.
    Command(&'a str),
}

/// A script of `pg_dump`, without what only says whose things are: the roles of that server may not be on this one.
fn parts(script: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut statements = String::new();
    let mut is_between = true;
    let mut rest = script;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        let text = line.trim_end();
        let is_copy = text.starts_with("COPY ") && text.ends_with(" FROM stdin;");
        if is_between && (is_copy || text.starts_with('\\')) {
            if is_copy {
                parts.push(Part::Statements(std::mem::take(&mut statements)));
                let (rows, after) = copied(rest);
                rest = after;
                let statement = text;
                parts.push(Part::Copy { statement, rows });
            } else if !text.starts_with("\\restrict ") && !text.starts_with("\\unrestrict ") {
                parts.push(Part::Command(text));
            }
            continue;
        }
        if is_between && is_of_roles(text) {
            continue;
        }
        statements.push_str(line);
        statements.push('\n');
        if !text.is_empty() && !text.starts_with("--") {
            is_between = text.ends_with(';');
        }
    }
    parts.push(Part::Statements(statements));
    parts
}

/// The lines up to the one that ends them, and what comes after that.
fn copied(text: &str) -> (&str, &str) {
    if let Some(after) = text.strip_prefix("\\.\n") {
        return ("", after);
    }
    match text.split_once("\n\\.") {
        Some((rows, after)) => {
            let rows = &text[..=rows.len()];
            (rows, after.split_once('\n').map_or("", |(_, it)| it))
        }
        None => (text, ""),
    }
}

fn is_of_roles(line: &str) -> bool {
    let is_owner = line.starts_with("ALTER ") && line.contains(" OWNER TO ");
    let is_grant = ["GRANT ", "REVOKE ", "ALTER DEFAULT PRIVILEGES "]
        .iter()
        .any(|it| line.starts_with(it));
    // An older server does not know it.
    let is_newer = line.starts_with("SET transaction_timeout ");
    line.ends_with(';') && (is_owner || is_grant || is_newer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_of_pg_dump_is_statements_and_rows() {
        let script = "\\restrict abc\n\nSET x = 0;\nSET transaction_timeout = 0;\nCREATE TABLE t (\n    a text\n);\n\
             ALTER TABLE t OWNER TO staging;\nGRANT ALL ON TABLE t TO staging;\n\
             COPY t (a) FROM stdin;\none\n\\N\n\\.\n\nCOPY u (a) FROM stdin;\n\\.\nALTER TABLE t ADD PRIMARY KEY (a);\n\\unrestrict abc\n";

        let parts = parts(script);

        let statements = |text: &str| Part::Statements(text.to_owned());
        assert_eq!(
            parts,
            [
                statements("\nSET x = 0;\nCREATE TABLE t (\n    a text\n);\n"),
                Part::Copy {
                    statement: "COPY t (a) FROM stdin;",
                    rows: "one\n\\N\n"
                },
                statements("\n"),
                Part::Copy {
                    statement: "COPY u (a) FROM stdin;",
                    rows: ""
                },
                statements("ALTER TABLE t ADD PRIMARY KEY (a);\n"),
            ]
        );
    }

    #[test]
    fn a_text_over_several_lines_is_none_of_psqls_commands() {
        let script = "INSERT INTO t VALUES ('a\n\\connect\nb');\n";

        assert_eq!(parts(script), [Part::Statements(script.to_owned())]);
    }
}
