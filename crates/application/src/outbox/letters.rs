//! From a letter to the mail that somebody reads: who has the address now, and a token of this attempt.

use chrono::TimeDelta;
use domain::email_changes::{EmailChange, EmailChangeId};
use domain::one_time_tokens::{OneTimeToken, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage};
use domain::registrations::{Registration, RegistrationId};
use domain::users::{DisplayName, EmailAddress, Status, User, UserId};
use secrecy::SecretString;

use super::{Mail, MailContent, Outbox};
use crate::{Error, System, Transaction};

/// What to say, and to whom. Somebody whom we know is called by their name.
type Written = (EmailAddress, Option<DisplayName>, MailContent);

impl Outbox {
    /// `None` when there is nobody to write to. Whoever gets a token is held until it is written down: who shuts their
    /// account or gives it another address comes before, and there is none, or after, and voids it.
    ///
    /// # Errors
    /// The store's, and `Broken` when there is no randomness.
    pub async fn write(&self, by: &System, message: &OutboxMessage) -> Result<Option<Mail>, Error> {
        let mut tx = self.database.begin(by.origin()).await?;
        let written = self.written(&mut *tx, &message.letter).await?;
        tx.commit().await?;
        Ok(written.map(|(to, name, content)| Mail {
            id: message.id,
            to,
            name,
            content,
        }))
    }

    async fn written(
        &self,
        tx: &mut dyn Transaction,
        letter: &Letter,
    ) -> Result<Option<Written>, Error> {
        match letter {
            Letter::PasswordReset(email) => self.password_reset(tx, email).await,
            Letter::PasswordChanged(id) => notice(tx, *id, MailContent::PasswordChanged).await,
            Letter::RefreshReused(id) => notice(tx, *id, MailContent::RefreshReused).await,
            Letter::Invitation(id) => self.invitation(tx, *id).await,
            Letter::Registration(id) => self.registration(tx, *id).await,
            Letter::EmailChange(id) => self.email_change(tx, *id).await,
            Letter::EmailChangeNotice(id) => self.email_change_notice(tx, *id).await,
            Letter::EmailSet(id, email) => email_set(tx, *id, email).await,
        }
    }

    async fn password_reset(
        &self,
        tx: &mut dyn Transaction,
        email: &EmailAddress,
    ) -> Result<Option<Written>, Error> {
        let found = tx.users_mut().lock_by_email(email).await?;
        let Some(user) = found.filter(|it| it.status == Status::Active) else {
            return Ok(None);
        };
        let valid_for = self.policy.lifetimes.password_reset;
        let purpose = TokenPurpose::PasswordReset(user.id);
        let token = self.token(tx, purpose, valid_for).await?;
        let content = MailContent::PasswordReset { token, valid_for };
        Ok(Some(to(user, content)))
    }

