use async_trait::async_trait;
use domain::signing_keys::{KeySet, SealedKey, SigningKey, SigningKeyId};

use crate::{Error, StoreError};

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait SigningKeyReader: Send + Sync {
    /// All of them.
    async fn all(&self) -> Result<KeySet, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait SigningKeyWriter: Send + Sync {
    /// All of them, which nobody else adds to or takes from until the transaction ends.
    async fn lock_all(&mut self) -> Result<KeySet, StoreError>;
    async fn insert(&mut self, key: &SigningKey) -> Result<(), StoreError>;
    async fn delete(&mut self, id: SigningKeyId) -> Result<(), StoreError>;
}

/// The keys that this process signs and verifies with, and the master keys that seal them.
#[cfg_attr(test, mockall::automock)]
pub trait KeyRing: Send + Sync {
    /// A new key.
    ///
    /// # Errors
    /// `Broken` when the system can make none.
    fn make(&self) -> Result<SealedKey, Error>;
    /// From now on these and no others.
    ///
    /// # Errors
    /// `Broken` when one of them does not open; then everything stays as it was.
    fn hold(&self, keys: &KeySet) -> Result<(), Error>;
}
