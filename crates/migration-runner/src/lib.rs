//! Runs the migrations of any SeaORM 2 project, on SQLite and PostgreSQL: one process at a time, a
//! transaction for each migration, and a history of its own beside SeaORM's table.
//!
//! On SQLite a migration runs without foreign keys, so that it can make tables anew ([`rebuild`]): it fails, and is rolled
//! back, when more rows than before would refer to nothing. One that changes rows alone, and would, is tried again with
//! the keys: they may know what ON DELETE is to do.
//!
//! ```
//! use std::time::Duration;
//!
//! use sea_orm_migration::prelude::*;
//! use sea_orm_migration::sea_orm::Database;
//! use sea_orm_migration_runner::{Error, Runner, Target};
//!
//! struct Migrator;
//!
//! impl MigratorTrait for Migrator {
//!     fn migrations() -> Vec<Box<dyn MigrationTrait>> {
//!         vec![]
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let database = Database::connect("sqlite::memory:").await?;
//! let runner = Runner::of::<Migrator>().waiting(Duration::from_secs(600));
//!
//! let applied: Vec<String> = runner.up(&database, &Target::All).await?;
//! runner.status(&database).await?.check()?;
//! # assert!(applied.is_empty());
//! # Ok(())
//! # }
//! ```

mod chain;
mod error;
mod event;
mod foreign_keys;
mod history;
mod lock_file;
mod rebuild;
mod runner;
#[cfg(feature = "seal")]
pub mod seal;
mod session;
mod status;
mod step;

pub use error::{Error, Fault};
pub use event::Event;
pub use rebuild::rebuild;
pub use runner::{Runner, Target};
pub use status::{Entry, State, Status};
