mod ports;
mod refusals;
mod service;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use ports::MockAuditReader;
pub use ports::{AuditEvent, AuditFilter, AuditReader};
pub(crate) use refusals::Refusals;
pub use service::AuditLog;
