use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::signing_keys::{KeySet, KeyState, SigningKeyId};

use super::{deletes, inserts, key, keys, making, sealed_off, upkeep, with_another_master_key};
use crate::Error;
use crate::fakes::{Mocks, now, nth_id, unavailable};
use crate::signing_keys::Rotation;

#[tokio::test]
async fn another_key_is_announced_and_the_old_one_signs_on() {
    let mut mocks = making(keys(vec![key(7, TimeDelta::days(3))]));
    inserts(&mut mocks, KeySet::ANNOUNCEMENT);
    let (service, ledger) = mocks.signing_keys_service();

    let rotation = service.rotate(&upkeep()).await.unwrap();

    let Rotation::Begun(next) = rotation else {
        panic!("{rotation:?}");
    };
    assert_eq!(next.signs_from, now() + KeySet::ANNOUNCEMENT);
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.origins(), [*upkeep().origin()]);
    let rotated = Deed::on(Action::SigningKeysRotated, SigningKeyId(nth_id(1)));
    assert_eq!(ledger.deeds(), [rotated]);
}

#[tokio::test]
async fn while_a_key_waits_none_is_added() {
    let waiting = key(8, TimeDelta::minutes(-5));
    let mocks = making(keys(vec![key(7, TimeDelta::days(3)), waiting.clone()]));
    let (service, ledger) = mocks.signing_keys_service();

    let rotation = service.rotate(&upkeep()).await.unwrap();

    assert_eq!(rotation, Rotation::UnderWay(waiting));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn who_cannot_open_the_keys_adds_none() {
    let mocks = with_another_master_key(keys(vec![key(7, TimeDelta::days(3))]));
    let (service, ledger) = mocks.signing_keys_service();

    let refused = service.rotate(&upkeep()).await.unwrap_err();

    assert_eq!(refused, sealed_off());
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_rotation_that_is_not_committed_has_not_happened() {
    let mut mocks = making(keys(vec![key(7, TimeDelta::days(3))]));
    inserts(&mut mocks, KeySet::ANNOUNCEMENT);
    mocks.commit_fails = Some(unavailable());
    let (service, ledger) = mocks.signing_keys_service();

    let failed = service.rotate(&upkeep()).await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert!(ledger.deeds().is_empty());
}

#[tokio::test]
async fn a_replacement_signs_at_once_and_is_the_only_key() {
    let there = vec![key(7, TimeDelta::days(3)), key(8, TimeDelta::minutes(-5))];
    // It does not open them: their master key may be lost.
    let mut mocks = with_another_master_key(keys(there));
    deletes(&mut mocks, 7);
    deletes(&mut mocks, 8);
    inserts(&mut mocks, TimeDelta::zero());
    let (service, ledger) = mocks.signing_keys_service();

    let only = service.replace(&upkeep()).await.unwrap();

    assert_eq!(only.signs_from, now());
    assert_eq!(ledger.commits(), 1);
    let replaced = Deed::on(Action::SigningKeysReplaced, only.id);
    assert_eq!(ledger.deeds(), [replaced]);
}

#[tokio::test]
async fn where_no_key_can_be_made_nothing_is_replaced() {
    let mut mocks = Mocks::default();
    mocks.key_ring.expect_make().returning(|| Err(sealed_off()));
    let (service, ledger) = mocks.signing_keys_service();

    let failed = service.replace(&upkeep()).await.unwrap_err();

    assert_eq!(failed, sealed_off());
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn every_key_is_listed_with_its_state() {
    let (old, signing) = (key(7, TimeDelta::days(3)), key(8, TimeDelta::minutes(4)));
    let mocks = keys(vec![old.clone(), signing.clone()]);
    let (service, ledger) = mocks.signing_keys_service();

    let listed = service.list(&upkeep()).await.unwrap();

    // Its tokens live for five minutes, and clocks differ by five.
    let until = signing.signs_from + TimeDelta::minutes(10);
    let since = signing.signs_from;
    let expected = [
        (old, KeyState::Verifying { until }),
        (signing, KeyState::Signing { since }),
    ];
    assert_eq!(listed, expected);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_an_error() {
    let mut mocks = Mocks::default();
    mocks
        .signing_keys
        .expect_all()
        .returning(|| Err(unavailable()));
    let (service, _) = mocks.signing_keys_service();

    let failed = service.list(&upkeep()).await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
}
