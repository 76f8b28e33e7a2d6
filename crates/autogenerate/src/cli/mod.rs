//! The command line of a project: one file for each verb, or group of verbs.

mod check;
mod database;
mod generate;
mod report;
mod seal;
mod sql;
mod verify;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use sea_orm_migration::MigratorTrait;

use crate::error::Error;
use crate::project::Project;

/// What developers and CI ask about entities and migrations
#[derive(Parser)]
#[command(
    name = "migrate",
    after_help = "Exit codes: 0 fine, 1 entities and migrations disagree or a migration failed, 2 wrong usage or no \
                  connection, 3 the history of migrations is broken, 4 refused until somebody has looked."
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Compare the entities with the tables that the migrations really make
    ///
    /// On SQLite always, on PostgreSQL where a server is given; and `migrations.lock` with the files of the migrations: one that
    /// was edited, one that is not sealed, two that follow the same one. Ends with 0 where all agree, 1 where something does not,
    /// 2 where there is no answer: wrong usage, no connection, an entity that nobody listed.
    Check(check::Check),
    /// Write the migration that brings the tables to the entities, and put it on the list
    ///
    /// It is to be reviewed: its head lists what it does. Nothing is written where entities and migrations agree, and where
    /// something has to be decided first (exit code 4).
    Generate(generate::Generate),
    /// Apply pending migrations
    Up(database::Up),
    /// Take migrations back, latest first
    Down(database::Down),
    /// List all migrations and whether the database has them, since when, and how long they took
    Status(database::Look),
    /// List those that the database has, in the order in which it got them
    History(database::Look),
    /// List the migrations that nothing follows; more than one is a history to put in order
    Heads,
    /// Write down that the database has all migrations up to this one and no later one, without running any
    ///
    /// For a database that was changed by hand: after a migration without a transaction that failed half-way, or an edited one.
    Stamp(database::Stamp),
    /// Bring `migrations.lock` up to the files of the migrations
    ///
    /// A database that has a migration remembers the hash of its code: formatting and comments may change, code may not.
    Seal(seal::Seal),
    /// After a merge of two branches that both added migrations: seal anew those that come later on the list
    ///
    /// Databases that have one of them already will say that the other is late.
    Rebase,
    /// Bring each migration up, down and up again, in scratch databases with rows in the tables
    ///
    /// On SQLite always, on PostgreSQL where a server is given. Ends with 0 where the schema comes back and rows survive, 1 where
    /// a migration does not hold, 2 where there is no answer, 3 where the history is broken.
    Verify(verify::Verify),
}

/// What the program says, and ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// 0 fine, 1 entities and migrations disagree or a migration failed, 2 wrong usage or no connection, 3 the history of
    /// migrations is broken, 4 refused until somebody has looked.
    pub code: u8,
    /// For standard output.
    pub said: String,
    /// For standard error.
    pub complaint: String,
}

impl Answer {
    fn of(code: u8, said: impl Into<String>) -> Self {
        Self {
            code,
            said: said.into(),
            complaint: String::new(),
        }
    }

    fn complaint(code: u8, complaint: impl Into<String>) -> Self {
        Self {
            code,
            said: String::new(),
            complaint: complaint.into(),
        }
    }

    fn tell(&self) -> ExitCode {
        // Who has stopped to read has read enough.
        let _ = writes(std::io::stdout().lock(), &self.said);
        let _ = writes(std::io::stderr().lock(), &self.complaint);
        ExitCode::from(self.code)
    }
}

fn writes(mut to: impl Write, text: &str) -> std::io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(to, "{text}")?;
    to.flush()
}

impl<M: MigratorTrait> Project<M> {
    /// Does what the arguments of this process say: the whole `main` of a project's `migrate`.
    pub async fn main(&self) -> ExitCode {
        self.answer(std::env::args_os()).await.tell()
    }

    /// Does what the arguments say, of which the first is the program's name.
    pub async fn answer(&self, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Answer {
        let command = Arguments::command().bin_name(self.name());
        let arguments = arguments.into_iter().map(Into::into);
        let arguments = command.try_get_matches_from(arguments.collect::<Vec<OsString>>());
        let arguments = arguments.and_then(|it| Arguments::from_arg_matches(&it));
        match arguments {
            Ok(arguments) => {
                let answer = Box::pin(self.execute(&arguments.verb)).await;
                answer.unwrap_or_else(|it| Answer::complaint(it.exit_code(), it.to_string()))
            }
            Err(error) => {
                let text = error.render().to_string();
                let text = text.trim_end();
                match error.exit_code() {
                    0 => Answer::of(0, text),
                    _ => Answer::complaint(2, text),
                }
            }
        }
    }

    async fn execute(&self, verb: &Verb) -> Result<Answer, Error> {
        match verb {
            Verb::Check(check) => check.execute(self).await,
            Verb::Generate(generate) => generate.execute(self).await,
            Verb::Up(up) => up.execute(self).await,
            Verb::Down(down) => down.execute(self).await,
            Verb::Status(look) => look.status(self).await,
            Verb::History(look) => look.history(self).await,
            Verb::Heads => Ok(database::heads(self)),
            Verb::Stamp(stamp) => stamp.execute(self).await,
            Verb::Seal(seal) => seal.execute(self),
            Verb::Rebase => seal::rebase(self),
            Verb::Verify(verify) => verify.execute(self).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
