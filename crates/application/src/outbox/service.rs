use std::sync::Arc;

use chrono::TimeDelta;
use domain::outbox::{DeliveryStatus, OutboxMessage, RetryPolicy};

use super::{MailFailure, Mailer};
use crate::one_time_tokens::OneTimeSecrets;
use crate::{Clock, Database, Error, Ports, System};

/// The worker that delivers mail. Any number of them may work on one database.
///
/// An attempt is three steps: it claims a message, writes the mail, sends it and writes down what became of
/// it. None of them holds a row, or the one connection that writes, while another is waited for. Whoever
/// is killed in between leaves a message that is due again after its lease. It is then sent once more with
/// the same `Message-ID`: nothing is lost, and a duplicate can be told.
pub struct Outbox {
    pub(super) database: Arc<dyn Database>,
    pub(super) clock: Arc<dyn Clock>,
    mailer: Arc<dyn Mailer>,
    pub(super) secrets: Arc<dyn OneTimeSecrets>,
    pub(super) policy: OutboxPolicy,
}

#[derive(Debug, Clone, Copy)]
pub struct OutboxPolicy {
    pub retry: RetryPolicy,
    /// How long an attempt may take; longer than the mailer does.
    pub lease: TimeDelta,
    pub lifetimes: TokenLifetimes,
}

/// How long mailed tokens are valid, from each attempt to mail them on.
#[derive(Debug, Clone, Copy)]
pub struct TokenLifetimes {
    pub password_reset: TimeDelta,
    pub invitation: TimeDelta,
    pub registration: TimeDelta,
    pub email_change: TimeDelta,
    pub email_change_cancel: TimeDelta,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    Delivered,
    /// There was nobody to write to, any more.
    Dropped,
    Failed(MailFailure),
    /// It has had all its attempts, and the last one never ended.
    GivenUp,
}

impl Outbox {
    #[must_use]
    pub fn new(ports: &Ports, policy: OutboxPolicy) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            mailer: Arc::clone(&ports.mailer),
            secrets: Arc::clone(&ports.one_time_secrets),
            policy,
        }
    }

    /// Tries to deliver the message that is due for longest; `None` when none is.
    ///
    /// # Errors
    /// The store's, and `Broken` when there is no randomness: the message is due again after its lease. A
    /// mailer that fails is a [`Delivery`], too.
    pub async fn deliver_next(&self, by: &System) -> Result<Option<Delivery>, Error> {
        // Without a transaction: mostly there is nothing to do.
        if !self.database.outbox().is_due(self.clock.now()).await? {
            return Ok(None);
        }
        let Some(message) = self.claim(by).await? else {
            return Ok(None);
        };
        if message.status == DeliveryStatus::Dead {
            return Ok(Some(Delivery::GivenUp));
        }
        let delivery = match self.write(by, &message).await? {
            None => Delivery::Dropped,
            Some(mail) => match self.mailer.send(&mail).await {
                Ok(()) => Delivery::Delivered,
                Err(failure) => Delivery::Failed(failure),
            },
        };
        self.settle(by, &message, &delivery).await?;
        Ok(Some(delivery))
    }

    /// Takes the message that is due for longest for one attempt, or gives it up if it has had all of them.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn claim(&self, by: &System) -> Result<Option<OutboxMessage>, Error> {
        let now = self.clock.now();

        let mut tx = self.database.begin(by.origin()).await?;
        let Some(mut message) = tx.outbox_mut().lock_due(now).await? else {
            return Ok(None);
        };
        if message.is_spent(&self.policy.retry) {
            message.give_up("its last attempt did not end".into(), now);
        } else {
            message.begin_attempt(now + self.policy.lease);
        }
        tx.outbox_mut().update(&message).await?;
        tx.commit().await?;
        Ok(Some(message))
    }

    /// Writes down what became of the claimed message. What was sent is no message any more, whoever tries
    /// it now; a failure counts only where nobody else has begun an attempt meanwhile.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn settle(
        &self,
        by: &System,
        claimed: &OutboxMessage,
        delivery: &Delivery,
    ) -> Result<(), Error> {
        let (now, policy) = (self.clock.now(), &self.policy.retry);

        let mut tx = self.database.begin(by.origin()).await?;
        if let Delivery::Failed(failure) = delivery {
            let found = tx.outbox_mut().lock(claimed.id).await?;
            if let Some(mut message) = found.filter(|it| it.attempts == claimed.attempts) {
                let why = failure.to_string();
                match failure {
                    MailFailure::Transient(_) => message.fail(why, policy, now),
                    MailFailure::Permanent(_) => message.give_up(why, now),
                }
                tx.outbox_mut().update(&message).await?;
            }
        } else {
            tx.outbox_mut().delete(claimed.id).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
