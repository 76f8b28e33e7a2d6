//! Sensible random data.

pub mod api_keys;
pub mod roles;
pub mod sessions;
pub mod users;
