use std::sync::{Arc, PoisonError, RwLock};

use application::Error;
use application::sessions::PublicKey;
use application::signing_keys::KeyRing;
use chrono::{DateTime, Utc};
use domain::signing_keys::{KeySet, SealedKey};
use secrecy::SecretString;

use super::key::{SignerError, SigningKey};
use crate::master_key::MasterKeys;
use crate::seal::Seal;

/// The keys that this process signs and verifies with: one for good, or those of the database, sealed.
pub struct SigningRing {
    held: RwLock<Arc<Held>>,
    /// `None` where the one key stays.
    seal: Option<Seal>,
}

/// What the ring holds at some moment.
#[derive(Default)]
pub(super) struct Held {
    /// Tells which of them signs; empty where there is but one for good.
    set: KeySet,
    /// In the order of the set.
    keys: Vec<Arc<SigningKey>>,
    /// How often the keys have become others.
    pub(super) changes: u64,
}

impl SigningRing {
    /// The key of the settings.
    ///
    /// # Errors
    /// `KeyInvalid` when the text is not a P-256 private key as PKCS#8 in PEM.
    pub fn of_pem(pem: &SecretString) -> Result<Self, SignerError> {
        let key = SigningKey::from_pem(pem)?;
        let held = Held {
            keys: vec![Arc::new(key)],
            ..Held::default()
        };
        Ok(Self {
            held: RwLock::new(Arc::new(held)),
            seal: None,
        })
    }

    /// Empty, until it holds the keys of the database.
    #[must_use]
    pub fn sealed_by(masters: &MasterKeys) -> Self {
        Self {
            held: RwLock::default(),
            seal: Some(Seal::new(masters, "ashlar signing key v1")),
        }
    }

    pub(super) fn held(&self) -> Arc<Held> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held)
    }

    /// Whether a key can come that is not there yet.
    pub(super) fn can_change(&self) -> bool {
        self.seal.is_some()
    }

    fn seal(&self) -> Result<&Seal, Error> {
        let none = || Error::Broken("the signing key is that of the settings".to_owned());
        self.seal.as_ref().ok_or_else(none)
    }
}

impl KeyRing for SigningRing {
    fn make(&self) -> Result<SealedKey, Error> {
        let seal = self.seal()?;
        let broken = |it: SignerError| Error::Broken(it.to_string());
        let der = SigningKey::generate().map_err(broken)?;
        let kid = SigningKey::from_der(&der).map_err(broken)?.public.kid;
        Ok(SealedKey {
            sealed: seal.seal(&kid, &der),
            kid,
        })
    }

    fn hold(&self, keys: &KeySet) -> Result<(), Error> {
        let (seal, before) = (self.seal()?, self.held());
        let opened = keys.keys().iter().map(|it| match before.find(&it.key.kid) {
            Some(known) => Ok(Arc::clone(known)),
            None => open(seal, &it.key).map(Arc::new),
        });
        let opened: Vec<_> = opened.collect::<Result<_, Error>>()?;
        let changed = before.set != *keys;
        let held = Arc::new(Held {
            set: keys.clone(),
            keys: opened,
            changes: before.changes + u64::from(changed),
        });
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
        Ok(())
    }
}

fn open(seal: &Seal, key: &SealedKey) -> Result<SigningKey, Error> {
    let kid = &key.kid;
    let opened = seal.open(kid, &key.sealed);
    let opened = opened.and_then(|der| SigningKey::from_der(&der).ok());
    let own = opened.filter(|it| it.public.kid == *kid);
    own.ok_or_else(|| Error::Broken(format!("no master key opens the signing key {kid}")))
}

impl Held {
    pub(super) fn signing(&self, now: DateTime<Utc>) -> Option<&SigningKey> {
        let at = self.set.signing(now).unwrap_or_default();
        self.keys.get(at).map(|it| &**it)
    }

    pub(super) fn find(&self, kid: &str) -> Option<&Arc<SigningKey>> {
        self.keys.iter().find(|it| it.public.kid == kid)
    }

