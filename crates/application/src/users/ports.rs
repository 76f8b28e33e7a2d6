use async_trait::async_trait;
use domain::roles::RoleName;
use domain::users::{EmailAddress, Status, User, UserId};

use crate::{Direction, Page, PageRequest, StoreError};

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait UserReader: Send + Sync {
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError>;
    async fn find_by_email(&self, email: &EmailAddress) -> Result<Option<User>, StoreError>;
    async fn list(&self, query: &UserQuery, page: &PageRequest) -> Result<Page<User>, StoreError>;
    async fn count(&self, filter: &UserFilter) -> Result<u64, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait UserWriter: Send + Sync {
    async fn lock(&mut self, id: UserId) -> Result<Option<User>, StoreError>;
    async fn lock_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, StoreError>;
    /// With the roles that it has.
    async fn insert(&mut self, user: &User) -> Result<(), StoreError>;
    /// All but its roles. `Stale` when the row is not older than `user`.
    async fn update(&mut self, user: &User) -> Result<(), StoreError>;
    /// With everything that belongs to the user.
    async fn delete(&mut self, id: UserId) -> Result<(), StoreError>;
}

/// Which users, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserQuery {
    pub filter: UserFilter,
    pub sort: UserSort,
    pub direction: Direction,
}

/// What has to be so of a user; `None` is always so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    pub email: Option<EmailAddress>,
    pub status: Option<Status>,
    pub role: Option<RoleName>,
    /// The address or the display name begins with it, whatever the letter case.
    pub prefix: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserSort {
    CreatedAt,
    Email,
    DisplayName,
}
