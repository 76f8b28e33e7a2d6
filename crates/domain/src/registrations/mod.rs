//! Accounts that people make for themselves.

mod error;
mod registration;

pub use error::RegistrationError;
pub use registration::{Registration, RegistrationId};
