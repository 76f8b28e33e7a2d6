use std::collections::HashMap;

use async_trait::async_trait;
use domain::roles::{Rights, RoleName};
use domain::users::UserId;

use crate::StoreError;

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait RoleReader: Send + Sync {
    /// Everything that the user's roles grant.
    async fn rights_of(&self, user: UserId) -> Result<Rights, StoreError>;
    /// What each role grants.
    async fn rights_by_role(&self) -> Result<HashMap<RoleName, Rights>, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait RoleWriter: Send + Sync {
    /// Holds the administrators' role, so that no other transaction takes one away meanwhile, and
    /// counts those who are active.
    async fn lock_administrators(&mut self) -> Result<u64, StoreError>;
}
