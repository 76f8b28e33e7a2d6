use application::StoreError;
use chrono::{DateTime, TimeDelta, Utc};
use domain::signing_keys::{KeySet, SigningKey};
use support::factories::signing_keys::signing_key;
use support::{TestStore, at_once};

fn hour(hours: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::hours(hours)
}

async fn insert(store: &TestStore, key: &SigningKey) -> Result<(), StoreError> {
    let mut tx = store.begin().await;
    tx.signing_keys_mut().insert(key).await?;
    tx.commit().await
}

async fn all(store: &TestStore) -> KeySet {
    let all = store.reads().signing_keys().all().await;
    all.expect("the database is there")
}

#[tokio::test]
async fn keys_are_read_as_they_were_written_in_the_order_in_which_they_sign() {
    let store = TestStore::new().await;
    let (later, sooner) = (signing_key(hour(2)), signing_key(hour(1)));
    assert_eq!(all(&store).await, KeySet::default());

    for key in [&later, &sooner] {
        insert(&store, key).await.unwrap();
    }

    assert_eq!(all(&store).await.keys(), [sooner.clone(), later.clone()]);
    let mut tx = store.begin().await;
    let locked = tx.signing_keys_mut().lock_all().await;
    assert_eq!(locked.unwrap().keys(), [sooner, later]);
}

#[tokio::test]
async fn a_deleted_key_is_gone_and_its_bytes_with_it() {
    let store = TestStore::new().await;
    let (gone, stays) = (signing_key(hour(1)), signing_key(hour(2)));
    for key in [&gone, &stays] {
        insert(&store, key).await.unwrap();
    }

    let mut tx = store.begin().await;
    // A second time is no failure.
    for _ in 0..2 {
        tx.signing_keys_mut().delete(gone.id).await.unwrap();
    }
    tx.commit().await.unwrap();

    assert_eq!(all(&store).await.keys(), [stays]);
}

#[tokio::test]
async fn no_two_keys_have_one_name() {
    let store = TestStore::new().await;
    let first = signing_key(hour(1));
    let same = SigningKey {
        key: first.key.clone(),
        ..signing_key(hour(2))
    };
    insert(&store, &first).await.unwrap();

    let refused = insert(&store, &same).await;

    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    assert_eq!(all(&store).await.keys(), [first]);
}

/// Also where there is no row that could be locked.
#[tokio::test(flavor = "multi_thread")]
async fn who_holds_all_keys_is_alone_with_them() {
    let patient = [
        ("ASHLAR__DATABASE__STATEMENT_TIMEOUT_MS", "60000"),
        ("ASHLAR__DATABASE__ACQUIRE_TIMEOUT_MS", "60000"),
    ];
    let store = TestStore::new_with(&patient).await;
    let mut processes = Vec::new();
    for _ in 0..4 {
        processes.push(store.beside(&patient).await);
    }

    let found = at_once(processes.into_iter().map(async |process| {
        let mut tx = process.begin().await;
        let found = tx.signing_keys_mut().lock_all().await.unwrap();
        let key = signing_key(hour(1));
        tx.signing_keys_mut().insert(&key).await.unwrap();
        tx.commit().await.unwrap();
        found.keys().len()
    }))
    .await;

    let mut found = found;
    found.sort_unstable();
    assert_eq!(found, [0, 1, 2, 3]);
}
