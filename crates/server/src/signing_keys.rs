//! Keeps the keys that sign access tokens, where the database has them, as long as this server runs.

use std::sync::Arc;
use std::time::Duration;

use application::signing_keys::{KeyLoader, SigningKeys};
use application::{Error, Ids, System, SystemReason};

use crate::background::{Background, Stop};

/// Follows the keys of all servers, and makes and deletes what is due.
pub struct KeyKeeper {
    keys: SigningKeys,
    loader: KeyLoader,
    ids: Arc<dyn Ids>,
}

impl KeyKeeper {
    #[must_use]
    pub fn new(keys: SigningKeys, loader: KeyLoader, ids: Arc<dyn Ids>) -> Self {
        Self { keys, loader, ids }
    }

    /// Makes the first key, should there be none, and loads all.
    ///
    /// # Errors
    /// When the master keys open one of them not; the store's.
    pub async fn load(&self) -> anyhow::Result<()> {
        let by = System::acting(self.ids.next(), SystemReason::Upkeep);
        let kept_up = self.keys.keep_up(&by).await;
        let loaded = match kept_up {
            Ok(()) => self.loader.load().await,
            failed => failed,
        };
        loaded.map_err(|error| match error {
            Error::Broken(_) => anyhow::Error::from(error).context(WRONG_MASTER_KEY),
            error => error.into(),
        })
    }

    pub fn start(self, background: &mut Background) {
        let Self { keys, loader, ids } = self;
        // Apart: a database that is busy writing must not keep the keys from being read.
        background.start("signing keys", |mut stop: Stop| async move {
            tokio::select! {
                () = stop.told() => {}
                () = follow(&loader) => {}
            }
        });
        background.start("rotation of signing keys", |mut stop: Stop| async move {
            tokio::select! {
                () = stop.told() => {}
                () = keep_up(&keys, &*ids) => {}
            }
        });
    }
}

const WRONG_MASTER_KEY: &str = "security.master_key is not the one that sealed the signing keys: set it to that, or \
    name that in security.other_master_keys; where it is lost, `ashlar keys rotate --at-once` makes another key";

async fn follow(loader: &KeyLoader) {
    // Said once, not at every attempt.
    let mut fails = false;
    loop {
        tokio::time::sleep(FOLLOW_EVERY).await;
        let failed = loader.load().await.err();
        match (&failed, fails) {
            (Some(cause), false) => {
                tracing::warn!(%cause, "the signing keys cannot be followed: those known before go on");
            }
            (None, true) => tracing::info!("the signing keys are followed again"),
            (Some(_), true) | (None, false) => {}
        }
        fails = failed.is_some();
    }
}

async fn keep_up(keys: &SigningKeys, ids: &dyn Ids) {
    loop {
        tokio::time::sleep(KEEP_UP_EVERY).await;
        let by = System::acting(ids.next(), SystemReason::Upkeep);
        if let Err(cause) = keys.keep_up(&by).await {
            tracing::warn!(%cause, "the signing keys could not be kept up");
        }
    }
}

/// Far below the announcement of a key; and what was replaced at once is refused everywhere so soon.
const FOLLOW_EVERY: Duration = Duration::from_secs(10);

/// Often enough for what lasts minutes and days.
const KEEP_UP_EVERY: Duration = Duration::from_mins(1);
