use chrono::TimeDelta;
use domain::one_time_tokens::{OneTimeToken, OneTimeTokenHash, TokenPurpose};
use domain::users::User;
use uuid::Uuid;

/// A token for another password, of random bytes, made with the account and valid for an hour.
#[must_use]
pub fn reset_token(of: &User) -> OneTimeToken {
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    let (hash, purpose) = (OneTimeTokenHash(hash), TokenPurpose::PasswordReset(of.id));
    OneTimeToken::issued(hash, purpose, of.created_at, TimeDelta::hours(1))
}
