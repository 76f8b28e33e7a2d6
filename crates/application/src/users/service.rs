use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::audit::{Action, Deed};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::roles::{UsersActivate, UsersCreate, UsersDelete, UsersRead, UsersUpdate};
use domain::sessions::SessionError;
use domain::users::{DisplayName, EmailAddress, Status, User, UserChange, UserError, UserId};

use super::target;
use super::{UserFilter, UserQuery};
use crate::audit::Refusals;
use crate::{
    Actor, Clock, Database, Error, Expected, Ids, Page, PageRequest, Permit, Ports, RecentActor,
    Signal, Transaction,
};

/// The accounts: everybody's by permission, and one's own.
pub struct Users {
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    refusals: Refusals,
}

pub struct NewUser {
    pub email: EmailAddress,
    pub display_name: DisplayName,
}

impl Users {
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
    pub async fn get(&self, _by: &Permit<UsersRead>, id: UserId) -> Result<User, Error> {
        let found = self.database.users().find(id).await?;
        found.ok_or(Error::NotFound)
    }

    /// # Errors
    /// Only the store's.
    pub async fn list(
        &self,
        _by: &Permit<UsersRead>,
        query: &UserQuery,
        page: &PageRequest,
    ) -> Result<Page<User>, Error> {
        Ok(self.database.users().list(query, page).await?)
    }

