use std::sync::Arc;

use super::KnownRevocations;
use crate::{Clock, Database, Error, Ports};

/// Follows what makes tokens void, wherever it happens.
pub struct RevocationFeed {
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
    known: Arc<KnownRevocations>,
}

impl RevocationFeed {
    /// So many entries are read at once.
    pub(super) const PAGE: u64 = 1_000;

    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            known: Arc::clone(&ports.revocations),
        }
    }

    /// Reads the feed from where it was left to its end. Before that has happened once, each token
    /// costs a read of the database.
    ///
    /// # Errors
    /// Only the store's. What was read until then stays known.
    pub async fn read_on(&self) -> Result<(), Error> {
        loop {
            // Before it is asked: what it answers is not older.
            let asked = self.clock.elapsed();
            let position = self.known.position();
            let feed = self.database.revocations();
            let entries = feed.list_after(position, Self::PAGE).await?;
            self.known.take(&entries);
            if let Some(change) = self.known.role_change() {
                let roles = self.database.roles().rights_by_role().await?;
                self.known.put_roles(roles, change);
            }
            if (entries.len() as u64) < Self::PAGE {
                self.known.complete(asked);
                return Ok(());
            }
        }
    }

    /// Reads everything again with the next reading: after an outage, it may be the feed of another
    /// server that has taken over, and its positions may be others.
    pub fn rewind(&self) {
        self.known.rewind();
    }

    /// Forgets what no token can be left for, in this process: its rows are [`Upkeep`]'s.
    ///
    /// [`Upkeep`]: crate::upkeep::Upkeep
    pub fn forget_old(&self) {
        self.known.forget_old(self.clock.now());
    }
}
