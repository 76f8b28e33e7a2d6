use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Rights, RoleError, RoleName};
use crate::Version;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RoleId(pub Uuid);

/// What somebody can be given, and what it grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub id: RoleId,
    pub name: RoleName,
    pub description: RoleDescription,
    pub rights: Rights,
    /// The product relies on it: nobody changes it.
    pub built_in: bool,
    pub version: Version,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What is to be different; `None` keeps what is there. A name stays: tokens and settings of others hold it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleChange {
    pub description: Option<RoleDescription>,
    pub rights: Option<Rights>,
}

/// What a role is for: one line of at most [`RoleDescription::MAX`] characters, perhaps none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleDescription(String);

impl RoleDescription {
    pub const MAX: usize = 200;

    /// # Errors
    /// `DescriptionInvalid` when it is longer, or holds control characters.
    pub fn parse(text: &str) -> Result<Self, RoleError> {
        let text = text.trim();
        if text.chars().count() > Self::MAX || text.chars().any(char::is_control) {
            return Err(RoleError::DescriptionInvalid);
        }
        Ok(Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Role {
    /// Writes the change into it. What is the same again is no change, and so no new version.
    ///
    /// # Errors
    /// `BuiltIn`, also where nothing would change.
    pub fn apply(&mut self, change: RoleChange, now: DateTime<Utc>) -> Result<(), RoleError> {
        self.may_change()?;
        let before = self.clone();
        if let Some(description) = change.description {
            self.description = description;
        }
        if let Some(rights) = change.rights {
            self.rights = rights;
        }
        if *self != before {
            self.version = self.version.next();
            self.updated_at = now;
        }
        Ok(())
    }

    /// # Errors
    /// `BuiltIn`.
    pub fn may_change(&self) -> Result<(), RoleError> {
        if self.built_in {
            return Err(RoleError::BuiltIn);
        }
        Ok(())
    }
}

impl From<Uuid> for RoleId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roles::Permission;

    fn auditor() -> Role {
        Role {
            id: RoleId(Uuid::from_u128(1)),
            name: RoleName::parse("auditor").unwrap(),
            description: RoleDescription::parse("Reads").unwrap(),
            rights: Rights::from_iter([Permission::AuditRead]),
            built_in: false,
            version: Version::FIRST,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    fn later() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(1)
    }

    #[test]
    fn several_changes_at_once_make_one_version_and_the_same_again_none() {
        let mut role = auditor();
        let change = RoleChange {
            description: RoleDescription::parse("Reads all").ok(),
            rights: Some(Rights::NONE),
        };

        role.apply(change.clone(), later()).unwrap();
        let once = role.clone();
        role.apply(change, later() + chrono::TimeDelta::hours(1))
            .unwrap();

        assert_eq!(once.rights, Rights::NONE);
        assert_eq!((once.version, once.updated_at), (Version(2), later()));
        assert_eq!(role, once);
    }

    #[test]
    fn what_is_built_in_stays() {
        let mut role = Role {
            built_in: true,
            ..auditor()
        };
        let before = role.clone();

        let refused = role.apply(RoleChange::default(), later());

        assert_eq!(refused, Err(RoleError::BuiltIn));
        assert_eq!(role, before);
    }

    #[test]
    fn a_description_is_one_line_and_no_book() {
        assert_eq!(RoleDescription::parse("  a b ").unwrap().as_str(), "a b");
        assert_eq!(RoleDescription::parse(" "), Ok(RoleDescription::default()));
        assert!(RoleDescription::parse(&"ä".repeat(200)).is_ok());
        for text in ["a\nb", "\0", &"a".repeat(201)] {
            assert_eq!(
                RoleDescription::parse(text),
                Err(RoleError::DescriptionInvalid)
            );
        }
    }
}
