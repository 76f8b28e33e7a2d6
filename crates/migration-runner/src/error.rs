use std::time::Duration;

use sea_orm_migration::DbErr;
use thiserror::Error;

/// Why a verb did not do what it was asked for. What was done before it, stays.
#[derive(Debug, Error)]
pub enum Error {
    #[error("{name} failed and was rolled back: {cause}")]
    Failed { name: String, cause: DbErr },
    #[error(
        "{name} failed half-way, and runs without a transaction: {cause}. Finish or undo it by hand, then {STAMP}"
    )]
    HalfDone { name: String, cause: DbErr },
    #[error(
        "another process was still at it after {0:?}: run it again when that one is done, or end that one"
    )]
    Busy(Duration),
    #[error(
        "the connection that held the migration lock was lost: what it had not committed is undone; run it again"
    )]
    Lost,
    #[error("the migrations know no database but SQLite and PostgreSQL")]
    Engine,
    #[error("there is no migration {0}: `status` lists them")]
    NoSuch(String),
    #[error("the history of migrations is broken: {}", told(.0))]
    Broken(Vec<Fault>),
    #[error(
        "{0} runs without a transaction and was not seen to end. Finish or undo it by hand, then {STAMP}"
    )]
    Dirty(String),
    #[error(transparent)]
    Database(#[from] DbErr),
}

const STAMP: &str =
    "`stamp` the last migration that the database now has (`stamp base` when it has none)";

impl Error {
    /// What a command line should end with: 1 a migration failed or the lock was not to be had, 2 wrong usage or no
    /// connection, 3 the history is broken, 4 refused until somebody has looked at the database.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Failed { .. } | Self::HalfDone { .. } | Self::Busy(_) | Self::Lost => 1,
            Self::Engine | Self::NoSuch(_) | Self::Database(_) => 2,
            Self::Broken(_) => 3,
            Self::Dirty(_) => 4,
        }
    }
}

/// What is wrong with the history: nothing is run until it is right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    #[error(
        "the database has {0}, which this program does not know: run the newer program that brought it, or bring its file back"
    )]
    Unknown(String),
    #[error(
        "{name} is late: {after}, which comes after it, is applied already. Take that back with `down`, or list {name} after it"
    )]
    Late { name: String, after: String },
    #[error("{0} is listed twice: rename one of the two")]
    Doubled(String),
    #[error(
        "{0} was edited after this database had got it. Undo the edit and write a new migration; or, when the database \
         already is as the edited one would leave it, `stamp` the last migration that it has"
    )]
    Edited(String),
    #[error("{0} is in the lock of migrations and not in the program: bring its file back")]
    Missing(String),
    #[error("{0} is not in the lock of migrations: seal it")]
    Unsealed(String),
    #[error(
        "{0} has another place in the lock of migrations than in the program: list it where it was"
    )]
    Misplaced(String),
    #[error(
        "{one} and {other} both follow the same migration, as after a merge of two branches: list them in the order in \
         which they shall run, and rebase the lock of migrations"
    )]
    Fork { one: String, other: String },
    #[error(
        "the line of {0} in the lock of migrations does not follow those before it: one was removed, moved or changed \
         by hand. Bring the lock back, and seal"
    )]
    Unlinked(String),
    #[error("line {0} of the lock of migrations cannot be read: after a merge conflict, rebase it")]
    Unreadable(usize),
}

fn told(faults: &[Fault]) -> String {
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    faults.join("; ")
}
