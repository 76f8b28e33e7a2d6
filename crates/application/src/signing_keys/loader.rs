use std::sync::Arc;
use std::time::Duration;

use futures_util::lock::Mutex;

use super::KeyRing;
use crate::{Clock, Database, Error, Ports};

/// Brings the keys of the database to the ring of this process.
pub struct KeyLoader {
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
    ring: Arc<dyn KeyRing>,
    /// When somebody last looked for an unknown key, by the clock's `elapsed`.
    looked: Mutex<Option<Duration>>,
}

impl KeyLoader {
    /// How long nobody looks again. Anybody can send a token that names a key that is not there.
    pub const PAUSE: Duration = Duration::from_secs(10);

    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            ring: Arc::clone(&ports.key_ring),
            looked: Mutex::new(None),
        }
    }

    /// # Errors
    /// `Broken` when a key does not open; the store's.
    pub async fn load(&self) -> Result<(), Error> {
        self.ring.hold(&self.database.signing_keys().all().await?)
    }

    /// Looks for a key that is not in the ring, unless somebody has just done so. Who comes meanwhile
    /// waits for what they find.
    ///
    /// # Errors
    /// Those of [`KeyLoader::load`].
    pub async fn look_again(&self) -> Result<(), Error> {
        let mut looked = self.looked.lock().await;
        let now = self.clock.elapsed();
        if looked.is_some_and(|at| now.saturating_sub(at) < Self::PAUSE) {
            return Ok(());
        }
        // Before it is done: a database that fails, or a client that leaves, gives nobody another try.
        *looked = Some(now);
        self.load().await
    }
}
