use application::Error;
use application::api_keys::ApiKeySecrets;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use domain::api_keys::ApiKeyHash;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

/// 256 random bits, kept as SHA-256, which is enough for what nobody can guess.
#[derive(Debug, Clone, Copy)]
pub struct RandomApiKeySecrets;

impl ApiKeySecrets for RandomApiKeySecrets {
    fn random(&self) -> Result<SecretString, Error> {
        let mut halves = Zeroizing::new([[0; 16]; 2]);
        for half in halves.iter_mut() {
            rand::fill(half)
                .map_err(|_| Error::Broken("the system gives no random bits".into()))?;
        }
        let [one, other] = halves.map(u128::from_be_bytes);
        Ok(format!("{one:032x}{other:032x}").into())
    }

    fn hash(&self, secret: &SecretString) -> ApiKeyHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, secret.expose_secret().as_bytes()).as_ref());
        ApiKeyHash(hash)
    }

    fn matches(&self, secret: &SecretString, hash: &ApiKeyHash) -> bool {
        verify_slices_are_equal(&self.hash(secret).0, &hash.0).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const SECRETS: RandomApiKeySecrets = RandomApiKeySecrets;

    #[test]
    fn every_secret_is_another_one_of_sixty_four_digits() {
        let all: HashSet<_> = (0..100)
            .map(|_| SECRETS.random().unwrap().expose_secret().to_owned())
            .collect();

        assert_eq!(all.len(), 100);
        let digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        assert!(all.iter().all(|it| it.len() == 64 && it.bytes().all(digit)));
    }

    /// Computed by Python's `hashlib`: keys that are given out go on to mean the same.
    #[test]
    fn a_hash_is_what_it_was() {
        assert_eq!(SECRETS.hash(&"abc".into()).0[..4], [0xba, 0x78, 0x16, 0xbf]);
    }

    #[test]
    fn a_secret_matches_its_own_hash_and_no_other() {
        let (secret, other) = (SECRETS.random().unwrap(), SECRETS.random().unwrap());
        let mut nearly = SECRETS.hash(&secret);
        nearly.0[31] ^= 1;

        assert!(SECRETS.matches(&secret, &SECRETS.hash(&secret)));
        assert!(!SECRETS.matches(&secret, &SECRETS.hash(&other)));
        assert!(!SECRETS.matches(&secret, &nearly));
    }
}
