//! What has to hold of the user whom a use case is about to change.

use domain::roles::Required;
use domain::sessions::SessionError;
use domain::users::{User, UserError, UserId};

use crate::{Actor, Error, Expected, Permit, Transaction};

/// Finds and holds the user whom `by` wants to change, and judges whether they may.
pub(crate) async fn lock<P: Required>(
    tx: &mut dyn Transaction,
    by: &Permit<P>,
    id: UserId,
    expected: &Expected,
) -> Result<User, Error> {
    let user = tx.users_mut().lock(id).await?;
    by.still_may(tx).await?;
    let user = user.ok_or(Error::NotFound)?;
    // Who may change somebody's address could become them, by a password reset. So could who has got hold of an API key,
    // which may do less than its owner.
    let rights = tx.roles().rights_of(id).await?;
    let is_oneself = by.is_held_by(id) && by.session_id().is_some();
    if !is_oneself && !by.covers(rights) {
        return Err(UserError::BeyondOwnRights.into());
    }
    expected.admits(user.version)?;
    Ok(user)
}

/// Finds and holds the caller's own account. They are judged once more: who has ended their session meanwhile, because of
/// a thief, has left the thief nothing, and what the thief asked for must not come after that.
///
/// It comes before the lock of anything that is theirs: who ends sessions takes both in this order.
pub(crate) async fn lock_caller(tx: &mut dyn Transaction, by: &Actor) -> Result<User, Error> {
    let user = tx.users_mut().lock(by.user_id()).await?;
    by.still_may(tx).await?;
    Ok(user.ok_or(SessionError::TokenInvalid)?)
}

/// Judges whether `user` may lose their account, or the use of it.
pub(super) async fn may_go<P: Required>(
    tx: &mut dyn Transaction,
    by: &Permit<P>,
    user: &User,
) -> Result<(), Error> {
    if by.is_held_by(user.id) {
        return Err(UserError::Oneself.into());
    }
    is_not_the_last(tx, user).await
}

/// Judges whether an administrator is left without `user`.
pub(crate) async fn is_not_the_last(tx: &mut dyn Transaction, user: &User) -> Result<(), Error> {
    if user.is_active_administrator() && tx.roles_mut().lock_administrators().await? <= 1 {
        return Err(UserError::LastAdministrator.into());
    }
    Ok(())
}
