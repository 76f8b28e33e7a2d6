//! Sensible random data.

pub mod roles;
pub mod sessions;
pub mod users;
