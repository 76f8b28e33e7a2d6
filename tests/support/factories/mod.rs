//! Sensible random data.

pub mod one_time_tokens;
pub mod outbox;
pub mod roles;
pub mod sessions;
pub mod users;
