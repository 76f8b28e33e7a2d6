use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{ApiKeyError, ApiKeyName};
use crate::Version;
use crate::roles::Rights;
use crate::users::UserId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiKeyId(pub Uuid);

/// What is kept of a key's secret: its SHA-256. More would be in vain against 256 bits that nobody can guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiKeyHash(pub [u8; 32]);

/// Something by which a program acts for its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub user_id: UserId,
    pub name: ApiKeyName,
    /// The most that can be done with it: what its owner may not do, it cannot do either.
    pub scopes: Rights,
    /// Moves with everything above.
    pub version: Version,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// To the minute, and known some time later.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What is to be different; `None` keeps what is there. When it expires stays: a longer life is another key's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiKeyChange {
    pub name: Option<ApiKeyName>,
    pub scopes: Option<Rights>,
}

impl ApiKey {
    /// Whether a key may live from `now` until `expires_at`.
    ///
    /// # Errors
    /// `ExpiryInvalid` when that is no time at all, or more than `most`.
    pub fn may_expire(
        expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
        most: TimeDelta,
    ) -> Result<(), ApiKeyError> {
        if now < expires_at && expires_at - now <= most {
            return Ok(());
        }
        Err(ApiKeyError::ExpiryInvalid(most.num_days()))
    }

    /// Writes the change into it. What is the same again is no change, and so no new version.
    pub fn apply(&mut self, change: ApiKeyChange, now: DateTime<Utc>) {
        let before = self.clone();
        if let Some(name) = change.name {
            self.name = name;
        }
        if let Some(scopes) = change.scopes {
            self.scopes = scopes;
        }
        if *self != before {
            self.version = self.version.next();
            self.updated_at = now;
        }
    }
}

impl From<Uuid> for ApiKeyId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roles::Permission;

    fn key() -> ApiKey {
        ApiKey {
            id: ApiKeyId(Uuid::from_u128(1)),
            user_id: UserId(Uuid::from_u128(2)),
            name: ApiKeyName::parse("CI").unwrap(),
            scopes: Rights::all(),
            version: Version::FIRST,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::UNIX_EPOCH + TimeDelta::days(30),
            last_used_at: None,
        }
    }

    #[test]
    fn several_changes_at_once_make_one_version_and_the_same_again_none() {
        let mut key = key();
        let later = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
        let change = ApiKeyChange {
            name: ApiKeyName::parse("Nightly").ok(),
            scopes: Some(Rights::from_iter([Permission::UsersRead])),
        };

        key.apply(change.clone(), later);
        let once = key.clone();
        key.apply(change, later + TimeDelta::hours(1));

        assert_eq!(once.name.as_str(), "Nightly");
        assert_eq!((once.version, once.updated_at), (Version(2), later));
        assert_eq!(key, once);
    }

    #[test]
    fn a_key_lives_for_some_time_and_no_longer_than_it_may() {
        let (now, most) = (DateTime::UNIX_EPOCH, TimeDelta::days(366));
        let instant = TimeDelta::microseconds(1);

        for good in [now + instant, now + most] {
            assert_eq!(ApiKey::may_expire(good, now, most), Ok(()), "{good}");
        }
        let refused = Err(ApiKeyError::ExpiryInvalid(366));
        let never = DateTime::<Utc>::MAX_UTC;
        for bad in [now, now - instant, now + most + instant, never] {
            assert_eq!(ApiKey::may_expire(bad, now, most), refused, "{bad}");
        }
    }
}
