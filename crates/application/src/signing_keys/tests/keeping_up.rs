use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::signing_keys::{KeySet, SigningKeyId};

use super::{
    deletes, inserts, key, keys, making, sealed, sealed_off, upkeep, with_another_master_key,
};
use crate::Error;
use crate::fakes::{Mocks, SIGNING_KEYS, nth_id, unavailable};

fn rotated() -> Deed {
    Deed::on(Action::SigningKeysRotated, SigningKeyId(nth_id(1)))
}

#[tokio::test]
async fn the_first_key_signs_at_once() {
    let mut mocks = making(keys(Vec::new()));
    inserts(&mut mocks, TimeDelta::zero());
    let (service, ledger) = mocks.signing_keys_service();

    service.keep_up(&upkeep()).await.unwrap();

    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [rotated()]);
}

#[tokio::test]
async fn what_is_not_due_costs_a_read() {
    for since in [
        TimeDelta::zero(),
        SIGNING_KEYS.signing - TimeDelta::seconds(1),
    ] {
        let (service, ledger) = keys(vec![key(7, since)]).signing_keys_service();

        service.keep_up(&upkeep()).await.unwrap();

        assert_eq!(ledger.begins(), 0);
    }
}

#[tokio::test]
async fn a_key_that_has_signed_for_long_enough_gets_a_successor() {
    let mut mocks = making(keys(vec![key(7, SIGNING_KEYS.signing)]));
    inserts(&mut mocks, KeySet::ANNOUNCEMENT);
    let (service, ledger) = mocks.signing_keys_service();

    service.keep_up(&upkeep()).await.unwrap();

    assert_eq!(ledger.deeds(), [rotated()]);
}

#[tokio::test]
async fn a_key_without_tokens_is_deleted() {
    let mut mocks = keys(vec![
        key(7, TimeDelta::days(3)),
        key(8, TimeDelta::minutes(10)),
    ]);
    deletes(&mut mocks, 7);
    let (service, ledger) = mocks.signing_keys_service();

    service.keep_up(&upkeep()).await.unwrap();

    assert_eq!(ledger.commits(), 1);
    let retired = Deed::on(Action::SigningKeysRetired, SigningKeyId(nth_id(7)));
    assert_eq!(ledger.deeds(), [retired]);
}

#[tokio::test]
async fn what_another_server_has_just_done_is_not_done_again() {
    let mut mocks = Mocks::default();
    mocks
        .signing_keys
        .expect_all()
        .returning(|| Ok(KeySet::default()));
    mocks
        .signing_keys_mut
        .expect_lock_all()
        .returning(|| Ok(KeySet::of(vec![key(7, TimeDelta::zero())])));
    mocks.key_ring.expect_make().returning(|| Ok(sealed("new")));
    let (service, ledger) = mocks.signing_keys_service();

    service.keep_up(&upkeep()).await.unwrap();

    assert!(ledger.deeds().is_empty());
}

#[tokio::test]
async fn who_cannot_open_the_keys_adds_none() {
    let mocks = with_another_master_key(keys(vec![key(7, SIGNING_KEYS.signing)]));
    let (service, ledger) = mocks.signing_keys_service();

    let refused = service.keep_up(&upkeep()).await.unwrap_err();

    assert_eq!(refused, sealed_off());
    assert_eq!(ledger.commits(), 0);
}

#[tokio::test]
async fn without_a_database_nothing_is_made() {
    let mut mocks = Mocks::default();
    mocks
        .signing_keys
        .expect_all()
        .returning(|| Err(unavailable()));
    let (service, ledger) = mocks.signing_keys_service();

    let failed = service.keep_up(&upkeep()).await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!(ledger.begins(), 0);
}
