use std::fmt;

use serde::Serialize;

/// One thing that is not the same in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub object: Object,
    pub side: Side,
    pub severity: Severity,
    /// What is different, as a sentence.
    pub message: String,
    /// What to do about it, as a sentence.
    pub next: String,
    /// The last migration that made it what it is; `None` where no migration did.
    pub migration: Option<String>,
}

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Object {
    pub kind: Kind,
    /// `None` for what belongs to no table.
    pub table: Option<String>,
    /// Its own name; empty where it has none.
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Enum,
    Table,
    Column,
    PrimaryKey,
    Index,
    ForeignKey,
    Check,
    View,
    Trigger,
}

/// Who is ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Only the entities (or the extras) have it.
    Entities,
    /// Only the migrations make it.
    Migrations,
    /// Only the database has it, in a comparison with a real one.
    Database,
    /// Both have it, and not the same.
    Both,
}

/// What it would cost a database that the migrations have made to become what the entities say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Safe,
    /// Rows may speak against it: a NULL, a duplicate, a child without a parent.
    MayFail,
    /// Values are lost.
    Destructive,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Entities => "entities ahead",
            Self::Migrations => "migrations ahead",
            Self::Database => "database ahead",
            Self::Both => "both, differently",
        })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cost = match self.severity {
            Severity::Safe => "",
            Severity::MayFail => " Rows that are there may speak against it.",
            Severity::Destructive => " To follow the entities would lose values.",
        };
        write!(f, "{}: {}", self.side, self.message)?;
        match &self.migration {
            Some(migration) => write!(f, " It is from {migration}.")?,
            None if self.side == Side::Database => f.write_str(" No migration makes it.")?,
            None => {}
        }
        write!(f, "{cost}\n  Next: {}", self.next)
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Enum => "enum",
            Kind::Table => "table",
            Kind::Column => "column",
            Kind::PrimaryKey => "primary key",
            Kind::Index => "index",
            Kind::ForeignKey => "foreign key",
            Kind::Check => "check",
            Kind::View => "view",
            Kind::Trigger => "trigger",
        };
        match (&self.table, self.name.as_str()) {
            (Some(table), name) if self.kind == Kind::Column => write!(f, "{kind} {table}.{name}"),
            (Some(table), "") => write!(f, "{kind} of {table}"),
            (Some(table), name) => write!(f, "{kind} {name} of {table}"),
            (None, name) => write!(f, "{kind} {name}"),
        }
    }
}
