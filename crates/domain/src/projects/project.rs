use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{ProjectDescription, ProjectName};
use crate::Version;
use crate::users::UserId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProjectId(pub Uuid);

/// Whether somebody still works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectStatus {
    Active,
    /// Over, and kept to look things up.
    Archived,
}

/// Something that its owner works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub id: ProjectId,
    pub owner: UserId,
    pub name: ProjectName,
    pub description: ProjectDescription,
    pub status: ProjectStatus,
    pub version: Version,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What is to be different; `None` keeps what is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectChange {
    pub name: Option<ProjectName>,
    pub description: Option<ProjectDescription>,
    pub status: Option<ProjectStatus>,
}

impl Project {
    #[must_use]
    pub fn begun(
        id: ProjectId,
        owner: UserId,
        name: ProjectName,
        description: ProjectDescription,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            owner,
            name,
            description,
            status: ProjectStatus::Active,
            version: Version::FIRST,
            created_at: now,
            updated_at: now,
        }
    }

    /// Writes the change into it. What is the same again is no change, and so no new version.
    pub fn apply(&mut self, change: ProjectChange, now: DateTime<Utc>) {
        let before = self.clone();
        if let Some(name) = change.name {
            self.name = name;
        }
        if let Some(description) = change.description {
            self.description = description;
        }
        if let Some(status) = change.status {
            self.status = status;
        }
        if *self != before {
            self.version = self.version.next();
            self.updated_at = now;
        }
    }
}

impl From<Uuid> for ProjectId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bridge() -> Project {
        Project::begun(
            ProjectId(Uuid::from_u128(1)),
            UserId(Uuid::from_u128(2)),
            ProjectName::parse("Bridge").unwrap(),
            ProjectDescription::default(),
            DateTime::UNIX_EPOCH,
        )
    }

    #[test]
    fn several_changes_at_once_make_one_version_and_the_same_again_none() {
        let mut project = bridge();
        let later = DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(1);
        let change = ProjectChange {
            name: ProjectName::parse("Viaduct").ok(),
            description: ProjectDescription::parse("Twelve arches").ok(),
            status: Some(ProjectStatus::Archived),
        };

        project.apply(change.clone(), later);
        let once = project.clone();
        project.apply(change, later + chrono::TimeDelta::hours(1));

        assert_eq!(once.status, ProjectStatus::Archived);
        assert_eq!((once.version, once.updated_at), (Version(2), later));
        assert_eq!(project, once);
    }

    #[test]
    fn what_is_not_told_stays() {
        let mut project = bridge();

        project.apply(ProjectChange::default(), DateTime::UNIX_EPOCH);

        assert_eq!(project, bridge());
    }
}
