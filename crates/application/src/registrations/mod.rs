//! Accounts that people make for themselves: a mail first, and a password then.

mod ports;
mod service;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use ports::{MockRegistrationReader, MockRegistrationWriter};
pub use ports::{RegistrationReader, RegistrationWriter};
pub use service::{NewRegistration, RegistrationPolicy, Registrations};
