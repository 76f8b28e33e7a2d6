use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{DisplayName, EmailAddress};
use crate::Version;
use crate::roles::RoleName;
use crate::sessions::TokenVersion;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub Uuid);

/// Whether somebody may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Invited, has no password yet.
    Pending,
    Active,
    /// Shut out by an administrator.
    Deactivated,
}

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: EmailAddress,
    pub display_name: DisplayName,
    pub status: Status,
    pub roles: BTreeSet<RoleName>,
    /// Moves with everything that a reader of the account sees.
    pub version: Version,
    /// Access tokens that carry an older one are void.
    pub token_version: TokenVersion,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What is to be different; `None` keeps what is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    pub email: Option<EmailAddress>,
    pub display_name: Option<DisplayName>,
}

impl User {
    /// How many roles somebody may have: all of them stand in each access token.
    pub const MAX_ROLES: usize = 20;

    /// A new account: pending until its owner has chosen a password.
    #[must_use]
    pub fn invited(
        id: UserId,
        email: EmailAddress,
        display_name: DisplayName,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            email,
            display_name,
            status: Status::Pending,
            roles: BTreeSet::from([RoleName::member()]),
            version: Version::FIRST,
            token_version: TokenVersion::FIRST,
            created_at: now,
            updated_at: now,
        }
    }

    /// Writes the change into it. What is the same again is no change, and so no new version.
    pub fn apply(&mut self, change: UserChange, now: DateTime<Utc>) {
        let before = self.clone();
        if let Some(email) = change.email {
            self.email = email;
        }
        if let Some(display_name) = change.display_name {
            self.display_name = display_name;
        }
        if self.email != before.email {
            self.token_version = self.token_version.next();
        }
        if *self != before {
            self.touch(now);
        }
    }

    pub fn activate(&mut self, now: DateTime<Utc>) {
        if self.status != Status::Active {
            self.status = Status::Active;
            self.touch(now);
        }
    }

    /// Shuts the account, and voids its access tokens.
    pub fn deactivate(&mut self, now: DateTime<Utc>) {
        if self.status != Status::Deactivated {
            self.status = Status::Deactivated;
            self.token_version = self.token_version.next();
            self.touch(now);
        }
    }

    /// Gives it these roles and no others, and voids its access tokens, which name the old ones.
    pub fn assign(&mut self, roles: BTreeSet<RoleName>, now: DateTime<Utc>) {
        if self.roles != roles {
            self.roles = roles;
            self.token_version = self.token_version.next();
            self.touch(now);
        }
    }

    /// Voids what the old password was good for. Who has chosen one is no longer pending.
    pub fn password_changed(&mut self, now: DateTime<Utc>) {
        if self.status == Status::Pending {
            self.status = Status::Active;
        }
        self.token_version = self.token_version.next();
        self.touch(now);
    }

    /// Whether the account is one that may administer everything, now.
    #[must_use]
    pub fn is_active_administrator(&self) -> bool {
        self.status == Status::Active && self.roles.contains(&RoleName::administrator())
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version = self.version.next();
        self.updated_at = now;
    }
}

impl From<Uuid> for UserId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> User {
        User::invited(
            UserId(Uuid::from_u128(1)),
            EmailAddress::parse("ada@example.org").unwrap(),
            DisplayName::parse("Ada").unwrap(),
            DateTime::UNIX_EPOCH,
        )
    }

    fn later() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(1)
    }

    #[test]
    fn the_same_again_is_no_change() {
        let mut user = ada();

        user.apply(
            UserChange {
                email: Some(user.email.clone()),
                display_name: Some(user.display_name.clone()),
            },
            later(),
        );

        assert_eq!(user, ada());
    }

    #[test]
    fn several_changes_at_once_make_one_version() {
        let mut user = ada();

        user.apply(
            UserChange {
                email: Some(EmailAddress::parse("countess@example.org").unwrap()),
                display_name: Some(DisplayName::parse("Countess").unwrap()),
            },
            later(),
        );

        assert_eq!(user.version, Version(2));
        assert_eq!(user.updated_at, later());
    }

    #[test]
    fn a_new_address_voids_tokens_and_a_new_name_does_not() {
        let mut renamed = ada();
        renamed.apply(
            UserChange {
                display_name: Some(DisplayName::parse("Countess").unwrap()),
                ..UserChange::default()
            },
            later(),
        );
        let mut readdressed = ada();
        readdressed.apply(
            UserChange {
                email: Some(EmailAddress::parse("countess@example.org").unwrap()),
                ..UserChange::default()
            },
            later(),
        );

        assert_eq!(renamed.token_version, ada().token_version);
        assert!(readdressed.token_version > ada().token_version);
    }

    #[test]
    fn deactivating_voids_tokens_once() {
        let mut user = ada();

        user.deactivate(later());
        let once = user.clone();
        user.deactivate(later());

        assert_eq!(once.status, Status::Deactivated);
        assert!(once.token_version > ada().token_version);
        assert_eq!(user, once);
    }

    #[test]
    fn other_roles_void_tokens_and_the_same_again_do_not() {
        let mut user = ada();
        let roles = BTreeSet::from([RoleName::administrator()]);

        user.assign(roles.clone(), later());
        let once = user.clone();
        user.assign(roles.clone(), later());

        assert_eq!(once.roles, roles);
        assert_eq!(once.version, Version(2));
        assert!(once.token_version > ada().token_version);
        assert_eq!(user, once);
    }
}
