//! Sensible random data.

pub mod projects;
pub mod roles;
pub mod sessions;
pub mod signing_keys;
pub mod users;
