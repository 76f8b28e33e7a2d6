//! From a letter to the mail that somebody reads: who has the address now, and a token of this attempt.

use chrono::TimeDelta;
use domain::one_time_tokens::{OneTimeToken, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage};
use domain::users::{Status, User};
use secrecy::SecretString;

use super::{Mail, MailContent, Outbox};
use crate::{Error, System};

impl Outbox {
    /// `None` when there is nobody to write to.
    ///
    /// # Errors
    /// The store's, and `Broken` when there is no randomness.
    pub async fn write(&self, by: &System, message: &OutboxMessage) -> Result<Option<Mail>, Error> {
        let users = self.database.users();
        let (user, content) = match &message.letter {
            Letter::PasswordReset(email) => {
                let found = users.find_by_email(email).await?;
                let Some(user) = found.filter(|it| it.status == Status::Active) else {
                    return Ok(None);
                };
                let valid_for = self.policy.password_reset_lifetime;
                let token = self.token(by, &user, TokenPurpose::PasswordReset, valid_for);
                let token = token.await?;
                (user, MailContent::PasswordReset { token, valid_for })
            }
            Letter::PasswordChanged(id) => {
                let Some(user) = users.find(*id).await? else {
                    return Ok(None);
                };
                (user, MailContent::PasswordChanged)
            }
        };
        Ok(Some(Mail {
            id: message.id,
            to: user.email,
            name: user.display_name,
            content,
        }))
    }

    /// Those of earlier attempts stay valid: the mail that arrived may be one of them.
    async fn token(
        &self,
        by: &System,
        user: &User,
        purpose: TokenPurpose,
        lifetime: TimeDelta,
    ) -> Result<SecretString, Error> {
        let secret = self.secrets.random()?;
        let (hash, now) = (self.secrets.hash(&secret), self.clock.now());
        let token = OneTimeToken::issued(hash, purpose, user.id, now, lifetime);

        let mut tx = self.database.begin(by.origin()).await?;
        tx.one_time_tokens_mut().insert(&token).await?;
        tx.commit().await?;
        Ok(secret)
    }
}
