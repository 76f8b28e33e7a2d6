use std::sync::Arc;

use super::KnownApiKeys;
use crate::{Database, Error, Ports, System};

/// Writes down when keys were last used: beside the requests that use them, never in their way.
pub struct ApiKeyUses {
    database: Arc<dyn Database>,
    known: Arc<KnownApiKeys>,
}

impl ApiKeyUses {
    /// So many keys are written down by one statement.
    const AT_ONCE: usize = 1_000;

    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            known: Arc::clone(&ports.api_keys),
        }
    }

    /// Writes down what was used since the last time: each key once, however often it was used. What fails is not tried
    /// again: the next use of the key makes up for it.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn write(&self, by: &System) -> Result<(), Error> {
        let used = self.known.take_used();
        if used.is_empty() {
            return Ok(());
        }

        let mut tx = self.database.begin(by.origin()).await?;
        for (at, keys) in &used {
            for some in keys.chunks(Self::AT_ONCE) {
                tx.api_keys_mut().touch(some, *at).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}
