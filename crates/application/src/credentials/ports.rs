use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::Network;
use domain::users::{EmailAddress, UserId};
use secrecy::SecretString;

use crate::{Error, StoreError};

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait CredentialReader: Send + Sync {
    async fn find(&self, user: UserId) -> Result<Option<Credential>, StoreError>;
    async fn find_account(
        &self,
        user: UserId,
        network: Option<Network>,
    ) -> Result<Option<Account>, StoreError>;
    /// In one query, so that an unknown address takes no less.
    async fn find_account_by_email(
        &self,
        email: &EmailAddress,
        network: Option<Network>,
    ) -> Result<Option<Account>, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait CredentialWriter: Send + Sync {
    /// Inserts the user's credential, or replaces it.
    async fn put(
        &mut self,
        user: UserId,
        hash: &PasswordHash,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// Writes down that the user's password was right from there, and forgets all but the latest of their networks.
    async fn put_network(
        &mut self,
        user: UserId,
        network: Network,
        at: DateTime<Utc>,
        keep: u64,
    ) -> Result<(), StoreError>;
}

/// How often passwords may be tried: at one account from one network, and at one account from all networks that it
/// does not know. It is the same for an address that somebody has and for one that nobody has.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait GuessBudget: Send + Sync {
    /// Takes one try, if there is one left.
    ///
    /// # Errors
    /// `Broken` when it cannot tell.
    async fn take(&self, guess: &Guess) -> Result<GuessAllowance, Error>;
    /// Of a try that was allowed.
    async fn give_back(&self, guess: &Guess);
}

/// Whose password is tried from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    pub email: EmailAddress,
    /// None where no address of the client is known.
    pub network: Option<Network>,
    /// Whether the account's password was right from there: then it is not for strangers to spend.
    pub is_known: bool,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuessAllowance {
    Allowed,
    Refused {
        /// When one more is allowed again.
        retry_after: Duration,
        /// Not so for those that follow at once, or they would fill the log.
        is_news: bool,
    },
}

/// An account, as far as the check of a password goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub user_id: UserId,
    pub email: EmailAddress,
    /// None for who has chosen no password yet.
    pub credential: Option<Credential>,
    /// When its password was last right from the network that was asked about: to the day.
    pub last_success: Option<DateTime<Utc>>,
}

/// What a user's password is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub user_id: UserId,
    pub hash: PasswordHash,
}

/// In the PHC string format; never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// Slow on purpose, and so on threads of its own; it takes only so much work at once.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// # Errors
    /// `Overloaded` when too much work waits already.
    async fn hash(&self, password: &SecretString) -> Result<PasswordHash, Error>;
    /// Against no hash, it does the same work and says `Wrong`.
    ///
    /// # Errors
    /// `Overloaded` when too much work waits already.
    async fn verify<'a>(
        &self,
        password: &SecretString,
        hash: Option<&'a PasswordHash>,
    ) -> Result<Verdict, Error>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// `outdated`: hashed with other parameters than today's.
    Right {
        outdated: bool,
    },
    Wrong,
}
