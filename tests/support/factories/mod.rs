//! Sensible random data.

pub mod api_keys;
pub mod email_changes;
pub mod one_time_tokens;
pub mod outbox;
pub mod projects;
pub mod registrations;
pub mod roles;
pub mod sessions;
pub mod signing_keys;
pub mod users;
