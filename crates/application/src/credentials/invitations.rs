use domain::audit::{Action, Deed};
use domain::credentials::NewPassword;
use domain::one_time_tokens::{OneTimeTokenError, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::roles::UsersCreate;
use domain::users::{Status, UserError, UserId};
use secrecy::SecretString;

use super::Credentials;
use crate::outbox::{MailAllowance, WantedMail};
use crate::users::target;
use crate::{Error, Expected, Origin, Permit};

impl Credentials {
    /// Mails another invitation to somebody who has not answered yet.
    ///
    /// # Errors
    /// `NotFound`, `BeyondOwnRights`, `NotPending`; `TooMuchMail`, and then nothing was done; `Broken` when nobody can tell
    /// how much there was.
    pub async fn invite_again(&self, by: &Permit<UsersCreate>, id: UserId) -> Result<(), Error> {
        let work = async {
            let mut tx = self.database.begin(by.origin()).await?;
            // It opens a way in once more, also one that had expired.
            let user = target::lock(&mut *tx, by, id, &Expected::Any).await?;
            if user.status != Status::Pending {
                return Err(UserError::NotPending.into());
            }
            let wanted = WantedMail {
                to: user.email,
                network: by.origin().network(),
                is_password_reset: false,
            };
            if let MailAllowance::Refused { retry_after } = self.budget.take(&wanted).await? {
                return Err(Error::TooMuchMail { retry_after });
            }
            let now = self.clock.now();
            let message = OutboxMessageId(self.ids.next());
            let message = OutboxMessage::queued(message, Letter::Invitation(id), now);
            tx.outbox_mut().insert(&message).await?;
            tx.record(Deed::on(Action::InvitationSent, id), now);
            tx.commit().await?;
            Ok(())
        };
        self.refusals.told(by.origin(), Some(id.into()), work).await
    }

    /// Gives the account that the token was mailed for its first password, and makes it active.
    ///
    /// # Errors
    /// `Void` when the token is not valid, or the account waits for nobody any more; why the password may not be chosen, which
    /// spends no token; `Overloaded` when too many passwords wait.
    pub async fn accept_invitation(
        &self,
        origin: &Origin,
        token: &SecretString,
        password: &SecretString,
    ) -> Result<(), Error> {
        let (hash, now) = (self.secrets.hash(token), self.clock.now());
        let found = self.database.one_time_tokens().find(&hash).await?;
        let Some(TokenPurpose::Invitation(id)) = found.and_then(|it| it.purpose_at(now)) else {
            return Err(OneTimeTokenError::Void.into());
        };
        let owner = self.database.users().find(id).await?;
        let owner = owner.ok_or(OneTimeTokenError::Void)?;
        let password = NewPassword::parse(password, &owner.email, self.policy)?;
        let password = self.hasher.hash(password.expose()).await?;

        let mut tx = self.database.begin(origin).await?;
        let found = tx.users_mut().lock(id).await?;
        let pending = found.filter(|it| it.status == Status::Pending);
        let mut user = pending.ok_or(OneTimeTokenError::Void)?;
        if !tx.one_time_tokens_mut().delete(&hash).await? {
            return Err(OneTimeTokenError::Void.into());
        }
        self.put(&mut *tx, &mut user, &password, now).await?;
        tx.record(Deed::on(Action::InvitationAccepted, id).by(id), now);
        tx.commit().await?;
        Ok(())
    }
}
