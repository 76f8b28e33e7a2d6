use chrono::TimeDelta;
use domain::email_changes::{EmailChange, EmailChangeId};
use domain::one_time_tokens::{OneTimeToken, OneTimeTokenHash, TokenPurpose};
use domain::users::{EmailAddress, User};
use uuid::Uuid;

use super::users::email;

/// Another address for them, later than any that was made before.
#[must_use]
pub fn email_change(of: &User) -> EmailChange {
    EmailChange {
        id: EmailChangeId(Uuid::now_v7()),
        user_id: of.id,
        old_email: of.email.clone(),
        new_email: EmailAddress::parse(&email()).expect("it is one"),
        requested_at: of.created_at,
        confirmed_at: None,
    }
}

/// A token of random bytes that is good for it, within an hour.
#[must_use]
pub fn email_change_token(of: &EmailChange, purpose: TokenPurpose) -> OneTimeToken {
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    let (hash, hour) = (OneTimeTokenHash(hash), TimeDelta::hours(1));
    OneTimeToken::issued(hash, purpose, of.requested_at, hour)
}
