use std::sync::Arc;

use domain::Version;
use domain::audit::{Action, Deed};
use domain::roles::{
    Required, Rights, Role, RoleChange, RoleDescription, RoleError, RoleId, RoleName, RolesManage,
    RolesRead,
};
use domain::users::UserError;

use crate::audit::Refusals;
use crate::{Clock, Database, Error, Expected, Ids, Page, PageRequest, Permit, Ports, Transaction};

/// What people can be given, and who gives it to whom.
pub struct Roles {
    pub(super) database: Arc<dyn Database>,
    pub(super) clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    pub(super) refusals: Refusals,
}

pub struct NewRole {
    pub name: RoleName,
    pub description: RoleDescription,
    pub rights: Rights,
}

impl Roles {
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            refusals: Refusals::new(ports),
        }
    }

    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, _by: &Permit<RolesRead>, id: RoleId) -> Result<Role, Error> {
        let found = self.database.roles().find(id).await?;
        found.ok_or(Error::NotFound)
    }

    /// # Errors
    /// Only the store's.
    pub async fn list(
        &self,
        _by: &Permit<RolesRead>,
        page: &PageRequest,
    ) -> Result<Page<Role>, Error> {
        Ok(self.database.roles().list(page).await?)
    }

    /// Makes a role that nobody has yet.
    ///
    /// # Errors
    /// `BeyondOwnRights`, `NameTaken`.
    pub async fn create(&self, by: &Permit<RolesManage>, new: NewRole) -> Result<Role, Error> {
        let now = self.clock.now();
        let role = Role {
            id: RoleId(self.ids.next()),
            name: new.name,
            description: new.description,
            rights: new.rights,
            built_in: false,
            version: Version::FIRST,
            created_at: now,
            updated_at: now,
        };

        let work = async {
            within_own(by, role.rights)?;
            let mut tx = by.begin(&*self.database).await?;
            tx.roles_mut().insert(&role).await?;
            tx.record(Deed::on(Action::RolesCreated, role.id), now);
            tx.commit().await?;
            Ok(role)
        };
        self.refusals.told(by.origin(), None, work).await
    }

    /// What it grants from now on, its holders may do at once, and what it does not, not any more.
    ///
    /// # Errors
    /// `NotFound`, `BeyondOwnRights`, `Stale`, `BuiltIn`.
    pub async fn update(
        &self,
        by: &Permit<RolesManage>,
        id: RoleId,
        expected: &Expected,
        change: RoleChange,
    ) -> Result<Role, Error> {
        let work = async {
            let mut tx = self.database.begin(by.origin()).await?;
            let mut role = lock(&mut *tx, by, id, expected).await?;
            within_own(by, change.rights.unwrap_or_default())?;
            let (before, now) = (role.version, self.clock.now());
            role.apply(change, now)?;
            if role.version != before {
                tx.roles_mut().update(&role).await?;
                tx.record(Deed::on(Action::RolesUpdated, id), now);
            }
            tx.commit().await?;
            Ok(role)
        };
        self.refusals.told(by.origin(), Some(id.into()), work).await
    }

    /// # Errors
    /// `NotFound`, `BeyondOwnRights`, `Stale`, `BuiltIn`, `InUse`.
    pub async fn delete(
        &self,
        by: &Permit<RolesManage>,
        id: RoleId,
        expected: &Expected,
    ) -> Result<(), Error> {
        let work = async {
            let mut tx = self.database.begin(by.origin()).await?;
            let role = lock(&mut *tx, by, id, expected).await?;
            role.may_change()?;
            if tx.roles().is_held(id).await? {
                return Err(RoleError::InUse.into());
            }
            tx.roles_mut().delete(id).await?;
            tx.record(Deed::on(Action::RolesDeleted, id), self.clock.now());
            tx.commit().await?;
            Ok(())
        };
        self.refusals.told(by.origin(), Some(id.into()), work).await
    }
}

/// Finds and holds the role that `by` wants to change, and judges whether they may.
async fn lock(
    tx: &mut dyn Transaction,
    by: &Permit<RolesManage>,
    id: RoleId,
    expected: &Expected,
) -> Result<Role, Error> {
    let role = tx.roles_mut().lock(id).await?;
    by.still_may(tx).await?;
    let role = role.ok_or(Error::NotFound)?;
    within_own(by, role.rights)?;
    expected.admits(role.version)?;
    Ok(role)
}

/// Nobody grants, or takes away, what they may not do themselves.
pub(super) fn within_own<P: Required>(by: &Permit<P>, rights: Rights) -> Result<(), Error> {
    if !by.covers(rights) {
        return Err(UserError::BeyondOwnRights.into());
    }
    Ok(())
}
