//! Sensible random data.

pub mod sessions;
pub mod users;
