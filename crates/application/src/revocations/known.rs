use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Version;
use domain::api_keys::ApiKeyId;
use domain::revocations::Revocation;
use domain::roles::{Rights, RoleName};
use domain::sessions::{SessionId, TokenVersion};
use domain::users::UserId;

use super::{FeedPosition, Published};
use crate::Clock;
use crate::api_keys::Reading;
use crate::sessions::AccessClaims;

/// What this process knows of the feed: enough to judge a token without asking the database, as
/// long as the feed is followed.
pub struct KnownRevocations {
    clock: Arc<dyn Clock>,
    access_lifetime: TimeDelta,
    state: RwLock<State>,
}

/// What there is to say about a token whose signature is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    Valid(Rights),
    Void,
    /// Only the database can tell.
    Unknown,
}

/// What somebody's rights are told by, and when that was so.
struct Said<'a> {
    user: UserId,
    token_version: TokenVersion,
    roles: &'a [RoleName],
    at: DateTime<Utc>,
}

#[derive(Default)]
struct State {
    /// With the time from which on no token of theirs can be left.
    ended: HashMap<SessionId, DateTime<Utc>>,
    outdated: HashMap<UserId, (TokenVersion, DateTime<Utc>)>,
    changed_keys: HashMap<ApiKeyId, (Version, DateTime<Utc>)>,
    /// What each role grants, unless that has changed meanwhile.
    roles: Option<HashMap<RoleName, Rights>>,
    /// How often what roles grant has changed.
    role_changes: u64,
    position: Option<FeedPosition>,
    /// When the clock's `elapsed` was what, all that was in the feed then is known.
    complete_at: Option<Duration>,
}

impl KnownRevocations {
    /// A feed that has not been read for so long is not relied on.
    pub const SILENCE: Duration = Duration::from_secs(2);

    /// How much longer than a token can live an entry counts: clocks of servers differ, and a
    /// transaction takes its time from the reading of the clock to its commit.
    const MARGIN: TimeDelta = TimeDelta::minutes(5);

    /// Nothing, so far. No access token lives longer than `access_lifetime`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, access_lifetime: TimeDelta) -> Self {
        Self {
            clock,
            access_lifetime,
            state: RwLock::default(),
        }
    }

    /// Whether a token that was signed here, and has not expired, is still good, and for what.
    #[must_use]
    pub fn judge(&self, claims: &AccessClaims, now: DateTime<Utc>) -> Judgement {
        let state = self.read();
        if state.ended.contains_key(&claims.session_id) {
            return Judgement::Void;
        }
        let said = Said {
            user: claims.user_id,
            token_version: claims.token_version,
            roles: &claims.roles,
            // An older one was signed when tokens lived longer: the feed does not reach back to it.
            at: claims.issued_at,
        };
        self.judge_what_was_said(&state, &said, now)
    }

    /// Whether what was read about a key and its owner still holds, and what the owner may do. It counts as long as an
    /// access token would that was signed at the time of the reading.
    pub(crate) fn judge_key(&self, reading: &Reading, now: DateTime<Utc>) -> Judgement {
        let (state, key) = (self.read(), &reading.standing);
        let changed = state.changed_keys.get(&key.id);
        if changed.is_some_and(|(below, _)| key.version < *below) {
            return Judgement::Void;
        }
        let said = Said {
            user: key.user_id,
            token_version: key.token_version,
            roles: &key.roles,
            at: reading.at,
        };
        self.judge_what_was_said(&state, &said, now)
    }

    fn judge_what_was_said(&self, state: &State, said: &Said<'_>, now: DateTime<Utc>) -> Judgement {
        let outdated = state.outdated.get(&said.user);
        if outdated.is_some_and(|(below, _)| said.token_version < *below) {
            return Judgement::Void;
        }
        let too_old = said.at + self.access_lifetime <= now;
        if too_old || !self.is_current(state) {
            return Judgement::Unknown;
        }
        // A role that is not known is one of this moment.
        let rights = state.roles.as_ref().and_then(|known| {
            let granted = said.roles.iter().map(|it| known.get(it).copied());
            granted.collect::<Option<Rights>>()
        });
        rights.map_or(Judgement::Unknown, Judgement::Valid)
    }

    /// What this process has committed itself: it need not wait for the feed.
    pub fn heard(&self, revocation: Revocation) {
        let until = self.until(self.clock.now());
        self.write().add(revocation, until);
    }

    /// How long the feed has to be kept.
    pub(crate) fn needed_from(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - self.access_lifetime - Self::MARGIN
    }

    pub(super) fn position(&self) -> FeedPosition {
        self.read().position.unwrap_or(FeedPosition::START)
    }

    pub(super) fn take(&self, entries: &[Published]) {
        let now = self.clock.now();
        let mut state = self.write();
        for entry in entries {
            let until = self.until(entry.at);
            if now < until {
                state.add(entry.revocation, until);
            }
            state.position = Some(entry.position);
        }
    }

    /// The number of the change since which it is not known what roles grant.
    pub(super) fn role_change(&self) -> Option<u64> {
        let state = self.read();
        state.roles.is_none().then_some(state.role_changes)
    }

    /// What the roles have granted since that change, unless there was another.
    pub(super) fn put_roles(&self, roles: HashMap<RoleName, Rights>, change: u64) {
        let mut state = self.write();
        if state.role_changes == change {
            state.roles = Some(roles);
        }
    }

    /// Everything that was in the feed at that moment is known.
    pub(super) fn complete(&self, elapsed: Duration) {
        self.write().complete_at = Some(elapsed);
    }

    pub(super) fn rewind(&self) {
        let mut state = self.write();
        state.position = None;
        state.forget_roles();
    }

    pub(super) fn forget_old(&self, now: DateTime<Utc>) {
        let mut state = self.write();
        state.ended.retain(|_, until| now < *until);
        state.outdated.retain(|_, (_, until)| now < *until);
        state.changed_keys.retain(|_, (_, until)| now < *until);
    }

    fn until(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        at + self.access_lifetime + Self::MARGIN
    }

    fn is_current(&self, state: &State) -> bool {
        let silent = |at| self.clock.elapsed().saturating_sub(at) >= Self::SILENCE;
        state.complete_at.is_some_and(|at| !silent(at))
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        // Whoever panicked has left whole entries behind.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, revocation: Revocation, until: DateTime<Utc>) {
        match revocation {
            Revocation::Session(id) => {
                self.ended.insert(id, until);
            }
            Revocation::Tokens { user, below } => {
                let known = self.outdated.entry(user).or_insert((below, until));
                *known = (known.0.max(below), known.1.max(until));
            }
            Revocation::ApiKey { key, below } => {
                let known = self.changed_keys.entry(key).or_insert((below, until));
                *known = (known.0.max(below), known.1.max(until));
            }
            Revocation::Role(_) => self.forget_roles(),
        }
    }

    fn forget_roles(&mut self) {
        self.roles = None;
        self.role_changes += 1;
    }
}
