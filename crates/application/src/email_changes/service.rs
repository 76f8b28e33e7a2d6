use std::sync::Arc;

use domain::audit::{Action, Deed};
use domain::email_changes::{EmailChange, EmailChangeId};
use domain::one_time_tokens::{OneTimeTokenError, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::users::{EmailAddress, User, UserChange};
use secrecy::SecretString;

use crate::audit::Refusals;
use crate::one_time_tokens::OneTimeSecrets;
use crate::outbox::{MailAllowance, MailBudget, WantedMail};
use crate::users::end_sessions;
use crate::users::target::lock_caller;
use crate::{Clock, Database, Error, Ids, Origin, Ports, RecentActor, Transaction};

/// Another address for one's own account, once whoever reads its mail confirms it. Whoever reads the mail of the old one
/// is told before and after, and can take it back: by then somebody else may have the account and its password.
pub struct EmailChanges {
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    secrets: Arc<dyn OneTimeSecrets>,
    budget: Arc<dyn MailBudget>,
    refusals: Refusals,
}

impl EmailChanges {
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            secrets: Arc::clone(&ports.one_time_secrets),
            budget: Arc::clone(&ports.mail_budget),
            refusals: Refusals::new(ports),
        }
    }

    /// Has both addresses written to: the new one with a token that confirms, the old one with a token that cancels. An
    /// earlier request that nobody has confirmed is withdrawn. The work is the same where somebody else has the address:
    /// the worker looks, and tells them. Nobody is written to where it is the caller's already, or where the address, or the
    /// network, has had too much mail: but the earlier request is withdrawn.
    ///
    /// # Errors
    /// `TokenInvalid` when the session was ended this moment; the store's, and `Broken` when nobody can tell how much mail
    /// there was.
    pub async fn request(&self, by: &RecentActor, new_email: EmailAddress) -> Result<(), Error> {
        let wanted = WantedMail {
            to: new_email.clone(),
            network: by.origin().network(),
            is_password_reset: false,
        };
        let allowance = self.budget.take(&wanted).await?;
        let now = self.clock.now();

        let mut tx = self.database.begin(by.origin()).await?;
        let user = lock_caller(&mut *tx, by).await?;
        tx.email_changes_mut().delete_open(user.id).await?;
        let deed = Deed::on(Action::UsersEmailChangeRequested, user.id);
        tx.record(deed, now);
        if user.email != new_email && allowance == MailAllowance::Allowed {
            let id = EmailChangeId(self.ids.next());
            let change = EmailChange {
                id,
                user_id: user.id,
                old_email: user.email,
                new_email,
                requested_at: now,
                confirmed_at: None,
            };
            tx.email_changes_mut().insert(&change).await?;
            for letter in [Letter::EmailChange(id), Letter::EmailChangeNotice(id)] {
                self.queue(&mut *tx, letter).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Gives the account the address that the token was mailed to, ends its sessions, and tells the old address.
    ///
    /// # Errors
    /// `Void` when the token is not valid, or the account has changed since; `EmailTaken`, which spends no token.
    pub async fn confirm(&self, origin: &Origin, token: &SecretString) -> Result<(), Error> {
        let now = self.clock.now();
        let found = self.purpose(token).await?;
        let Some(TokenPurpose::EmailChange(id)) = found else {
            return Err(OneTimeTokenError::Void.into());
        };
        let change = self.find(id).await?;

        let work = async {
            let mut tx = self.database.begin(origin).await?;
            let (mut user, mut change) = lock(&mut *tx, &change).await?;
            if !change.is_open_for(&user) {
                return Err(OneTimeTokenError::Void.into());
            }
            user.apply(to(&change.new_email), now);
            tx.users_mut().update(&user).await?;
            change.confirmed_at = Some(now);
            tx.email_changes_mut().update(&change).await?;
            end_sessions(&mut *tx, user.id, now).await?;
            let notice = Letter::EmailChangeNotice(id);
            self.queue(&mut *tx, notice).await?;
            let deed = Deed::on(Action::UsersEmailChanged, user.id).by(user.id);
            tx.record(deed, now);
            tx.commit().await?;
            Ok(())
        };
        let target = Some(change.user_id.into());
        self.refusals.told(origin, target, work).await
    }

    /// Gives the account back the address that the token was mailed to, or keeps it from getting another one. All that
    /// has happened since is void: later changes, sessions, API keys and what was mailed. Earlier changes can still be
    /// taken back, so that nobody gets rid of the first address by the second. An account that is shut stays shut.
    ///
    /// # Errors
    /// `Void` when the token is not valid; `EmailTaken` when somebody else has the address by now, which spends no token.
    pub async fn cancel(&self, origin: &Origin, token: &SecretString) -> Result<(), Error> {
        let now = self.clock.now();
        let found = self.purpose(token).await?;
        let Some(TokenPurpose::EmailChangeCancel(id)) = found else {
            return Err(OneTimeTokenError::Void.into());
        };
        let change = self.find(id).await?;

        let work = async {
            let mut tx = self.database.begin(origin).await?;
            let (mut user, change) = lock(&mut *tx, &change).await?;
            let before = user.version;
            user.apply(to(&change.old_email), now);
            if user.version != before {
                tx.users_mut().update(&user).await?;
            }
            tx.email_changes_mut().delete_from(&change).await?;
            end_sessions(&mut *tx, user.id, now).await?;
            tx.api_keys_mut().delete_all(user.id).await?;
            let deed = Deed::on(Action::UsersEmailChangeCancelled, user.id).by(user.id);
            tx.record(deed, now);
            tx.commit().await?;
            Ok(())
        };
        let target = Some(change.user_id.into());
        self.refusals.told(origin, target, work).await
    }

    async fn purpose(&self, token: &SecretString) -> Result<Option<TokenPurpose>, Error> {
        let hash = self.secrets.hash(token);
        let found = self.database.one_time_tokens().find(&hash).await?;
        Ok(found.and_then(|it| it.purpose_at(self.clock.now())))
    }

    async fn find(&self, id: EmailChangeId) -> Result<EmailChange, Error> {
        let found = self.database.email_changes().find(id).await?;
        Ok(found.ok_or(OneTimeTokenError::Void)?)
    }

    async fn queue(&self, tx: &mut dyn Transaction, letter: Letter) -> Result<(), Error> {
        let id = OutboxMessageId(self.ids.next());
        let message = OutboxMessage::queued(id, letter, self.clock.now());
        tx.outbox_mut().insert(&message).await?;
        Ok(())
    }
}

/// Holds the user, and finds the change as it is now.
async fn lock(
    tx: &mut dyn Transaction,
    change: &EmailChange,
) -> Result<(User, EmailChange), Error> {
    let user = tx.users_mut().lock(change.user_id).await?;
    let change = tx.email_changes().find(change.id).await?;
    Ok(user.zip(change).ok_or(OneTimeTokenError::Void)?)
}

pub(super) fn to(email: &EmailAddress) -> UserChange {
    UserChange {
        email: Some(email.clone()),
        display_name: None,
    }
}
