use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::users::{EmailAddress, UserId};
use secrecy::SecretString;

use crate::{Error, StoreError};

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait CredentialReader: Send + Sync {
    async fn find(&self, user: UserId) -> Result<Option<Credential>, StoreError>;
    /// In one query, so that an unknown address takes no less.
    async fn find_by_email(&self, email: &EmailAddress) -> Result<Option<Credential>, StoreError>;
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
