use domain::audit::{Action, Deed};
use domain::credentials::NewPassword;
use domain::one_time_tokens::{OneTimeTokenError, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::users::{EmailAddress, Status};
use secrecy::SecretString;

use super::Credentials;
use super::service::end_access;
use crate::outbox::{MailAllowance, WantedMail};
use crate::{Error, Origin};

impl Credentials {
    /// Has a token mailed to whoever has the address. The work is the same where nobody has: the worker
    /// looks. Nothing is done, and nothing told, where the address, or from the network, was asked too often.
    ///
    /// # Errors
    /// The store's, and `Broken` when nobody can tell how often.
    pub async fn request_reset(&self, origin: &Origin, email: EmailAddress) -> Result<(), Error> {
        let wanted = WantedMail {
            to: email.clone(),
            network: origin.network(),
            is_password_reset: true,
        };
        if self.budget.take(&wanted).await? != MailAllowance::Allowed {
            return Ok(());
        }
        let id = OutboxMessageId(self.ids.next());
        let letter = Letter::PasswordReset(email);
        let now = self.clock.now();
        let message = OutboxMessage::queued(id, letter, now);

        let mut tx = self.database.begin(origin).await?;
        tx.outbox_mut().insert(&message).await?;
        tx.record(Deed::of(Action::PasswordResetRequested), now);
        tx.commit().await?;
        Ok(())
    }

    /// Gives the account that the token was mailed to another password, and ends its sessions.
    ///
    /// # Errors
    /// `Void` when the token is not valid; why the password may not be chosen, which spends no token;
    /// `Overloaded` when too many passwords wait.
    pub async fn reset(
        &self,
        origin: &Origin,
        token: &SecretString,
        password: &SecretString,
    ) -> Result<(), Error> {
        let (hash, now) = (self.secrets.hash(token), self.clock.now());
        let found = self.database.one_time_tokens().find(&hash).await?;
        let Some(TokenPurpose::PasswordReset(id)) = found.and_then(|it| it.purpose_at(now)) else {
            return Err(OneTimeTokenError::Void.into());
        };
        let owner = self.database.users().find(id).await?;
        let owner = owner.ok_or(OneTimeTokenError::Void)?;
        let password = NewPassword::parse(password, &owner.email, self.policy)?;
        let password = self.hasher.hash(password.expose()).await?;

        let mut tx = self.database.begin(origin).await?;
        let found = tx.users_mut().lock(id).await?;
        let active = found.filter(|it| it.status == Status::Active);
        let mut user = active.ok_or(OneTimeTokenError::Void)?;
        if !tx.one_time_tokens_mut().delete(&hash).await? {
            return Err(OneTimeTokenError::Void.into());
        }
        self.write(&mut *tx, &mut user, &password, now).await?;
        tx.record(
            Deed::on(Action::UsersPasswordReset, user.id).by(user.id),
            now,
        );
        end_access(&mut *tx, user.id, now).await?;
        tx.commit().await?;
        Ok(())
    }
}
