use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::users::{EmailAddress, Status, User, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailChangeId(pub Uuid);

/// Somebody wants another address for their account. It is no claim on that address until whoever reads its mail confirms
/// it, and for a while after that whoever reads the mail of the old one can take it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailChange {
    /// Greater than that of every earlier change.
    pub id: EmailChangeId,
    pub user_id: UserId,
    pub old_email: EmailAddress,
    pub new_email: EmailAddress,
    pub requested_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
}

impl EmailChange {
    /// Whether it waits for its confirmation, and `user` is still who asked for it.
    #[must_use]
    pub fn is_open_for(&self, user: &User) -> bool {
        self.confirmed_at.is_none() && user.status == Status::Active && user.email == self.old_email
    }
}

impl From<Uuid> for EmailChangeId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::DisplayName;

    fn email(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    fn ada() -> User {
        let name = DisplayName::parse("Ada").unwrap();
        let now = DateTime::UNIX_EPOCH;
        let ada = User::invited(UserId(Uuid::nil()), email("ada@example.org"), name, now);
        User {
            status: Status::Active,
            ..ada
        }
    }

    fn change() -> EmailChange {
        EmailChange {
            id: EmailChangeId(Uuid::nil()),
            user_id: ada().id,
            old_email: ada().email,
            new_email: email("countess@example.org"),
            requested_at: DateTime::UNIX_EPOCH,
            confirmed_at: None,
        }
    }

    #[test]
    fn a_change_is_open_until_it_is_confirmed_and_while_nothing_else_has_changed() {
        let confirmed = EmailChange {
            confirmed_at: Some(DateTime::UNIX_EPOCH),
            ..change()
        };
        let moved = User {
            email: email("lovelace@example.org"),
            ..ada()
        };
        let shut = User {
            status: Status::Deactivated,
            ..ada()
        };

        assert!(change().is_open_for(&ada()));
        assert!(!confirmed.is_open_for(&ada()));
        assert!(!change().is_open_for(&moved));
        assert!(!change().is_open_for(&shut));
    }
}
