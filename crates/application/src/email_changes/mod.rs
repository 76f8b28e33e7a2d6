//! Another address for one's own account, and the way back.

mod ports;
mod service;
#[cfg(test)]
mod tests;

pub use ports::{EmailChangeReader, EmailChangeWriter};
#[cfg(test)]
pub(crate) use ports::{MockEmailChangeReader, MockEmailChangeWriter};
pub use service::EmailChanges;
