//! Plans as the Rust of a migration.

mod blocks;
mod code;
mod file;
mod types;
mod words;

pub(crate) use file::{Hints, empty, file, operations};
