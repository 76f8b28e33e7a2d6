//! From a letter to the mail that somebody reads: who has the address now, and a token of this attempt.

use chrono::TimeDelta;
use domain::email_changes::{EmailChange, EmailChangeId};
use domain::one_time_tokens::{OneTimeToken, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage};
use domain::registrations::{Registration, RegistrationId};
use domain::users::{DisplayName, EmailAddress, Status, User, UserId};
use secrecy::SecretString;

use super::{Mail, MailContent, Outbox};
use crate::{Error, System};

/// What to say, and to whom. Somebody whom we know is called by their name.
type Written = (EmailAddress, Option<DisplayName>, MailContent);

impl Outbox {
    /// `None` when there is nobody to write to.
    ///
    /// # Errors
    /// The store's, and `Broken` when there is no randomness.
    pub async fn write(&self, by: &System, message: &OutboxMessage) -> Result<Option<Mail>, Error> {
        let written = match &message.letter {
            Letter::PasswordReset(email) => self.password_reset(by, email).await?,
            Letter::PasswordChanged(id) => self.notice(*id, MailContent::PasswordChanged).await?,
            Letter::RefreshReused(id) => self.notice(*id, MailContent::RefreshReused).await?,
            Letter::Invitation(id) => self.invitation(by, *id).await?,
            Letter::Registration(id) => self.registration(by, *id).await?,
            Letter::EmailChange(id) => self.email_change(by, *id).await?,
            Letter::EmailChangeNotice(id) => self.email_change_notice(by, *id).await?,
            Letter::EmailSet(id, email) => self.email_set(*id, email).await?,
        };
        Ok(written.map(|(to, name, content)| Mail {
            id: message.id,
            to,
            name,
            content,
        }))
    }

    async fn password_reset(
        &self,
        by: &System,
        email: &EmailAddress,
    ) -> Result<Option<Written>, Error> {
        let found = self.database.users().find_by_email(email).await?;
        let Some(user) = found.filter(|it| it.status == Status::Active) else {
            return Ok(None);
        };
        let valid_for = self.policy.lifetimes.password_reset;
        let purpose = TokenPurpose::PasswordReset(user.id);
        let token = self.token(by, purpose, valid_for).await?;
        let content = MailContent::PasswordReset { token, valid_for };
        Ok(Some(to(user, content)))
    }

    async fn notice(&self, id: UserId, content: MailContent) -> Result<Option<Written>, Error> {
        let found = self.database.users().find(id).await?;
        Ok(found.map(|user| to(user, content)))
    }

    async fn invitation(&self, by: &System, id: UserId) -> Result<Option<Written>, Error> {
        match self.database.users().find(id).await? {
            Some(user) if user.status == Status::Pending => self.invite(by, user).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn invite(&self, by: &System, user: User) -> Result<Written, Error> {
        let valid_for = self.policy.lifetimes.invitation;
        let purpose = TokenPurpose::Invitation(user.id);
        let token = self.token(by, purpose, valid_for).await?;
        Ok(to(user, MailContent::Invitation { token, valid_for }))
    }

    /// Who has an account already is told so, and who is invited is invited again.
    async fn registration(
        &self,
        by: &System,
        id: RegistrationId,
    ) -> Result<Option<Written>, Error> {
        let Some(registration) = self.database.registrations().find(id).await? else {
            return Ok(None);
        };
        let users = self.database.users();
        let Some(user) = users.find_by_email(&registration.email).await? else {
            return self.confirm(by, registration).await.map(Some);
        };
        match user.status {
            Status::Pending => self.invite(by, user).await.map(Some),
            Status::Active => Ok(Some(to(user, MailContent::AlreadyRegistered))),
            Status::Deactivated => Ok(None),
        }
    }

    /// The name is what a stranger has typed, and may be an advertisement: the mail does not say it.
    async fn confirm(&self, by: &System, registration: Registration) -> Result<Written, Error> {
        let valid_for = self.policy.lifetimes.registration;
        let purpose = TokenPurpose::Registration(registration.id);
        let token = self.token(by, purpose, valid_for).await?;
        let content = MailContent::Registration { token, valid_for };
        Ok((registration.email, None, content))
    }

    /// Who has the address already is told that somebody else wants it.
    async fn email_change(&self, by: &System, id: EmailChangeId) -> Result<Option<Written>, Error> {
        let found = self.database.email_changes().find(id).await?;
        let Some(change) = found.filter(|it| it.confirmed_at.is_none()) else {
            return Ok(None);
        };
        let users = self.database.users();
        match users.find_by_email(&change.new_email).await? {
            None => self.confirm_address(by, change).await.map(Some),
            Some(user) if user.status == Status::Deactivated => Ok(None),
            Some(user) => Ok(Some(to(user, MailContent::EmailTaken))),
        }
    }

    /// Whether the address is theirs is what they are asked: until then their name is as good as a stranger's.
    async fn confirm_address(&self, by: &System, change: EmailChange) -> Result<Written, Error> {
        let valid_for = self.policy.lifetimes.email_change;
        let purpose = TokenPurpose::EmailChange(change.id);
        let token = self.token(by, purpose, valid_for).await?;
        let content = MailContent::EmailChange { token, valid_for };
        Ok((change.new_email, None, content))
    }

    /// As things are when it is written, not as they were when it was queued.
    async fn email_change_notice(
        &self,
        by: &System,
        id: EmailChangeId,
    ) -> Result<Option<Written>, Error> {
        let Some(change) = self.database.email_changes().find(id).await? else {
            return Ok(None);
        };
        let Some(user) = self.database.users().find(change.user_id).await? else {
            return Ok(None);
        };
        let valid_for = self.policy.lifetimes.email_change_cancel;
        let purpose = TokenPurpose::EmailChangeCancel(id);
        let token = self.token(by, purpose, valid_for).await?;
        let content = match change.confirmed_at {
            None => MailContent::EmailChangeNotice { token, valid_for },
            Some(_) => MailContent::EmailChanged { token, valid_for },
        };
        Ok(Some((change.old_email, Some(user.display_name), content)))
    }

    /// As things are when it is written: it may be another address again.
    async fn email_set(&self, id: UserId, email: &EmailAddress) -> Result<Option<Written>, Error> {
        let Some(user) = self.database.users().find(id).await? else {
            return Ok(None);
        };
        let content = if user.email == *email {
            MailContent::EmailSet
        } else {
            MailContent::EmailReplaced
        };
        Ok(Some((email.clone(), Some(user.display_name), content)))
    }

    /// Those of earlier attempts stay valid: the mail that arrived may be one of them.
    async fn token(
        &self,
        by: &System,
        purpose: TokenPurpose,
        lifetime: TimeDelta,
    ) -> Result<SecretString, Error> {
        let secret = self.secrets.random()?;
        let (hash, now) = (self.secrets.hash(&secret), self.clock.now());
        let token = OneTimeToken::issued(hash, purpose, now, lifetime);

        let mut tx = self.database.begin(by.origin()).await?;
        tx.one_time_tokens_mut().insert(&token).await?;
        tx.commit().await?;
        Ok(secret)
    }
}

fn to(user: User, content: MailContent) -> Written {
    (user.email, Some(user.display_name), content)
}
