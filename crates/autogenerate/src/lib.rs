//! Compares SeaORM entities with the schema that the migrations really produce, on SQLite and PostgreSQL.
//!
//! [`check`] makes two empty scratch databases, runs the migrations in one and applies the entities in the other, reads
//! both by the same reader, and tells each [`Difference`]. A [`Project`] is what does it from a command line.

mod catalog;
mod check;
#[cfg(feature = "cli")]
mod cli;
mod compare;
#[cfg(feature = "cli")]
mod connect;
mod difference;
mod entities;
mod error;
#[cfg(feature = "cli")]
mod generate;
mod ignore;
#[cfg(feature = "cli")]
mod literal;
mod normalise;
mod origin;
mod plan;
mod postgres;
mod project;
#[cfg(feature = "cli")]
mod record;
#[cfg(feature = "cli")]
mod render;
mod scratch;
mod snapshot;
mod sqlite;
mod verify;

pub use check::check;
#[cfg(feature = "cli")]
pub use cli::Answer;
pub use difference::{Difference, Kind, Object, Severity, Side};
pub use entities::Entities;
pub use error::Error;
#[cfg(feature = "cli")]
pub use generate::Draft;
pub use plan::{Backfill, Options, Plan, Question, RenamedColumn, RenamedTable, plan};
pub use project::Project;
pub use scratch::Server;
pub use verify::{Dump, Trial, Verification, Verified};
