use application::Error;
use application::sessions::RefreshSecrets;
use aws_lc_rs::{hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::sessions::{RefreshSalt, RefreshTokenHash};
use secrecy::{ExposeSecret, SecretString};

use crate::random::{random_secret, sha256};

/// 256 bits in base64url; kept as SHA-256, which is enough for what nobody can guess. A successor
/// is the HMAC-SHA256 of the salt, keyed by the token before it: whoever reads the database finds
/// neither.
#[derive(Debug, Clone, Copy)]
pub struct HmacRefreshSecrets;

impl RefreshSecrets for HmacRefreshSecrets {
    fn random(&self) -> Result<SecretString, Error> {
        random_secret().map_err(|it| Error::Broken(it.to_string()))
    }

    fn salt(&self) -> Result<RefreshSalt, Error> {
        let mut salt = [0; 32];
        rand::fill(&mut salt)
            .map_err(|_| Error::Broken("the system gives no random bits".into()))?;
        Ok(RefreshSalt(salt))
    }

    fn successor(&self, token: &SecretString, salt: &RefreshSalt) -> SecretString {
        let key = hmac::Key::new(hmac::HMAC_SHA256, token.expose_secret().as_bytes());
        URL_SAFE_NO_PAD.encode(hmac::sign(&key, &salt.0)).into()
    }

    fn hash(&self, token: &SecretString) -> RefreshTokenHash {
        RefreshTokenHash(sha256(token))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const SECRETS: HmacRefreshSecrets = HmacRefreshSecrets;

    #[test]
    fn every_token_and_every_salt_is_another_one() {
        let tokens: HashSet<_> = (0..100)
            .map(|_| SECRETS.random().unwrap().expose_secret().to_owned())
            .collect();
        let salts: HashSet<_> = (0..100).map(|_| SECRETS.salt().unwrap().0).collect();

        assert_eq!((tokens.len(), salts.len()), (100, 100));
        assert!(tokens.iter().all(|it| it.len() == 43));
    }

    /// Computed by Python's `hmac` and `hashlib`: tokens that are given out go on to mean the same.
    #[test]
    fn successors_and_hashes_are_what_they_were() {
        let successor = SECRETS.successor(&"token".into(), &RefreshSalt([7; 32]));
        let hash = SECRETS.hash(&"abc".into());

        let expected = "DIf4Ks8HOhg7rFDkx5rvUdzQQchGU2dz-F8fNE_cVwo";
        assert_eq!(successor.expose_secret(), expected);
        assert_eq!(hash.0[..4], [0xba, 0x78, 0x16, 0xbf]);
    }

    #[test]
    fn a_successor_follows_from_its_token_and_salt_alone() {
        let (one, other) = (RefreshSalt([1; 32]), RefreshSalt([2; 32]));
        let successor = |token: &str, salt: &RefreshSalt| {
            let successor = SECRETS.successor(&token.into(), salt);
            successor.expose_secret().to_owned()
        };

        assert_eq!(successor("a", &one), successor("a", &one));
        assert_ne!(successor("a", &one), successor("a", &other));
        assert_ne!(successor("a", &one), successor("b", &one));
        assert_eq!(successor("a", &one).len(), 43);
    }
}
