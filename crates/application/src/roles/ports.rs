use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use domain::roles::{Rights, Role, RoleId, RoleName};
use domain::users::UserId;

use crate::{Page, PageRequest, StoreError};

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait RoleReader: Send + Sync {
    async fn find(&self, id: RoleId) -> Result<Option<Role>, StoreError>;
    /// By name.
    async fn list(&self, page: &PageRequest) -> Result<Page<Role>, StoreError>;
    /// Those of these names that there are.
    async fn find_named(&self, names: &BTreeSet<RoleName>) -> Result<Vec<Role>, StoreError>;
    /// Whether anybody has it.
    async fn is_held(&self, id: RoleId) -> Result<bool, StoreError>;
    /// Everything that the user's roles grant.
    async fn rights_of(&self, user: UserId) -> Result<Rights, StoreError>;
    /// What each role grants.
    async fn rights_by_role(&self) -> Result<HashMap<RoleName, Rights>, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait RoleWriter: Send + Sync {
    /// Who holds it is the only one to change, to delete or to give it.
    async fn lock(&mut self, id: RoleId) -> Result<Option<Role>, StoreError>;
    /// Those of these names that there are: nobody changes them meanwhile, but others may give them, too.
    async fn lock_named(&mut self, names: &BTreeSet<RoleName>) -> Result<Vec<Role>, StoreError>;
    /// With what it grants.
    async fn insert(&mut self, role: &Role) -> Result<(), StoreError>;
    /// With what it grants. `Stale` when the row is not older than `role`.
    async fn update(&mut self, role: &Role) -> Result<(), StoreError>;
    async fn delete(&mut self, id: RoleId) -> Result<(), StoreError>;
    /// Gives the user these roles, and no others.
    async fn assign(&mut self, user: UserId, roles: &BTreeSet<RoleName>) -> Result<(), StoreError>;
    /// Holds the administrators' role, so that no other transaction takes one away meanwhile, and
    /// counts those who are active.
    async fn lock_administrators(&mut self) -> Result<u64, StoreError>;
}
