use std::sync::Arc;

use chrono::TimeDelta;
use domain::api_keys::ApiKeyId;
use mockall::predicate::eq;

use crate::api_keys::ApiKeyUses;
use crate::fakes::{Ledger, Mocks, now, nth_id, unavailable};
use crate::{Error, Ports, System, SystemReason};

fn system() -> System {
    System::acting(nth_id(4), SystemReason::Upkeep)
}

fn writer(mocks: Mocks) -> (ApiKeyUses, Ports, Ledger) {
    let (ports, ledger) = mocks.ports();
    (ApiKeyUses::new(&ports), ports, ledger)
}

const KEY: ApiKeyId = ApiKeyId(uuid::Uuid::from_u128(1));

/// [`now`] is the beginning of a minute.
fn later(seconds: i64) -> chrono::DateTime<chrono::Utc> {
    now() + TimeDelta::seconds(seconds)
}

#[tokio::test]
async fn however_often_a_key_is_used_in_a_minute_it_is_written_once() {
    let mut mocks = Mocks::default();
    mocks
        .api_keys_mut
        .expect_touch()
        .with(eq([KEY]), eq(now()))
        .once()
        .returning(|_, _| Ok(()));
    let (uses, ports, ledger) = writer(mocks);
    for second in [1, 7, 59] {
        ports.api_keys.used(KEY, later(second));
    }

    uses.write(&system()).await.unwrap();
    uses.write(&system()).await.unwrap();

    assert_eq!((ledger.begins(), ledger.commits()), (1, 1));
    assert_eq!(ledger.deeds(), []);
}

#[tokio::test]
async fn the_last_use_is_the_one_that_counts() {
    let mut mocks = Mocks::default();
    mocks
        .api_keys_mut
        .expect_touch()
        .with(eq([KEY]), eq(later(120)))
        .once()
        .returning(|_, _| Ok(()));
    let (uses, ports, _) = writer(mocks);
    for second in [1, 121] {
        ports.api_keys.used(KEY, later(second));
    }

    uses.write(&system()).await.unwrap();
}

#[tokio::test]
async fn many_keys_are_few_statements() {
    let mut mocks = Mocks::default();
    mocks
        .api_keys_mut
        .expect_touch()
        .times(3)
        .withf(|keys, _| keys.len() <= 1_000)
        .returning(|_, _| Ok(()));
    let (uses, ports, _) = writer(mocks);
    for n in 0..2_001 {
        ports.api_keys.used(ApiKeyId(nth_id(n)), now());
    }

    uses.write(&system()).await.unwrap();
}

#[tokio::test]
async fn without_a_use_nothing_is_begun() {
    let (uses, _, ledger) = writer(Mocks::default());

    uses.write(&system()).await.unwrap();

    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn what_could_not_be_written_is_told_and_let_go() {
    let (uses, ports, _) = writer(Mocks {
        begin_fails: Some(unavailable()),
        ..Mocks::default()
    });
    ports.api_keys.used(KEY, now());

    let failed = uses.write(&system()).await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
    assert!(Arc::clone(&ports.api_keys).take_used().is_empty());
}
