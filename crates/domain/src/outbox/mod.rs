//! Mail that is still to be sent.

mod letter;
mod message;
mod retry;

pub use letter::{Letter, Purpose};
pub use message::{DeliveryStatus, OutboxMessage, OutboxMessageId};
pub use retry::RetryPolicy;
