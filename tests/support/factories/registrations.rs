use chrono::TimeDelta;
use domain::one_time_tokens::{OneTimeToken, OneTimeTokenHash, TokenPurpose};
use domain::registrations::{Registration, RegistrationId};
use domain::users::{DisplayName, EmailAddress};
use uuid::Uuid;

use super::users::email;

/// Somebody new who asks for an account.
#[must_use]
pub fn registration() -> Registration {
    Registration {
        id: RegistrationId(Uuid::now_v7()),
        email: EmailAddress::parse(&email()).expect("it is one"),
        display_name: DisplayName::parse("Grace").expect("it is one"),
        created_at: chrono::SubsecRound::trunc_subsecs(chrono::Utc::now(), 6),
    }
}

/// A token of random bytes that makes the account, within an hour.
#[must_use]
pub fn registration_token(of: &Registration) -> OneTimeToken {
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    let (hash, purpose) = (OneTimeTokenHash(hash), TokenPurpose::Registration(of.id));
    OneTimeToken::issued(hash, purpose, of.created_at, TimeDelta::hours(1))
}
