use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::Version;
use domain::api_keys::{ApiKey, ApiKeyHash, ApiKeyId};
use domain::roles::{Rights, RoleName};
use domain::sessions::TokenVersion;
use domain::users::{Status, UserId};
use secrecy::SecretString;

use crate::{Error, Page, PageRequest, StoreError};

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait ApiKeyReader: Send + Sync {
    /// What a request with this key is judged by, in one statement.
    async fn standing(&self, id: ApiKeyId) -> Result<Option<ApiKeyStanding>, StoreError>;
    async fn find(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;
    /// The user's, newest first.
    async fn list(&self, user: UserId, page: &PageRequest) -> Result<Page<ApiKey>, StoreError>;
    /// How many the user has.
    async fn count(&self, user: UserId) -> Result<u64, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait ApiKeyWriter: Send + Sync {
    async fn lock(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;
    async fn insert(&mut self, key: &ApiKey, hash: &ApiKeyHash) -> Result<(), StoreError>;
    /// All but when it was used. `Stale` when the row is not older than `key`.
    async fn update(&mut self, key: &ApiKey) -> Result<(), StoreError>;
    async fn delete(&mut self, id: ApiKeyId) -> Result<(), StoreError>;
    /// Deletes every key of the user.
    async fn delete_all(&mut self, user: UserId) -> Result<(), StoreError>;
    /// Writes down that those that are there still were used then, unless they were later. It is no other version.
    async fn touch(&mut self, keys: &[ApiKeyId], at: DateTime<Utc>) -> Result<(), StoreError>;
}

/// How a key and its owner are doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyStanding {
    pub id: ApiKeyId,
    pub version: Version,
    pub hash: ApiKeyHash,
    pub scopes: Rights,
    pub expires_at: DateTime<Utc>,
    pub user_id: UserId,
    pub status: Status,
    pub token_version: TokenVersion,
    /// The owner's.
    pub roles: Vec<RoleName>,
    /// What those grant, now.
    pub rights: Rights,
}

/// Makes the secrets of keys, and knows them again.
pub trait ApiKeySecrets: Send + Sync {
    /// 256 random bits, as [`domain::api_keys::ApiKeyToken`] writes them.
    ///
    /// # Errors
    /// `Broken` when the system gives no randomness.
    fn random(&self) -> Result<SecretString, Error>;
    fn hash(&self, secret: &SecretString) -> ApiKeyHash;
    /// Whether that is the secret; how long it takes tells nothing about the hash.
    fn matches(&self, secret: &SecretString, hash: &ApiKeyHash) -> bool;
}
