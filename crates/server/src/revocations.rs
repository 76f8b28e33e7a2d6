//! Follows the revocations of all servers, as long as this one runs.

use std::sync::Arc;
use std::time::Duration;

use application::revocations::{KnownRevocations, RevocationFeed};
use application::{Error, Signal, SignalListener, StoreError};
use infrastructure::{RevocationPush, RevocationPushes};
use tokio::sync::Notify;

use crate::background::{Background, Stop};

/// Reads the feed at intervals, and at once when it is told that it has grown. The intervals are
/// what is relied on: they alone notice that the feed has fallen silent, and they are what SQLite
/// has, whose file other processes may write as well.
pub struct Follower {
    feed: RevocationFeed,
    pushes: Option<RevocationPushes>,
    every: Duration,
}

impl Follower {
    /// Half of the second within which a revocation is to be known everywhere, and a quarter of
    /// the silence after which the feed is not relied on.
    const EVERY: Duration = Duration::from_millis(500);

    #[must_use]
    pub fn new(feed: RevocationFeed, pushes: Option<RevocationPushes>) -> Self {
        Self {
            feed,
            pushes,
            every: Self::EVERY,
        }
    }

    /// Reads at other intervals.
    #[must_use]
    pub fn every(mut self, interval: Duration) -> Self {
        self.every = interval;
        self
    }

    /// Is told nothing, as on SQLite.
    #[must_use]
    pub fn without_pushes(mut self) -> Self {
        self.pushes = None;
        self
    }

    /// Reads everything that a token may have to be judged by.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn load(&self) -> Result<(), Error> {
        self.feed.read_on().await
    }

    pub fn start(self, background: &mut Background) {
        let grown = Arc::new(Notify::new());
        if let Some(pushes) = self.pushes {
            let grown = Arc::clone(&grown);
            background.start("revocation pushes", |mut stop: Stop| async move {
                tokio::select! {
                    () = stop.told() => {}
                    () = pass_on(&pushes, &grown) => {}
                }
            });
        }
        let feed = Arc::new(self.feed);
        let forgetting = Arc::clone(&feed);
        background.start("old revocations", |mut stop: Stop| async move {
            tokio::select! {
                () = stop.told() => {}
                () = forget_old(&forgetting) => {}
            }
        });
        let reading = Reading { feed, fails: false };
        background.start("revocations", move |mut stop: Stop| async move {
            tokio::select! {
                () = stop.told() => {}
                () = reading.go_on(self.every, &grown) => {}
            }
        });
    }
}

struct Reading {
    feed: Arc<RevocationFeed>,
    /// Said once, not at every attempt.
    fails: bool,
}

impl Reading {
    async fn go_on(mut self, every: Duration, grown: &Notify) {
        loop {
            self.read().await;
            let _ = tokio::time::timeout(every, grown.notified()).await;
        }
    }

    async fn read(&mut self) {
        // A connection that swallows bytes is left behind; the next attempt has another.
        let read = tokio::time::timeout(READ_TIMEOUT, self.feed.read_on()).await;
        let late = || Error::Store(StoreError::Unavailable("no answer in time".into()));
        let failed = read.unwrap_or_else(|_| Err(late())).err();
        match (&failed, self.fails) {
            (Some(cause), false) => {
                self.feed.rewind();
                tracing::warn!(%cause, "the revocations cannot be followed: requests ask the database");
            }
            (None, true) => tracing::info!("the revocations are followed again"),
            (Some(_), true) | (None, false) => {}
        }
        self.fails = failed.is_some();
    }
}

async fn forget_old(feed: &RevocationFeed) {
    loop {
        tokio::time::sleep(FORGET_EVERY).await;
        feed.forget_old();
    }
}

/// No longer than the feed may be silent.
const READ_TIMEOUT: Duration = Duration::from_secs(2);

/// Often enough for what is kept for minutes.
const FORGET_EVERY: Duration = Duration::from_mins(1);

async fn pass_on(pushes: &RevocationPushes, grown: &Notify) {
    let mut pause = FIRST_PAUSE;
    let mut lost = false;
    loop {
        let error = match pushes.listen().await {
            Ok(push) => {
                if lost {
                    tracing::info!("revocations are pushed again");
                }
                (pause, lost) = (FIRST_PAUSE, false);
                pass_on_from(push, grown).await
            }
            Err(error) => error,
        };
        if !lost {
            lost = true;
            tracing::warn!(cause = %error, "revocations are not pushed: they are read at intervals");
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// As long as the connection lasts.
async fn pass_on_from(mut push: RevocationPush, grown: &Notify) -> StoreError {
    loop {
        // At the beginning, too: something may have come while nobody listened.
        grown.notify_one();
        if let Err(error) = push.grown().await {
            return error;
        }
    }
}

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Tells the log, and who judges tokens, what has happened for good.
pub(crate) struct Listener(pub(crate) Arc<KnownRevocations>);

impl SignalListener for Listener {
    fn heard(&self, signal: Signal) {
        match signal {
            Signal::Revoked(revocation) => self.0.heard(revocation),
            Signal::SessionsEnded(user) => {
                tracing::info!(subject = %user.0, "sessions ended");
            }
        }
    }
}
