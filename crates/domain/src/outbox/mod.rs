//! Mail that is still to be sent.

mod dead_letter;
mod letter;
mod message;
mod retry;

pub use dead_letter::DeadLetter;
pub use letter::{Letter, Purpose};
pub use message::{DeliveryStatus, OutboxMessage, OutboxMessageId};
pub use retry::RetryPolicy;
