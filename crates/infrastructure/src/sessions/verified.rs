use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use application::Error;
use application::sessions::{AccessClaims, PublicKey, TokenSigner, Unverified};
use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::ring::SigningRing;

/// Remembers which tokens have been verified: a signature costs more than most requests, and a
/// client sends the same token again and again. What can change (time, session, user) is judged
/// each time; other keys in the ring, and everything is forgotten.
pub struct VerifiedTokens<S> {
    signer: S,
    ring: Arc<SigningRing>,
    remembered: Mutex<Remembered>,
}

/// By the hash of the token: so no token is kept. When as many as may be are remembered, the
/// older half is forgotten.
#[derive(Default)]
struct Remembered {
    newer: HashMap<TokenHash, AccessClaims>,
    older: HashMap<TokenHash, AccessClaims>,
    /// By which keys: those that the ring had after so many changes.
    ring_changes: u64,
}

type TokenHash = [u8; 32];

impl<S> VerifiedTokens<S> {
    /// How many tokens each half remembers: some 3 MB in all.
    const HALF: usize = 4_096;

    #[must_use]
    pub fn of(signer: S, ring: Arc<SigningRing>) -> Self {
        Self {
            signer,
            ring,
            remembered: Mutex::default(),
        }
    }
}

impl<S: TokenSigner> TokenSigner for VerifiedTokens<S> {
    fn sign(&self, claims: &AccessClaims) -> Result<SecretString, Error> {
        self.signer.sign(claims)
    }

    fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, Unverified> {
        let hash = hash(token);
        let ring_changes = self.ring.held().changes;
        if let Some(claims) = self.remembered(ring_changes).get(&hash) {
            return if now < claims.expires_at {
                Ok(claims)
            } else {
                Err(Unverified::Invalid)
            };
        }
        let claims = self.signer.verify(token, now)?;
        let mut remembered = self.remembered(ring_changes);
        remembered.put(hash, claims.clone(), Self::HALF);
        Ok(claims)
    }

    fn public_keys(&self) -> Vec<PublicKey> {
        self.signer.public_keys()
    }
}

impl<S> VerifiedTokens<S> {
    /// What was verified by the keys that were there after so many changes.
    fn remembered(&self, ring_changes: u64) -> std::sync::MutexGuard<'_, Remembered> {
        // Whoever panicked has left whole entries behind.
        let mut remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if remembered.ring_changes != ring_changes {
            *remembered = Remembered {
                ring_changes,
                ..Remembered::default()
            };
        }
        remembered
    }
}

impl Remembered {
    fn get(&self, hash: &TokenHash) -> Option<AccessClaims> {
        let found = self.newer.get(hash).or_else(|| self.older.get(hash));
        found.cloned()
    }

    fn put(&mut self, hash: TokenHash, claims: AccessClaims, half: usize) {
        if self.newer.len() >= half {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(hash, claims);
    }
}

fn hash(token: &str) -> TokenHash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use application::signing_keys::KeyRing;
    use chrono::TimeDelta;
    use domain::sessions::{SessionId, TokenVersion};
    use domain::signing_keys::{KeySet, SigningKeyId};
    use domain::users::UserId;
    use uuid::Uuid;

    use super::*;
    use crate::MasterKeys;

    const EXPIRES: DateTime<Utc> = DateTime::UNIX_EPOCH;

    /// Takes every token but `false`, and counts how often it is asked.
    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl TokenSigner for Counting {
        fn sign(&self, _: &AccessClaims) -> Result<SecretString, Error> {
            Ok("signed".into())
        }

        fn verify(&self, token: &str, _: DateTime<Utc>) -> Result<AccessClaims, Unverified> {
            self.0.fetch_add(1, Ordering::Relaxed);
            if token == "false" {
                return Err(Unverified::Invalid);
            }
            Ok(AccessClaims {
                id: Uuid::from_u128(token.len() as u128),
                user_id: UserId(Uuid::nil()),
                session_id: SessionId(Uuid::nil()),
                token_version: TokenVersion::FIRST,
                roles: Vec::new(),
                authenticated_at: EXPIRES,
                issued_at: EXPIRES,
                expires_at: EXPIRES,
            })
        }

        fn public_keys(&self) -> Vec<PublicKey> {
            Vec::new()
        }
    }

    fn ring() -> Arc<SigningRing> {
        let secret = "0123456789abcdef".repeat(2).into();
        let masters = MasterKeys::new(&secret, &[]).unwrap();
        Arc::new(SigningRing::sealed_by(&masters))
    }

    fn counting() -> VerifiedTokens<Counting> {
        VerifiedTokens::of(Counting::default(), ring())
    }

    fn before() -> DateTime<Utc> {
        EXPIRES - TimeDelta::seconds(1)
    }

    fn asked(tokens: &VerifiedTokens<Counting>) -> usize {
        tokens.signer.0.load(Ordering::Relaxed)
    }

    #[test]
    fn a_token_is_verified_once_and_each_has_its_own_claims() {
        let tokens = counting();

        for token in ["a", "bb", "a", "bb", "a"] {
            let claims = tokens.verify(token, before()).unwrap();
            assert_eq!(claims.id.as_u128(), token.len() as u128);
        }

        assert_eq!(asked(&tokens), 2);
    }

    #[test]
    fn a_remembered_token_ends_when_its_time_is_over() {
        let tokens = counting();
        tokens.verify("a", before()).unwrap();

        let late = tokens.verify("a", EXPIRES);

        assert_eq!(late, Err(Unverified::Invalid));
    }

    #[test]
    fn a_refused_token_is_not_remembered() {
        let tokens = counting();

        for _ in 0..2 {
            assert!(tokens.verify("false", before()).is_err());
        }

        assert_eq!(asked(&tokens), 2);
    }

    #[test]
    fn with_other_keys_in_the_ring_every_token_is_verified_again() {
        let tokens = counting();
        let id = SigningKeyId(Uuid::nil());
        let key = KeySet::default().successor(id, tokens.ring.make().unwrap(), EXPIRES);
        let keys = KeySet::of(vec![key]);

        for (held, times) in [(&keys, 2), (&keys, 2), (&KeySet::default(), 3)] {
            tokens.verify("a", before()).unwrap();
            tokens.ring.hold(held).unwrap();
            tokens.verify("a", before()).unwrap();
            assert_eq!(asked(&tokens), times);
        }
    }

    #[test]
    fn no_more_are_remembered_than_two_halves() {
        let mut remembered = Remembered::default();
        let claims = Counting::default().verify("a", before()).unwrap();

        for n in 0..100_u8 {
            remembered.put([n; 32], claims.clone(), 10);
            assert!(remembered.newer.len() + remembered.older.len() <= 20);
        }

        assert!(remembered.get(&[99; 32]).is_some());
        assert!(remembered.get(&[0; 32]).is_none());
    }
}
