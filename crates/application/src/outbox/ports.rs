use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::Network;
use domain::outbox::{DeadLetter, OutboxMessage, OutboxMessageId};
use domain::users::{DisplayName, EmailAddress};
use secrecy::SecretString;

use crate::{Error, Page, PageRequest, StoreError};

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait OutboxReader: Send + Sync {
    /// Whether anything waits to be tried at that time.
    async fn is_due(&self, at: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Given up last first.
    async fn list_dead(&self, page: &PageRequest) -> Result<Page<DeadLetter>, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait OutboxWriter: Send + Sync {
    async fn insert(&mut self, message: &OutboxMessage) -> Result<(), StoreError>;
    /// Finds and holds the one that is due for longest; what another transaction holds is passed over.
    async fn lock_due(&mut self, at: DateTime<Utc>) -> Result<Option<OutboxMessage>, StoreError>;
    async fn lock(&mut self, id: OutboxMessageId) -> Result<Option<OutboxMessage>, StoreError>;
    async fn update(&mut self, message: &OutboxMessage) -> Result<(), StoreError>;
    async fn delete(&mut self, id: OutboxMessageId) -> Result<(), StoreError>;
    /// What is addressed to nobody but whoever has this address.
    async fn delete_addressed(&mut self, email: &EmailAddress) -> Result<(), StoreError>;
}

/// How much mail people may have sent: to one address, from one network, and all together. It is the same for an address
/// that somebody has and for one that nobody has.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait MailBudget: Send + Sync {
    /// Takes one mail from it, if there is one left; what is refused takes nothing.
    ///
    /// # Errors
    /// `Broken` when it cannot tell.
    async fn take(&self, wanted: &WantedMail) -> Result<MailAllowance, Error>;
}

/// Who is to be written to, and where that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedMail {
    pub to: EmailAddress,
    /// None where no address of the client is known.
    pub network: Option<Network>,
    /// One address has as much again for these, so that nothing else that strangers ask for keeps its owner out.
    pub is_password_reset: bool,
}

/// What became of a wish for a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailAllowance {
    Allowed,
    Refused {
        /// When one more is allowed again.
        retry_after: Duration,
    },
}

/// Renders a mail and hands it over to whoever carries it further.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// # Errors
    /// When it was not taken. It may have been all the same, if the connection broke too early.
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure>;
}

/// What somebody is about to read.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The same at every attempt.
    pub id: OutboxMessageId,
    pub to: EmailAddress,
    /// `None` where nobody is known yet.
    pub name: Option<DisplayName>,
    pub content: MailContent,
}

#[derive(Debug, Clone)]
pub enum MailContent {
    PasswordReset {
        token: SecretString,
        valid_for: TimeDelta,
    },
    PasswordChanged,
    RefreshReused,
    /// To choose the first password with.
    Invitation {
        token: SecretString,
        valid_for: TimeDelta,
    },
    /// To make an account with.
    Registration {
        token: SecretString,
        valid_for: TimeDelta,
    },
    /// To who has an account, and asked for one.
    AlreadyRegistered,
    /// To the new address, to confirm with.
    EmailChange {
        token: SecretString,
        valid_for: TimeDelta,
    },
    /// To who has the address that somebody else wants.
    EmailTaken,
    /// To the old address, to cancel with: nothing has changed yet.
    EmailChangeNotice {
        token: SecretString,
        valid_for: TimeDelta,
    },
    /// To the old address, to cancel with.
    EmailChanged {
        token: SecretString,
        valid_for: TimeDelta,
    },
    /// To the address that an administrator gave to the account.
    EmailSet,
    /// To the one that the account had before.
    EmailReplaced,
}

/// Why a mail was not taken: for the log, and so without the words of others, which may hold an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailFailure {
    /// It may be taken the next time.
    #[error("{0}")]
    Transient(String),
    /// It would be refused again.
    #[error("{0}")]
    Permanent(String),
}
