use chrono::{DateTime, Utc};

use super::{DeliveryStatus, OutboxMessage, OutboxMessageId, Purpose};
use crate::users::UserId;

/// What may be told of a message that was given up. It has no place for an address: who looks after the mail need not know
/// who has asked for a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    pub id: OutboxMessageId,
    pub purpose: Purpose,
    /// None where the letter is to an address.
    pub user: Option<UserId>,
    pub attempts: u32,
    /// Why the last attempt has failed.
    pub failure: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When it was given up.
    pub failed_at: DateTime<Utc>,
}

impl DeadLetter {
    /// `None` when the message is still on its way.
    #[must_use]
    pub fn of(message: &OutboxMessage) -> Option<Self> {
        let dead = message.status == DeliveryStatus::Dead;
        dead.then(|| Self {
            id: message.id,
            purpose: message.letter.purpose(),
            user: message.letter.user(),
            attempts: message.attempts,
            failure: message.failure.clone(),
            created_at: message.created_at,
            failed_at: message.due_at,
        })
    }
}
