use chrono::{DateTime, TimeDelta, Utc};

use crate::users::UserId;

/// What a token is known by: the token itself is kept nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OneTimeTokenHash(pub [u8; 32]);

/// What a token is good for, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPurpose {
    PasswordReset,
}

/// A secret in somebody's mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    pub hash: OneTimeTokenHash,
    pub purpose: TokenPurpose,
    pub user_id: UserId,
    pub created_at: DateTime<Utc>,
    /// It is void from then on.
    pub expires_at: DateTime<Utc>,
}

impl OneTimeToken {
    #[must_use]
    pub fn issued(
        hash: OneTimeTokenHash,
        purpose: TokenPurpose,
        user_id: UserId,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Self {
        Self {
            hash,
            purpose,
            user_id,
            created_at: now,
            expires_at: now + lifetime,
        }
    }

    #[must_use]
    pub fn is_good_for(&self, purpose: TokenPurpose, now: DateTime<Utc>) -> bool {
        self.purpose == purpose && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_token_is_good_until_its_end_and_void_from_then_on() {
        let (purpose, user) = (TokenPurpose::PasswordReset, UserId(Uuid::nil()));
        let (now, minute) = (DateTime::UNIX_EPOCH, TimeDelta::minutes(1));
        let token = OneTimeToken::issued(OneTimeTokenHash([1; 32]), purpose, user, now, minute);

        let last = now + minute - TimeDelta::microseconds(1);
        assert!(token.is_good_for(purpose, last));
        assert!(!token.is_good_for(purpose, now + minute));
    }
}
