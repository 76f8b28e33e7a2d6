//! Compares SeaORM entities with the schema that the migrations really produce, on SQLite and PostgreSQL.
//!
//! [`check`] makes two empty scratch databases, runs the migrations in one and applies the entities in the other, reads
//! both by the same reader, and tells each [`Difference`].

mod catalog;
mod check;
mod compare;
mod difference;
mod entities;
mod error;
mod normalise;
mod origin;
mod postgres;
mod scratch;
mod sqlite;

pub use check::check;
pub use difference::{Difference, Kind, Object, Severity, Side};
pub use entities::Entities;
pub use error::Error;
pub use scratch::Server;
