use domain::api_keys::ApiKeyHash;
use domain::one_time_tokens::OneTimeTokenHash;
use domain::sessions::{RefreshSalt, RefreshTokenHash};
use secrecy::{ExposeSecret, SecretString};

use crate::Error;
use crate::api_keys::ApiKeySecrets;
use crate::one_time_tokens::OneTimeSecrets;
use crate::sessions::RefreshSecrets;

/// Secrets that tell where they come from: `first`, and after it `first, then`.
pub(super) struct PlainSecrets;

pub(crate) const SALT: RefreshSalt = RefreshSalt([7; 32]);

/// The hash by which [`PlainSecrets`] knows a secret.
pub(crate) fn token_hash(secret: &str) -> RefreshTokenHash {
    let mut hash = [0; 32];
    hash[..secret.len()].copy_from_slice(secret.as_bytes());
    RefreshTokenHash(hash)
}

impl RefreshSecrets for PlainSecrets {
    fn random(&self) -> Result<SecretString, Error> {
        Ok("first".into())
    }

    fn salt(&self) -> Result<RefreshSalt, Error> {
        Ok(SALT)
    }

    fn successor(&self, token: &SecretString, salt: &RefreshSalt) -> SecretString {
        assert_eq!(*salt, SALT, "the salt is that of the token's row");
        format!("{}, then", token.expose_secret()).into()
    }

    fn hash(&self, token: &SecretString) -> RefreshTokenHash {
        token_hash(token.expose_secret())
    }
}

/// The hash by which [`PlainSecrets`] knows a one-time token.
pub(crate) fn one_time_hash(secret: &str) -> OneTimeTokenHash {
    OneTimeTokenHash(token_hash(secret).0)
}

impl OneTimeSecrets for PlainSecrets {
    fn random(&self) -> Result<SecretString, Error> {
        Ok("mailed".into())
    }

    fn hash(&self, token: &SecretString) -> OneTimeTokenHash {
        one_time_hash(token.expose_secret())
    }
}

/// The hash by which [`PlainSecrets`] knows the secret of a key.
pub(crate) fn key_hash(secret: &str) -> ApiKeyHash {
    let mut hash = [0; 32];
    hash.copy_from_slice(&secret.as_bytes()[..32]);
    ApiKeyHash(hash)
}

impl ApiKeySecrets for PlainSecrets {
    fn random(&self) -> Result<SecretString, Error> {
        Ok("0123456789abcdef".repeat(4).into())
    }

    fn hash(&self, secret: &SecretString) -> ApiKeyHash {
        key_hash(secret.expose_secret())
    }

    fn matches(&self, secret: &SecretString, hash: &ApiKeyHash) -> bool {
        key_hash(secret.expose_secret()) == *hash
    }
}