    /// How many there are: dear on a large table, so only for who asks.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn count(&self, _by: &Permit<UsersRead>, filter: &UserFilter) -> Result<u64, Error> {
        Ok(self.database.users().count(filter).await?)
    }

    /// Makes an account whose owner has not chosen a password yet, and mails them an invitation.
    ///
    /// # Errors
    /// `EmailTaken`.
    pub async fn create(&self, by: &Permit<UsersCreate>, new: NewUser) -> Result<User, Error> {
        let id = UserId(self.ids.next());
        let now = self.clock.now();
        let user = User::invited(id, new.email, new.display_name, now);
        let invitation = OutboxMessageId(self.ids.next());
        let invitation = OutboxMessage::queued(invitation, Letter::Invitation(id), now);

        let work = async {
            let mut tx = by.begin(&*self.database).await?;
            tx.users_mut().insert(&user).await?;
            tx.outbox_mut().insert(&invitation).await?;
            tx.record(Deed::on(Action::UsersCreated, id), now);
            tx.commit().await?;
            Ok(user)
        };
        self.refusals.told(by.origin(), None, work).await
    }

    /// Another address ends the user's sessions and voids what was mailed to them; both addresses are told. One's own is not
    /// changed this way: who finds an administrator signed in, and knows no password, could keep the account.
    ///
    /// # Errors
    /// `NotFound`, `BeyondOwnRights`, `Stale`, `Oneself`, `EmailTaken`.
    pub async fn update(
        &self,
        by: &Permit<UsersUpdate>,
        id: UserId,
        expected: &Expected,
        change: UserChange,
    ) -> Result<User, Error> {
        let work = async {
            let mut tx = self.database.begin(by.origin()).await?;
            let before = target::lock(&mut *tx, by, id, expected).await?;
            if by.is_held_by(id) && change.email.as_ref().is_some_and(|it| *it != before.email) {
                return Err(UserError::Oneself.into());
            }
            let user = self.write_change(&mut *tx, before, change).await?;
            tx.commit().await?;
            Ok(user)
        };
        self.refusals.told(by.origin(), Some(id.into()), work).await
    }

    /// # Errors
    /// `NotFound`, `BeyondOwnRights`, `Stale`, `Oneself`, `LastAdministrator`.
    pub async fn delete(
        &self,
        by: &Permit<UsersDelete>,
        id: UserId,
        expected: &Expected,
    ) -> Result<(), Error> {
        let work = async {
            let mut tx = self.database.begin(by.origin()).await?;
            let user = target::lock(&mut *tx, by, id, expected).await?;
            target::may_go(&mut *tx, by, &user).await?;
            self.remove(&mut *tx, &user).await?;
            tx.commit().await?;
            Ok(())
        };
        self.refusals.told(by.origin(), Some(id.into()), work).await
    }

    /// Opens a pending or a deactivated account; an active one stays as it is.
    ///
    /// # Errors
    /// `NotFound`, `BeyondOwnRights`, `Stale`.
    pub async fn activate(
        &self,
        by: &Permit<UsersActivate>,
        id: UserId,
        expected: &Expected,
    ) -> Result<User, Error> {
        let work = async {
            let mut tx = self.database.begin(by.origin()).await?;
            let mut user = target::lock(&mut *tx, by, id, expected).await?;
            if user.status != Status::Active {
                let now = self.clock.now();
                user.activate(now);
                tx.users_mut().update(&user).await?;
                tx.record(Deed::on(Action::UsersActivated, id), now);
            }
            tx.commit().await?;
            Ok(user)
        };
        self.refusals.told(by.origin(), Some(id.into()), work).await
    }

    /// Shuts an account, ends its sessions and deletes its API keys; one that is shut stays as it is.
    ///
    /// # Errors
    /// `NotFound`, `BeyondOwnRights`, `Stale`, `Oneself`, `LastAdministrator`.
    pub async fn deactivate(
        &self,
        by: &Permit<UsersActivate>,
        id: UserId,
        expected: &Expected,
    ) -> Result<User, Error> {
        let work = async {
            let mut tx = self.database.begin(by.origin()).await?;
            let mut user = target::lock(&mut *tx, by, id, expected).await?;
            target::may_go(&mut *tx, by, &user).await?;
            if user.status != Status::Deactivated {
                let now = self.clock.now();
                user.deactivate(now);
                tx.users_mut().update(&user).await?;
                end_sessions(&mut *tx, id, now).await?;
                tx.email_changes_mut().delete_open(id).await?;
                tx.api_keys_mut().delete_all(id).await?;
                tx.record(Deed::on(Action::UsersDeactivated, id), now);
            }
            tx.commit().await?;
            Ok(user)
        };
        self.refusals.told(by.origin(), Some(id.into()), work).await
    }

    /// The caller's own account.
    ///
    /// # Errors
    /// `TokenInvalid` when it has been deleted this moment, perhaps by another process.
    pub async fn get_own(&self, by: &Actor) -> Result<User, Error> {
        let found = self.database.users().find(by.user_id()).await?;
        Ok(found.ok_or(SessionError::TokenInvalid)?)
    }

    /// # Errors
    /// `TokenInvalid` when it has been deleted this moment, `Stale`.
    pub async fn rename_own(
        &self,
        by: &Actor,
        expected: &Expected,
        display_name: Option<DisplayName>,
    ) -> Result<User, Error> {
        let change = UserChange {
            display_name,
            email: None,
        };

        let mut tx = by.begin(&*self.database).await?;
        let found = tx.users_mut().lock(by.user_id()).await?;
        let before = found.ok_or(SessionError::TokenInvalid)?;
        expected.admits(before.version)?;
        let user = self.write_change(&mut *tx, before, change).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Deletes the caller's account.
    ///
    /// # Errors
    /// `TokenInvalid` when it has been deleted, or the session ended, this moment, `Stale`, `LastAdministrator`.
    pub async fn delete_own(&self, by: &RecentActor, expected: &Expected) -> Result<(), Error> {
        let mut tx = self.database.begin(by.origin()).await?;
        let user = target::lock_caller(&mut *tx, by).await?;
        expected.admits(user.version)?;
        target::is_not_the_last(&mut *tx, &user).await?;
        self.remove(&mut *tx, &user).await?;
        tx.commit().await?;
        Ok(())
    }

    /// With all that is theirs, also the mail that is addressed to nobody but whoever has the address: the next who has
    /// it must not get that.
    async fn remove(&self, tx: &mut dyn Transaction, user: &User) -> Result<(), Error> {
        tx.users_mut().delete(user.id).await?;
        tx.outbox_mut().delete_addressed(&user.email).await?;
        tx.after_commit(Signal::SessionsEnded(user.id));
        tx.record(Deed::on(Action::UsersDeleted, user.id), self.clock.now());
        Ok(())
    }

    async fn write_change(
        &self,
        tx: &mut dyn Transaction,
        before: User,
        change: UserChange,
    ) -> Result<User, Error> {
        let now = self.clock.now();
        let mut user = before.clone();
        user.apply(change, now);
        if user.version != before.version {
            tx.users_mut().update(&user).await?;
            let action = if user.email == before.email {
                Action::UsersUpdated
            } else {
                Action::UsersEmailChanged
            };
            tx.record(Deed::on(action, user.id), now);
        }
        if user.token_version != before.token_version {
            end_sessions(tx, user.id, now).await?;
            // An administrator has the last word.
            tx.email_changes_mut().delete_all(user.id).await?;
            self.tell_both(tx, before.email, &user, now).await?;
        }
        Ok(user)
    }

    /// Who has not chosen a password yet gets another invitation at the new address, for the one that they had is void.
    async fn tell_both(
        &self,
        tx: &mut dyn Transaction,
        old_email: EmailAddress,
        user: &User,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let to_new = match user.status {
            Status::Pending => Letter::Invitation(user.id),
            Status::Active | Status::Deactivated => Letter::EmailSet(user.id, user.email.clone()),
        };
        for letter in [Letter::EmailSet(user.id, old_email), to_new] {
            let id = OutboxMessageId(self.ids.next());
            let message = OutboxMessage::queued(id, letter, now);
            tx.outbox_mut().insert(&message).await?;
        }
        Ok(())
    }
}

/// Ends every session of the user, and voids what was mailed to them.
pub(crate) async fn end_sessions(
    tx: &mut dyn Transaction,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    tx.sessions_mut().end_all(id, now).await?;
    // Also what was mailed to the address that they had.
    tx.one_time_tokens_mut().delete_all(id).await?;
    tx.after_commit(Signal::SessionsEnded(id));
    Ok(())
}
