use std::sync::Arc;

use domain::audit::{Action, Deed};
use domain::credentials::{NewPassword, PasswordPolicy};
use domain::one_time_tokens::{OneTimeTokenError, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::registrations::{Registration, RegistrationError, RegistrationId};
use domain::users::{DisplayName, EmailAddress, User, UserId};
use secrecy::SecretString;

use crate::credentials::PasswordHasher;
use crate::one_time_tokens::OneTimeSecrets;
use crate::outbox::{MailAllowance, MailBudget, WantedMail};
use crate::{Clock, Database, Error, Ids, Origin, Ports, StoreError, Unique};

/// Accounts that people make for themselves.
pub struct Registrations {
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    hasher: Arc<dyn PasswordHasher>,
    secrets: Arc<dyn OneTimeSecrets>,
    budget: Arc<dyn MailBudget>,
    policy: RegistrationPolicy,
    passwords: PasswordPolicy,
}

/// Who may make an account for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationPolicy {
    /// Whoever has an address.
    Open,
    /// Nobody: accounts are made by invitation.
    Closed,
}

pub struct NewRegistration {
    pub email: EmailAddress,
    pub display_name: DisplayName,
}

impl Registrations {
    #[must_use]
    pub fn new(ports: &Ports, policy: RegistrationPolicy, passwords: PasswordPolicy) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            hasher: Arc::clone(&ports.hasher),
            secrets: Arc::clone(&ports.one_time_secrets),
            budget: Arc::clone(&ports.mail_budget),
            policy,
            passwords,
        }
    }

    /// Has a token mailed to the address. The work is the same where somebody has an account with it: the worker looks, and
    /// tells them. Nothing is done, and nothing told, where the address, or the network, has had too much mail.
    ///
    /// # Errors
    /// `Closed`; the store's, and `Broken` when nobody can tell how often.
    pub async fn request(&self, origin: &Origin, new: NewRegistration) -> Result<(), Error> {
        self.open()?;
        let wanted = WantedMail {
            to: new.email.clone(),
            network: origin.network(),
            is_password_reset: false,
        };
        if self.budget.take(&wanted).await? != MailAllowance::Allowed {
            return Ok(());
        }
        let now = self.clock.now();
        let registration = Registration {
            id: RegistrationId(self.ids.next()),
            email: new.email,
            display_name: new.display_name,
            created_at: now,
        };
        let letter = Letter::Registration(registration.id);
        let message = OutboxMessage::queued(OutboxMessageId(self.ids.next()), letter, now);

        let mut tx = self.database.begin(origin).await?;
        tx.registrations_mut().insert(&registration).await?;
        tx.outbox_mut().insert(&message).await?;
        tx.record(Deed::of(Action::RegistrationRequested), now);
        tx.commit().await?;
        Ok(())
    }

    /// Makes the account of whoever has read the mail.
    ///
    /// # Errors
    /// `Closed`; `Void` when the token is not valid, or somebody has an account with the address by now; why the password may
    /// not be chosen, which spends no token; `Overloaded` when too many passwords wait.
    pub async fn confirm(
        &self,
        origin: &Origin,
        token: &SecretString,
        password: &SecretString,
    ) -> Result<User, Error> {
        self.open()?;
        let (hash, now) = (self.secrets.hash(token), self.clock.now());
        let found = self.database.one_time_tokens().find(&hash).await?;
        let Some(TokenPurpose::Registration(id)) = found.and_then(|it| it.purpose_at(now)) else {
            return Err(OneTimeTokenError::Void.into());
        };
        let found = self.database.registrations().find(id).await?;
        let registration = found.ok_or(OneTimeTokenError::Void)?;
        let password = NewPassword::parse(password, &registration.email, self.passwords)?;
        let password = self.hasher.hash(password.expose()).await?;
        let user = registration.confirmed(UserId(self.ids.next()), now);

        let mut tx = self.database.begin(origin).await?;
        if !tx.one_time_tokens_mut().delete(&hash).await? {
            return Err(OneTimeTokenError::Void.into());
        }
        match tx.users_mut().insert(&user).await {
            // Whoever came first has it: that is no news for whoever comes second.
            Err(StoreError::Duplicate(Unique::UserEmail)) => {
                return Err(OneTimeTokenError::Void.into());
            }
            inserted => inserted?,
        }
        tx.credentials_mut().put(user.id, &password, now).await?;
        tx.registrations_mut().delete(id).await?;
        tx.record(Deed::on(Action::UsersCreated, user.id).by(user.id), now);
        tx.commit().await?;
        Ok(user)
    }

    fn open(&self) -> Result<(), Error> {
        match self.policy {
            RegistrationPolicy::Open => Ok(()),
            RegistrationPolicy::Closed => Err(RegistrationError::Closed.into()),
        }
    }
}
