use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::audit::{Action, Deed};
use domain::credentials::{CredentialError, NewPassword, PasswordPolicy};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::roles::RoleName;
use domain::sessions::SessionError;
use domain::users::{EmailAddress, Status, User, UserId};
use secrecy::SecretString;

use super::{Credential, Guesses, PasswordHash, PasswordHasher, Verdict};
use crate::audit::Refusals;
use crate::one_time_tokens::OneTimeSecrets;
use crate::outbox::MailBudget;
use crate::users::target::lock_caller;
use crate::users::{NewUser, UserFilter};
use crate::{Clock, Database, Error, Ids, Ports, RecentActor, Signal, System, Transaction};

/// Passwords: one's own, and those for who cannot sign in: given from the machine itself, or chosen by whoever reads
/// the account's mail.
pub struct Credentials {
    pub(super) database: Arc<dyn Database>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) hasher: Arc<dyn PasswordHasher>,
    pub(super) secrets: Arc<dyn OneTimeSecrets>,
    pub(super) budget: Arc<dyn MailBudget>,
    guesses: Guesses,
    pub(super) refusals: Refusals,
    pub(super) policy: PasswordPolicy,
}

impl Credentials {
    #[must_use]
    pub fn new(ports: &Ports, policy: PasswordPolicy) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            hasher: Arc::clone(&ports.hasher),
            secrets: Arc::clone(&ports.one_time_secrets),
            budget: Arc::clone(&ports.mail_budget),
            guesses: Guesses::new(ports),
            refusals: Refusals::new(ports),
            policy,
        }
    }

    /// Whether nobody has an account yet.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn is_first_start(&self) -> Result<bool, Error> {
        Ok(self.database.users().count(&UserFilter::default()).await? == 0)
    }

    /// Makes an active account that may do everything.
    ///
    /// # Errors
    /// `EmailTaken`, or why the password may not be chosen.
    pub async fn create_administrator(
        &self,
        by: &System,
        new: NewUser,
        password: &SecretString,
    ) -> Result<User, Error> {
        let password = NewPassword::parse(password, &new.email, self.policy)?;
        let hash = self.hasher.hash(password.expose()).await?;
        let now = self.clock.now();
        let id = UserId(self.ids.next());
        let mut user = User::invited(id, new.email, new.display_name, now);
        user.status = Status::Active;
        user.roles.insert(RoleName::administrator());

        let mut tx = self.database.begin(by.origin()).await?;
        tx.users_mut().insert(&user).await?;
        tx.credentials_mut().put(id, &hash, now).await?;
        tx.record(Deed::on(Action::UsersCreated, id), now);
        tx.record(Deed::on(Action::UsersRolesChanged, id), now);
        tx.commit().await?;
        Ok(user)
    }

    /// Gives somebody a password, ends their sessions and deletes their API keys. A pending account is active then: this
    /// stands for its owner's answer to the invitation.
    ///
    /// # Errors
    /// `NotFound` when nobody has the address, or why the password may not be chosen.
    pub async fn set(
        &self,
        by: &System,
        email: &EmailAddress,
        password: &SecretString,
    ) -> Result<User, Error> {
        let password = NewPassword::parse(password, email, self.policy)?;
        let hash = self.hasher.hash(password.expose()).await?;
        let now = self.clock.now();

        let mut tx = self.database.begin(by.origin()).await?;
        let found = tx.users_mut().lock_by_email(email).await?;
        let mut user = found.ok_or(Error::NotFound)?;
        self.write(&mut *tx, &mut user, &hash, now).await?;
        tx.record(Deed::on(Action::UsersPasswordSet, user.id), now);
        end_access(&mut *tx, user.id, now).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Gives the caller another password, and ends their sessions but the one that they are signed in with, of which
    /// every access token is void: a refresh gets another one.
    ///
    /// # Errors
    /// `PasswordWrong`, `TooManyGuesses`, why the new one may not be chosen, or `TokenInvalid` when the account was deleted,
    /// or the session ended, this moment.
    pub async fn change_own(
        &self,
        by: &RecentActor,
        present: &SecretString,
        new: &SecretString,
    ) -> Result<(), Error> {
        let origin = by.origin();
        let credentials = self.database.credentials();
        let found = credentials.find_account(by.user_id(), origin.network());
        let account = found.await?.ok_or(SessionError::TokenInvalid)?;
        let new = NewPassword::parse(new, &account.email, self.policy)?;
        let work = self.put_own(by, account.credential.as_ref(), present, &new);
        let work = self
            .guesses
            .counted(origin, &account.email, Some(&account), work);
        let target = Some(by.user_id().into());
        self.refusals.told(origin, target, work).await
    }

    async fn put_own(
        &self,
        by: &RecentActor,
        known: Option<&Credential>,
        present: &SecretString,
        new: &NewPassword,
    ) -> Result<(), Error> {
        let wrong = CredentialError::PasswordWrong;
        let hash = known.map(|it| &it.hash);
        if self.hasher.verify(present, hash).await? == Verdict::Wrong {
            return Err(wrong.into());
        }
        let hash = self.hasher.hash(new.expose()).await?;
        let now = self.clock.now();

        let mut tx = self.database.begin(by.origin()).await?;
        let mut user = lock_caller(&mut *tx, by).await?;
        // It may have been changed while the hashes were made.
        if tx.credentials().find(user.id).await?.as_ref() != known {
            return Err(wrong.into());
        }
        self.write(&mut *tx, &mut user, &hash, now).await?;
        tx.record(Deed::on(Action::UsersPasswordSet, user.id), now);
        let kept = by.session_id();
        tx.sessions_mut().end_others(user.id, kept, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Another password, and the owner is told. Which sessions end is for the caller to say.
    pub(super) async fn write(
        &self,
        tx: &mut dyn Transaction,
        user: &mut User,
        hash: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let id = OutboxMessageId(self.ids.next());
        let notice = OutboxMessage::queued(id, Letter::PasswordChanged(user.id), now);
        self.put(tx, user, hash, now).await?;
        tx.outbox_mut().insert(&notice).await?;
        tx.after_commit(Signal::SessionsEnded(user.id));
        Ok(())
    }

    /// A password, the first one or another. It voids the tokens that were mailed to the owner, and withdraws the address
    /// that somebody asked for with the old one. What takes an address back stays good: it may be a thief's password.
    pub(super) async fn put(
        &self,
        tx: &mut dyn Transaction,
        user: &mut User,
        hash: &PasswordHash,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        user.password_changed(now);
        tx.credentials_mut().put(user.id, hash, now).await?;
        tx.users_mut().update(user).await?;
        tx.one_time_tokens_mut().delete_all(user.id).await?;
        tx.email_changes_mut().delete_open(user.id).await?;
        Ok(())
    }
}

/// Ends every session of the user, and takes their API keys away: what somebody else may have made with the old password.
pub(super) async fn end_access(
    tx: &mut dyn Transaction,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    tx.sessions_mut().end_all(id, now).await?;
    tx.api_keys_mut().delete_all(id).await?;
    Ok(())
}