    pub(super) fn public(&self) -> Vec<PublicKey> {
        self.keys.iter().map(|it| it.public.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use domain::signing_keys::{SigningKey as Stored, SigningKeyId};
    use uuid::Uuid;

    use super::*;

    fn ring(secrets: &[&str]) -> SigningRing {
        let secrets = secrets.iter().map(|it| it.repeat(32).into());
        let secrets: Vec<SecretString> = secrets.collect();
        let (first, others) = secrets.split_first().unwrap();
        SigningRing::sealed_by(&MasterKeys::new(first, others).unwrap())
    }

    fn minute(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn stored(key: SealedKey, signs_from: DateTime<Utc>) -> Stored {
        Stored {
            id: SigningKeyId(Uuid::new_v4()),
            key,
            created_at: signs_from,
            signs_from,
        }
    }

    fn two(ring: &SigningRing) -> [Stored; 2] {
        [0, 10].map(|minutes| stored(ring.make().unwrap(), minute(minutes)))
    }

    fn signing(ring: &SigningRing, now: DateTime<Utc>) -> Option<String> {
        ring.held().signing(now).map(|it| it.public.kid.clone())
    }

    fn is_refused(ring: &SigningRing, keys: Vec<Stored>) -> bool {
        let kid = keys[0].key.kid.clone();
        match ring.hold(&KeySet::of(keys)) {
            Err(Error::Broken(text)) => text.contains(&kid),
            _ => false,
        }
    }

    #[test]
    fn the_key_signs_whose_time_it_is_and_all_are_published() {
        let ring = ring(&["a"]);
        assert_eq!(signing(&ring, minute(0)), None);
        let keys = two(&ring);
        let [first, second] = keys.clone().map(|it| it.key.kid);

        ring.hold(&KeySet::of(keys.to_vec())).unwrap();

        assert_eq!(signing(&ring, minute(9)), Some(first.clone()));
        assert_eq!(signing(&ring, minute(10)), Some(second.clone()));
        let published = ring.held().public();
        assert!(published.iter().map(|it| &it.kid).eq([&first, &second]));
        assert!(ring.held().find(&first).is_some());
        ring.hold(&KeySet::of(keys[1..].to_vec())).unwrap();
        assert!(ring.held().find(&first).is_none());
    }

    #[test]
    fn another_process_with_the_same_master_key_has_the_same_keys() {
        let keys = KeySet::of(two(&ring(&["a"])).to_vec());
        let (same, both) = (ring(&["a"]), ring(&["new", "a"]));

        same.hold(&keys).unwrap();
        both.hold(&keys).unwrap();

        assert_eq!(same.held().public(), both.held().public());
        assert!(is_refused(&ring(&["b"]), keys.keys().to_vec()));
    }

    #[test]
    fn a_sealed_key_opens_for_its_own_name_alone() {
        let ring = ring(&["a"]);
        let [first, second] = two(&ring);
        let swapped = SealedKey {
            kid: first.key.kid.clone(),
            sealed: second.key.sealed,
        };
        let garbage = SealedKey {
            kid: "garbage".to_owned(),
            sealed: ring.seal().unwrap().seal("garbage", b"no key"),
        };
        let of_another = SealedKey {
            kid: "another".to_owned(),
            sealed: ring
                .seal()
                .unwrap()
                .seal("another", &der(&ring, &first.key)),
        };

        for key in [swapped, garbage, of_another] {
            assert!(is_refused(&ring, vec![stored(key, minute(0))]));
        }
        assert!(!is_refused(&ring, vec![first]));
    }

    #[test]
    fn where_one_key_does_not_open_everything_stays() {
        let ring = ring(&["a"]);
        let [first, second] = two(&ring);
        ring.hold(&KeySet::of(vec![first.clone()])).unwrap();
        let before = ring.held().changes;
        let unreadable = stored(super::tests::ring(&["b"]).make().unwrap(), minute(20));

        let refused = ring.hold(&KeySet::of(vec![second, unreadable]));

        assert!(refused.is_err());
        assert_eq!(signing(&ring, minute(30)), Some(first.key.kid));
        assert_eq!(ring.held().changes, before);
    }

    #[test]
    fn the_same_keys_again_are_no_change() {
        let ring = ring(&["a"]);
        let keys = KeySet::of(two(&ring).to_vec());

        ring.hold(&keys).unwrap();
        let after = ring.held().changes;
        ring.hold(&keys).unwrap();

        assert_eq!(ring.held().changes, after);
        assert_ne!(after, 0);
    }

    #[test]
    fn the_key_of_the_settings_stays_what_it_is() {
        let pem = SigningKey::generate_pem().unwrap();
        let ring = SigningRing::of_pem(&pem).unwrap();
        let kid = ring.held().public()[0].kid.clone();

        assert!(ring.make().is_err());
        assert!(ring.hold(&KeySet::default()).is_err());

        assert_eq!(signing(&ring, minute(0)), Some(kid));
    }

    fn der(ring: &SigningRing, key: &SealedKey) -> Vec<u8> {
        let opened = ring.seal().unwrap().open(&key.kid, &key.sealed);
        opened.unwrap().to_vec()
    }
}
