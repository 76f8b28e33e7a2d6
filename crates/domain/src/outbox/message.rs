use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Letter, RetryPolicy};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OutboxMessageId(pub Uuid);

impl From<Uuid> for OutboxMessageId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

/// A letter on its way. What was delivered is no message any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// The mail has it in its `Message-ID`, at every attempt: who gets it twice can tell.
    pub id: OutboxMessageId,
    pub letter: Letter,
    pub status: DeliveryStatus,
    /// How often somebody began to deliver it.
    pub attempts: u32,
    /// Nobody tries before. An attempt that is never ended counts as failed then.
    pub due_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    /// Why the last attempt that ended has failed.
    pub failure: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    Pending,
    /// Given up, until somebody says otherwise (a dead letter).
    Dead,
}

impl OutboxMessage {
    #[must_use]
    pub fn queued(id: OutboxMessageId, letter: Letter, now: DateTime<Utc>) -> Self {
        Self {
            id,
            letter,
            status: DeliveryStatus::Pending,
            attempts: 0,
            due_at: now,
            created_at: now,
            failure: None,
        }
    }

    /// Until then it is nobody else's.
    pub fn begin_attempt(&mut self, until: DateTime<Utc>) {
        self.attempts += 1;
        self.due_at = until;
    }

    /// Whether it has had all its attempts.
    #[must_use]
    pub fn is_spent(&self, policy: &RetryPolicy) -> bool {
        self.attempts >= policy.max_attempts
    }

    /// It comes back later, or is given up where it has had all its attempts.
    pub fn fail(&mut self, why: String, policy: &RetryPolicy, now: DateTime<Utc>) {
        if self.is_spent(policy) {
            self.give_up(why, now);
        } else {
            self.failure = Some(why);
            self.due_at = now + policy.wait_after(self.attempts, self.id);
        }
    }

    pub fn give_up(&mut self, why: String, now: DateTime<Utc>) {
        self.status = DeliveryStatus::Dead;
        self.failure = Some(why);
        self.due_at = now;
    }

    /// It has all its attempts again, and is due now. Why the last one has failed stays known.
    pub fn retry(&mut self, now: DateTime<Utc>) {
        self.status = DeliveryStatus::Pending;
        self.attempts = 0;
        self.due_at = now;
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::outbox::{DeadLetter, Purpose};
    use crate::users::UserId;

    const POLICY: RetryPolicy = RetryPolicy {
        first_wait: TimeDelta::seconds(30),
        longest_wait: TimeDelta::hours(1),
        max_attempts: 3,
    };

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    fn message() -> OutboxMessage {
        let letter = Letter::PasswordChanged(UserId(Uuid::nil()));
        OutboxMessage::queued(OutboxMessageId(Uuid::from_u128(7)), letter, at(0))
    }

    #[test]
    fn a_failure_postpones_until_the_last_attempt_which_gives_up() {
        let mut message = message();

        for attempt in 1..=3 {
            assert!(!message.is_spent(&POLICY));
            message.begin_attempt(at(100));
            message.fail(format!("{attempt}"), &POLICY, at(50));
            assert_eq!(message.failure, Some(format!("{attempt}")));
            if attempt < 3 {
                assert_eq!(message.status, DeliveryStatus::Pending);
                let wait = POLICY.wait_after(attempt, message.id);
                assert_eq!(message.due_at, at(50) + wait);
            }
        }

        assert_eq!(message.status, DeliveryStatus::Dead);
    }

    #[test]
    fn an_attempt_that_never_ends_counts_too() {
        let mut message = message();

        for _ in 0..3 {
            message.begin_attempt(at(100));
        }

        assert!(message.is_spent(&POLICY));
        assert_eq!((message.attempts, message.due_at), (3, at(100)));
    }

    #[test]
    fn what_was_given_up_is_a_dead_letter_until_it_is_tried_anew() {
        let mut message = message();
        message.begin_attempt(at(100));
        assert_eq!(DeadLetter::of(&message), None);

        message.give_up("550".into(), at(50));
        let dead = DeadLetter::of(&message).unwrap();
        message.retry(at(70));

        assert_eq!(dead.purpose, Purpose::PasswordChanged);
        assert_eq!(dead.user, Some(UserId(Uuid::nil())));
        assert_eq!((dead.attempts, dead.failed_at), (1, at(50)));
        assert_eq!(DeadLetter::of(&message), None);
        assert_eq!((message.attempts, message.due_at), (0, at(70)));
        assert!(!message.is_spent(&POLICY));
    }
}
