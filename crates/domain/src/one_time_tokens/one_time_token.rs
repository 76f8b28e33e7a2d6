use chrono::{DateTime, TimeDelta, Utc};

use crate::email_changes::EmailChangeId;
use crate::registrations::RegistrationId;
use crate::users::UserId;

/// What a token is known by: the token itself is kept nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OneTimeTokenHash(pub [u8; 32]);

/// What a token is good for, and for whom: nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenPurpose {
    /// Another password.
    PasswordReset(UserId),
    /// The first password of an account that somebody else has made.
    Invitation(UserId),
    /// An account of one's own.
    Registration(RegistrationId),
    /// Another address.
    EmailChange(EmailChangeId),
    /// The old address, before and after the change.
    EmailChangeCancel(EmailChangeId),
}

/// A secret in somebody's mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    pub hash: OneTimeTokenHash,
    pub purpose: TokenPurpose,
    pub created_at: DateTime<Utc>,
    /// It is void from then on.
    pub expires_at: DateTime<Utc>,
}

impl OneTimeToken {
    #[must_use]
    pub fn issued(
        hash: OneTimeTokenHash,
        purpose: TokenPurpose,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Self {
        Self {
            hash,
            purpose,
            created_at: now,
            expires_at: now + lifetime,
        }
    }

    /// What it is good for, as long as it is.
    #[must_use]
    pub fn purpose_at(&self, now: DateTime<Utc>) -> Option<TokenPurpose> {
        (now < self.expires_at).then_some(self.purpose)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_token_is_good_until_its_end_and_void_from_then_on() {
        let purpose = TokenPurpose::PasswordReset(UserId(Uuid::nil()));
        let (now, minute) = (DateTime::UNIX_EPOCH, TimeDelta::minutes(1));
        let token = OneTimeToken::issued(OneTimeTokenHash([1; 32]), purpose, now, minute);

        let last = now + minute - TimeDelta::microseconds(1);
        assert_eq!(token.purpose_at(last), Some(purpose));
        assert_eq!(token.purpose_at(now + minute), None);
    }
}
