use std::collections::BTreeSet;

use domain::audit::{Action, Deed};
use domain::roles::{Role, RoleError, RoleName, RolesAssign};
use domain::users::{User, UserId};

use super::Roles;
use super::service::within_own;
use crate::users::target;
use crate::{Error, Expected, Permit, Transaction};

impl Roles {
    /// Gives somebody these roles, and no others. Access tokens that name the old ones are void then; the
    /// sessions go on.
    ///
    /// # Errors
    /// `Unknown`, `NotFound`, `BeyondOwnRights`, `Stale`, `LastAdministrator`.
    pub async fn assign(
        &self,
        by: &Permit<RolesAssign>,
        id: UserId,
        expected: &Expected,
        roles: BTreeSet<RoleName>,
    ) -> Result<User, Error> {
        all_of(&roles, &self.database.roles().find_named(&roles).await?)?;

        let work = async {
            let mut tx = self.database.begin(by.origin()).await?;
            let mut user = target::lock(&mut *tx, by, id, expected).await?;
            let before = user.version;
            // First of all roles, so that no two transactions wait for each other's.
            if !roles.contains(&RoleName::administrator()) {
                target::is_not_the_last(&mut *tx, &user).await?;
            }
            may_give(&mut *tx, by, &user, &roles).await?;
            let now = self.clock.now();
            user.assign(roles, now);
            if user.version != before {
                tx.roles_mut().assign(id, &user.roles).await?;
                tx.users_mut().update(&user).await?;
                tx.record(Deed::on(Action::UsersRolesChanged, id), now);
            }
            tx.commit().await?;
            Ok(user)
        };
        self.refusals.told(by.origin(), Some(id.into()), work).await
    }
}

/// Judges the roles that the user has not got yet; those that go, they have with what `by` may do, too.
async fn may_give(
    tx: &mut dyn Transaction,
    by: &Permit<RolesAssign>,
    user: &User,
    roles: &BTreeSet<RoleName>,
) -> Result<(), Error> {
    let given: BTreeSet<_> = roles.difference(&user.roles).cloned().collect();
    let found = tx.roles_mut().lock_named(&given).await?;
    all_of(&given, &found)?;
    let mut rights = found.iter().map(|it| it.rights);
    rights.try_for_each(|it| within_own(by, it))
}

fn all_of(names: &BTreeSet<RoleName>, found: &[Role]) -> Result<(), Error> {
    let is_found = |name: &&RoleName| found.iter().any(|it| it.name == **name);
    match names.iter().find(|name| !is_found(name)) {
        Some(unknown) => Err(RoleError::Unknown(unknown.clone()).into()),
        None => Ok(()),
    }
}
