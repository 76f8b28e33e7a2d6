//! Sensible random data.

pub mod api_keys;
pub mod projects;
pub mod roles;
pub mod sessions;
pub mod signing_keys;
pub mod users;
