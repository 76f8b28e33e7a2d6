use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use domain::api_keys::ApiKeyId;

use super::ApiKeyStanding;

/// What this process has read about keys that were good, so that the next request with one costs no statement, and when
/// each was used last. Whether what was read still holds is for the feed of revocations to say.
#[derive(Default)]
pub struct KnownApiKeys(Mutex<State>);

/// When as many are remembered as may be, the older half is forgotten.
#[derive(Default)]
struct State {
    newer: HashMap<ApiKeyId, Arc<Reading>>,
    older: HashMap<ApiKeyId, Arc<Reading>>,
    /// What is to be written down.
    used: HashMap<ApiKeyId, DateTime<Utc>>,
}

/// What the database said about a key.
pub(crate) struct Reading {
    pub(crate) standing: ApiKeyStanding,
    /// When it was asked: what has happened since it may not know.
    pub(crate) at: DateTime<Utc>,
}

impl KnownApiKeys {
    /// How many keys each half remembers: some 2 MB in all.
    pub(super) const HALF: usize = 4_096;

    pub(super) fn find(&self, id: ApiKeyId) -> Option<Arc<Reading>> {
        let state = self.state();
        let found = state.newer.get(&id).or_else(|| state.older.get(&id));
        found.map(Arc::clone)
    }

    pub(super) fn put(&self, reading: Reading) {
        let mut state = self.state();
        if state.newer.len() >= Self::HALF {
            state.older = std::mem::take(&mut state.newer);
        }
        let id = reading.standing.id;
        state.newer.insert(id, Arc::new(reading));
    }

    /// To the minute: so thousands of keys are written down by a few statements.
    pub(super) fn used(&self, id: ApiKeyId, at: DateTime<Utc>) {
        let minute = at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at);
        self.state().used.insert(id, minute);
    }

    /// Which keys were used since they were last taken, by when.
    pub(super) fn take_used(&self) -> BTreeMap<DateTime<Utc>, Vec<ApiKeyId>> {
        let used = std::mem::take(&mut self.state().used);
        let mut by_minute = BTreeMap::<_, Vec<_>>::new();
        for (id, minute) in used {
            by_minute.entry(minute).or_default().push(id);
        }
        by_minute
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked has left whole entries behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
