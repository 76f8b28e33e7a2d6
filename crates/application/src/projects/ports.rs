use async_trait::async_trait;
use domain::projects::{Project, ProjectId, ProjectStatus};
use domain::users::UserId;

use super::ProjectScope;
use crate::{Direction, Page, PageRequest, StoreError};

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait ProjectReader: Send + Sync {
    /// `None` also for one that is out of the scope.
    async fn find(&self, scope: ProjectScope, id: ProjectId)
    -> Result<Option<Project>, StoreError>;
    /// By the time at which they were made.
    async fn list(
        &self,
        scope: ProjectScope,
        query: &ProjectQuery,
        page: &PageRequest,
    ) -> Result<Page<Project>, StoreError>;
    async fn count(&self, scope: ProjectScope, filter: &ProjectFilter) -> Result<u64, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait ProjectWriter: Send + Sync {
    /// `None` also for one that is somebody else's.
    async fn lock(&mut self, owner: UserId, id: ProjectId) -> Result<Option<Project>, StoreError>;
    async fn insert(&mut self, project: &Project) -> Result<(), StoreError>;
    /// `Stale` when the row is not older than `project`.
    async fn update(&mut self, project: &Project) -> Result<(), StoreError>;
    async fn delete(&mut self, id: ProjectId) -> Result<(), StoreError>;
}

/// Which projects, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectQuery {
    pub filter: ProjectFilter,
    pub direction: Direction,
}

/// What has to be so of a project; `None` is always so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProjectFilter {
    pub owner: Option<UserId>,
    pub status: Option<ProjectStatus>,
}
