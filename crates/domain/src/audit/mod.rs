//! What is written down for good: who did what to whom. Ids only: never an address, never a secret.

mod action;
mod deed;
mod network;

pub use action::{Action, Outcome};
pub use deed::{AuditEventId, Deed, Target};
pub use network::Network;
