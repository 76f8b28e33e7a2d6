//! Sensible random data.

pub mod users;
