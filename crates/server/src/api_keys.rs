//! Writes down when API keys were used, as long as this server runs and once more when it stops.

use std::sync::Arc;
use std::time::Duration;

use application::api_keys::ApiKeyUses;
use application::{Ids, System, SystemReason};

use crate::background::{Background, Stop};

/// What was used since the last time, at intervals: so a key is written once in each, however often it is used.
pub struct UsesOfApiKeys {
    uses: ApiKeyUses,
    ids: Arc<dyn Ids>,
}

impl UsesOfApiKeys {
    const EVERY: Duration = Duration::from_mins(1);

    #[must_use]
    pub fn new(uses: ApiKeyUses, ids: Arc<dyn Ids>) -> Self {
        Self { uses, ids }
    }

    pub fn start(self, background: &mut Background) {
        background.start("uses of API keys", |mut stop: Stop| async move {
            loop {
                tokio::select! {
                    () = stop.told() => return self.write().await,
                    () = tokio::time::sleep(Self::EVERY) => self.write().await,
                }
            }
        });
    }

    async fn write(&self) {
        let by = System::acting(self.ids.next(), SystemReason::Upkeep);
        if let Err(cause) = self.uses.write(&by).await {
            tracing::warn!(%cause, "when API keys were used could not be written down");
        }
    }
}
