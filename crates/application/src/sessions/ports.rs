use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::roles::{Rights, RoleName};
use domain::sessions::{
    LiveSession, RefreshSalt, RefreshToken, RefreshTokenHash, Session, SessionId, TokenVersion,
};
use domain::users::{Status, UserId};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{Error, Page, PageRequest, StoreError};

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait SessionReader: Send + Sync {
    /// What an access token of this session is judged by.
    async fn standing(&self, id: SessionId) -> Result<Option<Standing>, StoreError>;
    /// Those of the user that go on at that time and can still be refreshed, newest first.
    async fn list(
        &self,
        user: UserId,
        at: DateTime<Utc>,
        page: &PageRequest,
    ) -> Result<Page<LiveSession>, StoreError>;
    async fn find_token(&self, hash: &RefreshTokenHash)
    -> Result<Option<RefreshToken>, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait SessionWriter: Send + Sync {
    async fn insert(&mut self, session: &Session) -> Result<(), StoreError>;
    async fn lock(&mut self, id: SessionId) -> Result<Option<Session>, StoreError>;
    /// The session that a refresh token belongs to: who holds it holds all its tokens.
    async fn lock_by_token(
        &mut self,
        hash: &RefreshTokenHash,
    ) -> Result<Option<Session>, StoreError>;
    async fn update(&mut self, session: &Session) -> Result<(), StoreError>;
    async fn insert_token(&mut self, token: &RefreshToken) -> Result<(), StoreError>;
    /// Whether this was the token's first use.
    async fn spend_token(
        &mut self,
        hash: &RefreshTokenHash,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError>;
    /// Ends the session, unless it has ended already.
    async fn end(&mut self, id: SessionId, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Ends every session of the user but the one.
    async fn end_others(
        &mut self,
        user: UserId,
        but: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// Ends every session of the user that has not ended yet.
    async fn end_all(&mut self, user: UserId, at: DateTime<Utc>) -> Result<(), StoreError>;
}

/// How a session and its user are doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub user_id: UserId,
    pub status: Status,
    pub token_version: TokenVersion,
    /// The user's, now.
    pub rights: Rights,
    pub ended: bool,
    pub expires_at: DateTime<Utc>,
}

/// Makes access tokens and reads them (RFC 9068).
#[cfg_attr(test, mockall::automock)]
pub trait TokenSigner: Send + Sync {
    /// # Errors
    /// `Broken` when the key cannot sign.
    fn sign(&self, claims: &AccessClaims) -> Result<SecretString, Error>;
    /// # Errors
    /// When this server did not sign it, or when it is not valid at `now`.
    fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, Unverified>;
    /// What others verify the tokens with.
    fn public_keys(&self) -> Vec<PublicKey>;
}

/// Why an access token is not to be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unverified {
    Invalid,
    /// It names a key that is not in the ring: another server may have made one meanwhile.
    UnknownKey,
}

/// Makes the secrets that refresh tokens are.
pub trait RefreshSecrets: Send + Sync {
    /// One that nobody can guess.
    ///
    /// # Errors
    /// `Broken` when the system gives no randomness.
    fn random(&self) -> Result<SecretString, Error>;
    /// # Errors
    /// `Broken` when the system gives no randomness.
    fn salt(&self) -> Result<RefreshSalt, Error>;
    /// The one that follows it: always the same, and nobody finds it without the token itself.
    fn successor(&self, token: &SecretString, salt: &RefreshSalt) -> SecretString;
    fn hash(&self, token: &SecretString) -> RefreshTokenHash;
}

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// `jti`
    pub id: Uuid,
    /// `sub`
    pub user_id: UserId,
    /// `sid`
    pub session_id: SessionId,
    /// `ver`
    pub token_version: TokenVersion,
    pub roles: Vec<RoleName>,
    /// `auth_time`
    pub authenticated_at: DateTime<Utc>,
    /// `iat`
    pub issued_at: DateTime<Utc>,
    /// `exp`
    pub expires_at: DateTime<Utc>,
}

/// A P-256 key (RFC 7518, section 6.2.1); coordinates in base64url.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub kid: String,
    pub x: String,
    pub y: String,
}
