use sea_orm::{DbErr, RuntimeErr};
use sea_orm_migration_runner::seal::SealError;
use thiserror::Error;

use crate::plan::Question;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum Error {
    #[error(
        "no connection to {server}: {source}. Is a server running there, and are user and password right?"
    )]
    Unreachable { server: String, source: DbErr },
    #[error(
        "{server} does not let this user create a database. Scratch databases are made and dropped for each comparison: \
         give the user the right (ALTER ROLE name CREATEDB), or another user in the URL"
    )]
    MayNotCreate { server: String },
    #[error(
        "the scratch database {name} exists already, and whatever is in it stays untouched. Try again: the next name is another one"
    )]
    NameTaken { name: String },
    #[error("the scratch database {name} is not empty, so what is in it is no answer")]
    NotEmpty { name: String },
    #[error("the scratch database {name} cannot be made: {source}")]
    Scratch { name: String, source: DbErr },
    #[error(
        "the scratch database {name} cannot be dropped: {source}. Drop it yourself: DROP DATABASE \"{name}\""
    )]
    Left { name: String, source: DbErr },
    #[error(
        "entities missing in the list: {}. Add them; until then the migrations' tables for them would look as if nobody \
         wanted them",
        .0.join(", ")
    )]
    Forgotten(Vec<String>),
    #[error(
        "SeaORM's registry knows no entity below `{0}`. Is it the module's path, with the crate's name first and `_` for `-`?"
    )]
    NothingRegistered(String),
    #[error("two entities of the list have the table {0}. Take one out")]
    Twice(String),
    #[error("SeaORM has no words for the entity of the table {table} on {engine}: {reason}")]
    Inexpressible {
        table: String,
        engine: &'static str,
        reason: String,
    },
    #[error("the entities cannot be made into tables: {source}. The statement was: {statement}")]
    Entities { statement: String, source: DbErr },
    #[error("the extras fail on top of the entities: {0}")]
    Extras(DbErr),
    #[error("the migrations fail on an empty database: {0}")]
    Migrations(sea_orm_migration_runner::Error),
    #[error("somebody has to decide first:{}", told(.0))]
    Refused(Vec<Question>),
    #[error(
        "there is nothing to rename by {0}: the old name must be of the migrations alone, the new one of the entities alone, \
         unless another --rename takes it or gives it. Where something new gets the old name, let the rename be written first"
    )]
    NoSuchRename(String),
    #[error(
        "there is no {0} in the entities that --backfill could give a value. Is it spelled as the table has it?"
    )]
    NoSuchColumn(String),
    #[error("{0}. Write this migration by hand: generate --empty begins one")]
    NoWay(String),
    #[error(
        "an operation fails on an empty database: {source}. Write this migration by hand: generate --empty begins one. \
         The statement was: {statement}"
    )]
    Operation { statement: String, source: DbErr },
    #[error(
        "`{operation}` needs words of its own on {engine}, and {engine} was not asked: give --postgres URL, or set \
         MIGRATE_POSTGRES_URL"
    )]
    OneEngine {
        operation: String,
        engine: &'static str,
    },
    #[error("`{0}` makes no name for a file: say in some words what changes")]
    Name(String),
    #[error(
        "{file} does not say where new migrations go. Put the line `{MODULES}` below the last module of a migration, and \
         `{MIGRATIONS}` below the last migration of the list, each once"
    )]
    Marks { file: String },
    #[error("{path} cannot be used: {cause}")]
    File { path: String, cause: std::io::Error },
    #[error("the catalog cannot be read: {0}")]
    Catalog(DbErr),
    #[error("{0}")]
    Panicked(String),
    #[error("{0}")]
    Usage(String),
    #[error("{database} cannot be opened: {source}. Is it there, and is the URL right?")]
    NoDatabase { database: String, source: DbErr },
    #[error("{0} rolls back a part of what it does, and a script has no words for that: run it")]
    TakesBack(String),
    #[error("{file} cannot be used as a dump: {reason}")]
    Dump { file: String, reason: String },
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Runner(#[from] sea_orm_migration_runner::Error),
}

/// The lines of a migration crate's `src/lib.rs` above which new ones go.
pub(crate) const MODULES: &str = "// Above this line: new modules.";
pub(crate) const MIGRATIONS: &str = "// Above this line: new migrations.";

impl Error {
    /// What a command line should end with: 1 a migration failed, 2 wrong usage or no connection, 3 the history of
    /// migrations is broken, 4 refused.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Migrations(error) | Self::Runner(error) => error.exit_code(),
            Self::Seal(SealError::Broken(_)) => 3,
            Self::Seal(SealError::Edited(_)) | Self::TakesBack(_) | Self::Refused(_) => 4,
            _ => 2,
        }
    }
}

fn told(questions: &[Question]) -> String {
    let questions = questions.iter().map(|it| format!("\n- {it}"));
    questions.collect()
}

/// The SQLSTATE of a refusal.
pub(crate) fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Conn(error) | DbErr::Exec(error) | DbErr::Query(error)) = error else {
        return None;
    };
    let RuntimeErr::SqlxError(error) = error else {
        return None;
    };
    let code = error.as_database_error()?.code()?;
    Some(code.into_owned())
}