    async fn invitation(
        &self,
        tx: &mut dyn Transaction,
        id: UserId,
    ) -> Result<Option<Written>, Error> {
        match tx.users_mut().lock(id).await? {
            Some(user) if user.status == Status::Pending => self.invite(tx, user).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn invite(&self, tx: &mut dyn Transaction, user: User) -> Result<Written, Error> {
        let valid_for = self.policy.lifetimes.invitation;
        let purpose = TokenPurpose::Invitation(user.id);
        let token = self.token(tx, purpose, valid_for).await?;
        Ok(to(user, MailContent::Invitation { token, valid_for }))
    }

    /// Who has an account already is told so, and who is invited is invited again.
    async fn registration(
        &self,
        tx: &mut dyn Transaction,
        id: RegistrationId,
    ) -> Result<Option<Written>, Error> {
        let Some(registration) = tx.registrations().find(id).await? else {
            return Ok(None);
        };
        let found = tx.users_mut().lock_by_email(&registration.email).await?;
        let Some(user) = found else {
            return self.confirm(tx, registration).await.map(Some);
        };
        match user.status {
            Status::Pending => self.invite(tx, user).await.map(Some),
            Status::Active => Ok(Some(to(user, MailContent::AlreadyRegistered))),
            Status::Deactivated => Ok(None),
        }
    }

    /// The name is what a stranger has typed, and may be an advertisement: the mail does not say it.
    async fn confirm(
        &self,
        tx: &mut dyn Transaction,
        registration: Registration,
    ) -> Result<Written, Error> {
        let valid_for = self.policy.lifetimes.registration;
        let purpose = TokenPurpose::Registration(registration.id);
        let token = self.token(tx, purpose, valid_for).await?;
        let content = MailContent::Registration { token, valid_for };
        Ok((registration.email, None, content))
    }

    /// Who has the address already is told that somebody else wants it.
    async fn email_change(
        &self,
        tx: &mut dyn Transaction,
        id: EmailChangeId,
    ) -> Result<Option<Written>, Error> {
        let found = lock_change(tx, id).await?;
        let Some((_, change)) = found.filter(|(_, it)| it.confirmed_at.is_none()) else {
            return Ok(None);
        };
        match tx.users().find_by_email(&change.new_email).await? {
            None => self.confirm_address(tx, change).await.map(Some),
            Some(user) if user.status == Status::Deactivated => Ok(None),
            Some(user) => Ok(Some(to(user, MailContent::EmailTaken))),
        }
    }

    /// Whether the address is theirs is what they are asked: until then their name is as good as a stranger's.
    async fn confirm_address(
        &self,
        tx: &mut dyn Transaction,
        change: EmailChange,
    ) -> Result<Written, Error> {
        let valid_for = self.policy.lifetimes.email_change;
        let purpose = TokenPurpose::EmailChange(change.id);
        let token = self.token(tx, purpose, valid_for).await?;
        let content = MailContent::EmailChange { token, valid_for };
        Ok((change.new_email, None, content))
    }

    /// As things are when it is written, not as they were when it was queued.
    async fn email_change_notice(
        &self,
        tx: &mut dyn Transaction,
        id: EmailChangeId,
    ) -> Result<Option<Written>, Error> {
        let Some((user, change)) = lock_change(tx, id).await? else {
            return Ok(None);
        };
        let valid_for = self.policy.lifetimes.email_change_cancel;
        let purpose = TokenPurpose::EmailChangeCancel(id);
        let token = self.token(tx, purpose, valid_for).await?;
        let content = match change.confirmed_at {
            None => MailContent::EmailChangeNotice { token, valid_for },
            Some(_) => MailContent::EmailChanged { token, valid_for },
        };
        Ok(Some((change.old_email, Some(user.display_name), content)))
    }

    /// Those of earlier attempts stay valid: the mail that arrived may be one of them.
    async fn token(
        &self,
        tx: &mut dyn Transaction,
        purpose: TokenPurpose,
        lifetime: TimeDelta,
    ) -> Result<SecretString, Error> {
        let secret = self.secrets.random()?;
        let (hash, now) = (self.secrets.hash(&secret), self.clock.now());
        let token = OneTimeToken::issued(hash, purpose, now, lifetime);
        tx.one_time_tokens_mut().insert(&token).await?;
        Ok(secret)
    }
}

async fn notice(
    tx: &dyn Transaction,
    id: UserId,
    content: MailContent,
) -> Result<Option<Written>, Error> {
    let found = tx.users().find(id).await?;
    Ok(found.map(|user| to(user, content)))
}

/// As things are when it is written: it may be another address again.
async fn email_set(
    tx: &dyn Transaction,
    id: UserId,
    email: &EmailAddress,
) -> Result<Option<Written>, Error> {
    let Some(user) = tx.users().find(id).await? else {
        return Ok(None);
    };
    let content = match (user.email == *email, user.status) {
        // They are invited there.
        (true, Status::Pending) => return Ok(None),
        (true, Status::Active | Status::Deactivated) => MailContent::EmailSet,
        (false, _) => MailContent::EmailReplaced,
    };
    Ok(Some((email.clone(), Some(user.display_name), content)))
}

/// Holds whose change it is, and finds it as it is then.
async fn lock_change(
    tx: &mut dyn Transaction,
    id: EmailChangeId,
) -> Result<Option<(User, EmailChange)>, Error> {
    let Some(change) = tx.email_changes().find(id).await? else {
        return Ok(None);
    };
    let user = tx.users_mut().lock(change.user_id).await?;
    Ok(user.zip(tx.email_changes().find(id).await?))
}

fn to(user: User, content: MailContent) -> Written {
    (user.email, Some(user.display_name), content)
}
