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

/// A session that can still be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSession {
    pub session: Session,
    /// When its refresh token was made: at the sign-in, or at the last refresh.
    pub refreshed_at: DateTime<Utc>,
}

impl LiveSession {
    /// When it was last given an access token. What was done with it came at most the lifetime of one later.
    #[must_use]
    pub fn last_used_at(&self) -> DateTime<Utc> {
        self.refreshed_at.max(self.session.authenticated_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_was_last_used_when_it_was_refreshed_or_the_password_given_whichever_is_later() {
        let at = |minute| DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let (id, user) = (SessionId(Uuid::nil()), UserId(Uuid::nil()));
        let live = |refreshed, authenticated| LiveSession {
            session: Session {
                authenticated_at: at(authenticated),
                ..Session::begun(id, user, at(0), TimeDelta::days(1))
            },
            refreshed_at: at(refreshed),
        };

        assert_eq!(live(0, 0).last_used_at(), at(0));
        assert_eq!(live(9, 0).last_used_at(), at(9));
        assert_eq!(live(9, 12).last_used_at(), at(12));
    }
}
