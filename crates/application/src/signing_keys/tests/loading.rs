use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use domain::signing_keys::KeySet;

use super::{key, keys, sealed_off};
use crate::Error;
use crate::fakes::{Mocks, unavailable};
use crate::signing_keys::KeyLoader;

const MOMENT: Duration = Duration::from_micros(1);

fn there() -> KeySet {
    KeySet::of(vec![key(7, TimeDelta::days(3))])
}

/// The store answers this, and counts how often it is asked.
fn counted(answer: Result<KeySet, crate::StoreError>) -> (Mocks, Arc<AtomicUsize>) {
    let mut mocks = Mocks::default();
    let reads = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&reads);
    mocks.signing_keys.expect_all().returning(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        answer.clone()
    });
    mocks.key_ring.expect_hold().returning(|_| Ok(()));
    (mocks, reads)
}

#[tokio::test]
async fn the_ring_gets_what_the_database_has() {
    let mut mocks = keys(there().keys().to_vec());
    mocks
        .key_ring
        .expect_hold()
        .withf(|held| *held == there())
        .once()
        .returning(|_| Ok(()));
    let (loader, _) = mocks.key_loader();

    loader.load().await.unwrap();
}

#[tokio::test]
async fn a_key_that_does_not_open_is_an_error() {
    let mut mocks = keys(there().keys().to_vec());
    mocks
        .key_ring
        .expect_hold()
        .returning(|_| Err(sealed_off()));
    let (loader, _) = mocks.key_loader();

    assert_eq!(loader.load().await.unwrap_err(), sealed_off());
}

#[tokio::test]
async fn who_looks_again_soon_asks_nobody() {
    let (mocks, reads) = counted(Ok(there()));
    let (loader, clock) = mocks.key_loader();

    for (waited, asked) in [
        (Duration::ZERO, 1),
        (Duration::ZERO, 1),
        (KeyLoader::PAUSE - MOMENT, 1),
        (MOMENT, 2),
    ] {
        clock.advance(waited);
        loader.look_again().await.unwrap();
        assert_eq!(reads.load(Ordering::Relaxed), asked);
    }
}

#[tokio::test]
async fn a_failed_look_is_told_once_and_counts() {
    let (mocks, reads) = counted(Err(unavailable()));
    let (loader, _) = mocks.key_loader();

    let failed = loader.look_again().await.unwrap_err();
    loader.look_again().await.unwrap();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!(reads.load(Ordering::Relaxed), 1);
}
