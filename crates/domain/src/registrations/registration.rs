use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::users::{DisplayName, EmailAddress, Status, User, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RegistrationId(pub Uuid);

/// Somebody says that the address is theirs, and wants an account. It is no account yet, and no claim on the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    pub id: RegistrationId,
    pub email: EmailAddress,
    pub display_name: DisplayName,
    pub created_at: DateTime<Utc>,
}

impl Registration {
    /// The account of whoever has read the mail and chosen a password: active from the beginning.
    #[must_use]
    pub fn confirmed(self, id: UserId, now: DateTime<Utc>) -> User {
        User {
            status: Status::Active,
            ..User::invited(id, self.email, self.display_name, now)
        }
    }
}

impl From<Uuid> for RegistrationId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}
