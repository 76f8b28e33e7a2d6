use async_trait::async_trait;
use domain::one_time_tokens::{OneTimeToken, OneTimeTokenHash};
use domain::users::UserId;
use secrecy::SecretString;

use crate::{Error, StoreError};

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait OneTimeTokenReader: Send + Sync {
    async fn find(&self, hash: &OneTimeTokenHash) -> Result<Option<OneTimeToken>, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait OneTimeTokenWriter: Send + Sync {
    async fn insert(&mut self, token: &OneTimeToken) -> Result<(), StoreError>;
    /// Whether it was there still: of two who give the same token one hears yes.
    async fn delete(&mut self, hash: &OneTimeTokenHash) -> Result<bool, StoreError>;
    /// Every token of the user.
    async fn delete_all(&mut self, user: UserId) -> Result<(), StoreError>;
}

/// Makes the secrets that one-time tokens are.
pub trait OneTimeSecrets: Send + Sync {
    /// One that nobody can guess.
    ///
    /// # Errors
    /// `Broken` when the system gives no randomness.
    fn random(&self) -> Result<SecretString, Error>;
    fn hash(&self, token: &SecretString) -> OneTimeTokenHash;
}
