use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::upkeep::Leftover;

use crate::credentials::NETWORK_KNOWN_FOR;
use crate::revocations::KnownRevocations;
use crate::{Clock, Database, Error, Ports, System};

/// Deletes what nobody needs any more, in batches, so that nobody waits long for a row or for the one connection that
/// writes. It leaves no audit events: what was done is told already, that its rows go in time follows from the settings, and
/// an event for each would outnumber them.
pub struct Upkeep {
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
    revocations: Arc<KnownRevocations>,
    policy: RetentionPolicy,
}

/// How long things are kept that have done their work.
#[derive(Debug, Clone, Copy)]
pub struct RetentionPolicy {
    /// From its end.
    pub session: TimeDelta,
    /// From when it expired.
    pub api_key: TimeDelta,
    /// From when somebody asked for it.
    pub registration: TimeDelta,
    /// The same.
    pub email_change: TimeDelta,
    /// From when it was given up.
    pub dead_letter: TimeDelta,
    /// From when it occurred; at least the 90 days within which the database refuses to delete it.
    pub audit_event: TimeDelta,
}

/// What came of one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    /// Another server is at it.
    Elsewhere,
    /// So many rows went.
    Deleted(u64),
}

impl Upkeep {
    /// So many rows of a table go at once.
    pub const BATCH: u64 = 1_000;

    /// How much longer audit events are kept: the database counts their 90 days by its own clock, and refuses the whole batch
    /// for one that is too young.
    const MARGIN: TimeDelta = TimeDelta::hours(1);

    #[must_use]
    pub fn new(ports: &Ports, policy: RetentionPolicy) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            revocations: Arc::clone(&ports.revocations),
            policy,
        }
    }

    /// Deletes the oldest leftovers of one kind.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn clear(&self, by: &System, kind: Leftover) -> Result<Batch, Error> {
        let over_by = self.over_by(kind, self.clock.now());

        let mut tx = self.database.begin(by.origin()).await?;
        let upkeep = tx.upkeep_mut();
        if !upkeep.take_turn().await? {
            return Ok(Batch::Elsewhere);
        }
        let deleted = upkeep.delete_over(kind, over_by, Self::BATCH).await?;
        tx.commit().await?;
        Ok(Batch::Deleted(deleted))
    }

    /// What was over by then is not needed now.
    fn over_by(&self, kind: Leftover, now: DateTime<Utc>) -> DateTime<Utc> {
        let policy = &self.policy;
        match kind {
            Leftover::Sessions => now - policy.session,
            Leftover::OneTimeTokens => now,
            Leftover::Revocations => self.revocations.needed_from(now),
            Leftover::ApiKeys => now - policy.api_key,
            Leftover::SignInNetworks => now - NETWORK_KNOWN_FOR,
            Leftover::Registrations => now - policy.registration,
            Leftover::EmailChanges => now - policy.email_change,
            Leftover::DeadLetters => now - policy.dead_letter,
            Leftover::AuditEvents => now - policy.audit_event - Self::MARGIN,
        }
    }
}
