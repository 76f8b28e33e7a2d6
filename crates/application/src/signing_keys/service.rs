use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::{Action, Deed};
use domain::signing_keys::{KeySet, KeyState, SigningKey, SigningKeyId};

use super::KeyRing;
use crate::{Clock, Database, Error, Ids, Ports, System};

/// The life of the keys that sign access tokens.
pub struct SigningKeys {
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    ring: Arc<dyn KeyRing>,
    policy: SigningKeyPolicy,
}

#[derive(Debug, Clone, Copy)]
pub struct SigningKeyPolicy {
    /// How long a key signs.
    pub signing: TimeDelta,
    /// How long its tokens live at most.
    pub token_lifetime: TimeDelta,
}

/// What asking for another key has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    Begun(SigningKey),
    /// A key waits for its time already.
    UnderWay(SigningKey),
}

impl SigningKeys {
    #[must_use]
    pub fn new(ports: &Ports, policy: SigningKeyPolicy) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            ring: Arc::clone(&ports.key_ring),
            policy,
        }
    }

    /// Every key with its state, in the order in which they sign.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn list(&self, _by: &System) -> Result<Vec<(SigningKey, KeyState)>, Error> {
        let keys = self.database.signing_keys().all().await?;
        let states = keys.states(self.clock.now(), self.policy.token_lifetime);
        Ok(states.map(|(key, state)| (key.clone(), state)).collect())
    }

    /// Makes another key, which signs once it has been published for long enough. Who cannot open those
    /// that are there adds none that the others cannot open.
    ///
    /// # Errors
    /// `Broken` when a key does not open or none can be made; the store's.
    pub async fn rotate(&self, by: &System) -> Result<Rotation, Error> {
        let (made, now) = (self.ring.make()?, self.clock.now());

        let mut tx = self.database.begin(by.origin()).await?;
        let keys = tx.signing_keys_mut().lock_all().await?;
        if let Some(waiting) = keys.announced(now) {
            return Ok(Rotation::UnderWay(waiting.clone()));
        }
        self.ring.hold(&keys)?;
        let next = keys.successor(SigningKeyId(self.ids.next()), made, now);
        tx.signing_keys_mut().insert(&next).await?;
        tx.record(Deed::on(Action::SigningKeysRotated, next.id), now);
        tx.commit().await?;
        Ok(Rotation::Begun(next))
    }

    /// Makes another key, which signs at once, and deletes every other: for when one has become known to
    /// somebody, or the master key is lost. Every access token is void.
    ///
    /// # Errors
    /// `Broken` when no key can be made; the store's.
    pub async fn replace(&self, by: &System) -> Result<SigningKey, Error> {
        let (made, now) = (self.ring.make()?, self.clock.now());

        let mut tx = self.database.begin(by.origin()).await?;
        for old in tx.signing_keys_mut().lock_all().await?.keys() {
            tx.signing_keys_mut().delete(old.id).await?;
        }
        let id = SigningKeyId(self.ids.next());
        let only = KeySet::default().successor(id, made, now);
        tx.signing_keys_mut().insert(&only).await?;
        tx.record(Deed::on(Action::SigningKeysReplaced, only.id), now);
        tx.commit().await?;
        Ok(only)
    }

    /// Does what is due: makes the first key or the next one, and deletes those that no token needs. Of
    /// several servers that find the same due one does it.
    ///
    /// # Errors
    /// Those of [`SigningKeys::rotate`].
    pub async fn keep_up(&self, by: &System) -> Result<(), Error> {
        let now = self.clock.now();
        let known = self.database.signing_keys().all().await?;
        let wants = |keys: &KeySet| keys.wants_successor(now, self.policy.signing);
        let made = wants(&known).then(|| self.ring.make()).transpose()?;
        if made.is_none() && self.retired(&known, now).is_empty() {
            return Ok(());
        }

        let mut tx = self.database.begin(by.origin()).await?;
        let keys = tx.signing_keys_mut().lock_all().await?;
        for id in self.retired(&keys, now) {
            tx.signing_keys_mut().delete(id).await?;
            tx.record(Deed::on(Action::SigningKeysRetired, id), now);
        }
        // Another server may have been first.
        if let Some(made) = made.filter(|_| wants(&keys)) {
            self.ring.hold(&keys)?;
            let next = keys.successor(SigningKeyId(self.ids.next()), made, now);
            tx.signing_keys_mut().insert(&next).await?;
            tx.record(Deed::on(Action::SigningKeysRotated, next.id), now);
        }
        tx.commit().await?;
        Ok(())
    }

    fn retired(&self, keys: &KeySet, now: DateTime<Utc>) -> Vec<SigningKeyId> {
        let states = keys.states(now, self.policy.token_lifetime);
        let retired = states.filter(|(_, state)| *state == KeyState::Retired);
        retired.map(|(key, _)| key.id).collect()
    }
}
