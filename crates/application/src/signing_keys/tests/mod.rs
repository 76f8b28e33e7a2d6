mod keeping_up;
mod loading;
mod rotating;

use chrono::TimeDelta;
use domain::signing_keys::{KeySet, SealedKey, SigningKey, SigningKeyId};

use crate::fakes::{Mocks, now, nth_id};
use crate::{Error, System, SystemReason};

fn sealed(kid: &str) -> SealedKey {
    SealedKey {
        kid: kid.to_owned(),
        sealed: b"hush".to_vec(),
    }
}

/// A key that signs since so long, or in so long when that is negative.
fn key(n: u64, since: TimeDelta) -> SigningKey {
    SigningKey {
        id: SigningKeyId(nth_id(n)),
        key: sealed(&format!("key {n}")),
        created_at: now() - since - KeySet::ANNOUNCEMENT,
        signs_from: now() - since,
    }
}

/// These keys are there, for who reads and for who locks.
fn keys(keys: Vec<SigningKey>) -> Mocks {
    let mut mocks = Mocks::default();
    let known = keys.clone();
    mocks
        .signing_keys
        .expect_all()
        .returning(move || Ok(KeySet::of(known.clone())));
    mocks
        .signing_keys_mut
        .expect_lock_all()
        .returning(move || Ok(KeySet::of(keys.clone())));
    mocks
}

/// The ring makes a key that is called `new`, and opens those that are there.
fn making(mut mocks: Mocks) -> Mocks {
    mocks
        .key_ring
        .expect_make()
        .once()
        .returning(|| Ok(sealed("new")));
    mocks.key_ring.expect_hold().returning(|_| Ok(()));
    mocks
}

/// The ring makes a key, and does not open those that are there.
fn with_another_master_key(mut mocks: Mocks) -> Mocks {
    mocks.key_ring.expect_make().returning(|| Ok(sealed("new")));
    mocks
        .key_ring
        .expect_hold()
        .returning(|_| Err(sealed_off()));
    mocks
}

fn sealed_off() -> Error {
    Error::Broken("no master key opens it".to_owned())
}

/// Signs from this time on, and is the one key that is inserted.
fn inserts(mocks: &mut Mocks, signs_in: TimeDelta) {
    mocks
        .signing_keys_mut
        .expect_insert()
        .withf(move |it| {
            it.id == SigningKeyId(nth_id(1))
                && it.key == sealed("new")
                && it.created_at == now()
                && it.signs_from == now() + signs_in
        })
        .once()
        .returning(|_| Ok(()));
}

fn deletes(mocks: &mut Mocks, n: u64) {
    let id = SigningKeyId(nth_id(n));
    mocks
        .signing_keys_mut
        .expect_delete()
        .withf(move |it| *it == id)
        .once()
        .returning(|_| Ok(()));
}

fn upkeep() -> System {
    System::acting(nth_id(99), SystemReason::Upkeep)
}
