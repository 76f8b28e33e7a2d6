use chrono::{DateTime, TimeDelta, Utc};

use super::{Session, SessionId};

/// What a refresh token is known by: the token itself is kept nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RefreshTokenHash(pub [u8; 32]);

/// With the token itself, it makes the one token that may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshSalt(pub [u8; 32]);

/// A secret that is given once for another access token, and for its successor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub hash: RefreshTokenHash,
    pub session_id: SessionId,
    pub salt: RefreshSalt,
    pub created_at: DateTime<Utc>,
    /// Unused, it is void from then on.
    pub expires_at: DateTime<Utc>,
    /// When it was given first.
    pub used_at: Option<DateTime<Utc>>,
}

/// What giving a token means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshTokenState {
    /// It was never given.
    Fresh,
    /// It was given a moment ago: an answer that was lost, or two tabs.
    JustSpent,
    /// It was given some time ago: whoever has it now should not.
    Spent,
    /// Nobody has given it in time.
    Expired,
}

impl RefreshToken {
    /// It lives for `idle`, and never longer than its session.
    #[must_use]
    pub fn issued(
        hash: RefreshTokenHash,
        salt: RefreshSalt,
        session: &Session,
        now: DateTime<Utc>,
        idle: TimeDelta,
    ) -> Self {
        Self {
            hash,
            session_id: session.id,
            salt,
            created_at: now,
            expires_at: session.expires_at.min(now + idle),
            used_at: None,
        }
    }

    /// A token that was given stays given: that it would have expired since hides no thief.
    #[must_use]
    pub fn state(&self, now: DateTime<Utc>, reuse_window: TimeDelta) -> RefreshTokenState {
        match self.used_at {
            Some(at) if now < at + reuse_window => RefreshTokenState::JustSpent,
            Some(_) => RefreshTokenState::Spent,
            None if now < self.expires_at => RefreshTokenState::Fresh,
            None => RefreshTokenState::Expired,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::users::UserId;

    const LIFETIME: i64 = 6;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    fn token(issued: i64, idle: i64, used_at: Option<i64>) -> RefreshToken {
        let (id, user) = (SessionId(Uuid::nil()), UserId(Uuid::nil()));
        let session = Session::begun(id, user, at(0), TimeDelta::seconds(LIFETIME));
        let idle = TimeDelta::seconds(idle);
        RefreshToken {
            used_at: used_at.map(at),
            ..RefreshToken::issued(
                RefreshTokenHash([1; 32]),
                RefreshSalt([2; 32]),
                &session,
                at(issued),
                idle,
            )
        }
    }

    fn state(token: &RefreshToken, now: i64, window: i64) -> RefreshTokenState {
        token.state(at(now), TimeDelta::seconds(window))
    }

    #[test]
    fn a_token_ends_with_its_idle_time_or_its_session_whichever_is_first() {
        for issued in 0..LIFETIME {
            for idle in 1..=2 * LIFETIME {
                let ends = token(issued, idle, None).expires_at;

                assert_eq!(ends, at((issued + idle).min(LIFETIME)));
            }
        }
    }

    #[test]
    fn an_unused_token_is_fresh_until_its_end_and_expired_from_then_on() {
        for idle in 1..=2 * LIFETIME {
            let token = token(0, idle, None);
            for now in 0..=2 * LIFETIME {
                for window in 0..=3 {
                    let fresh = at(now) < token.expires_at;
                    let expected = if fresh {
                        RefreshTokenState::Fresh
                    } else {
                        RefreshTokenState::Expired
                    };

                    assert_eq!(state(&token, now, window), expected);
                }
            }
        }
    }

    /// Whatever else is true of it, and also when the clocks of two servers differ.
    #[test]
    fn a_used_token_is_never_fresh_again_and_just_spent_for_the_window_alone() {
        for idle in 1..=LIFETIME {
            for used in 0..idle {
                let token = token(0, idle, Some(used));
                for now in 0..=2 * LIFETIME {
                    for window in 0..=3 {
                        let expected = if now < used + window {
                            RefreshTokenState::JustSpent
                        } else {
                            RefreshTokenState::Spent
                        };

                        assert_eq!(state(&token, now, window), expected);
                    }
                }
            }
        }
    }
}
