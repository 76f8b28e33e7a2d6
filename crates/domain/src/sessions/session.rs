use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::users::UserId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(pub Uuid);

impl From<Uuid> for SessionId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

/// Counts how often everything that somebody was signed in with became void at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenVersion(pub i64);

impl TokenVersion {
    pub const FIRST: Self = Self(1);

    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// One sign-in, from its password to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    /// When the password was last given (`auth_time`, OpenID Connect Core, section 2).
    pub authenticated_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    /// It ends then, whatever is done with it.
    pub expires_at: DateTime<Utc>,
    /// When somebody ended it.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Session {
    /// For how long after the password was given its owner may do what is sensitive.
    pub const RECENT: TimeDelta = TimeDelta::minutes(5);

    #[must_use]
    pub fn begun(id: SessionId, user_id: UserId, now: DateTime<Utc>, lifetime: TimeDelta) -> Self {
        Self {
            id,
            user_id,
            authenticated_at: now,
            created_at: now,
            expires_at: now + lifetime,
            ended_at: None,
        }
    }

    #[must_use]
    pub fn goes_on(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}
