use chrono::{DateTime, Utc};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use uuid::Uuid;

/// A letter that is due at that time.
#[must_use]
pub fn queued(letter: Letter, at: DateTime<Utc>) -> OutboxMessage {
    OutboxMessage::queued(OutboxMessageId(Uuid::now_v7()), letter, at)
}
