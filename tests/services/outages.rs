//! No connection to be had, or one that is cut: an answer in time, and then everything as before.

use std::time::Duration;

use application::{StoreError, Transaction};
use domain::users::{Status, UserId};
use support::factories::users::user;
use support::{Engine, TestStore, origin};
use tokio::time::timeout;
use uuid::Uuid;

const ONE_CONNECTION: &[(&str, &str)] = &[
    ("ASHLAR__DATABASE__MAX_CONNECTIONS", "1"),
    ("ASHLAR__DATABASE__ACQUIRE_TIMEOUT_MS", "50"),
];

/// Far more than any answer takes, and far less than for ever.
const LONG: Duration = Duration::from_secs(30);

/// The next transaction that is to be had. A connection is given back behind the scenes, and the
/// pool of these tests may give up before.
async fn recovered(store: &TestStore) -> Box<dyn Transaction> {
    let recovery = async {
        loop {
            if let Ok(begun) = store.store.begin(&origin()).await {
                return begun;
            }
        }
    };
    timeout(LONG, recovery).await.expect("it recovers")
}

#[track_caller]
fn is_unavailable<T>(result: &Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn an_exhausted_pool_is_told_in_time_and_recovers() {
    let store = TestStore::new_with(ONE_CONNECTION).await;
    let somebody = UserId(Uuid::nil());

    let held = recovered(&store).await;
    let begun = timeout(LONG, store.store.begin(&origin())).await;
    let read = timeout(LONG, store.reads().users().find(somebody)).await;
    drop(held);

    is_unavailable(&begun.expect("it is told in time"));
    let read = read.expect("it is told in time");
    match Engine::of_this_run() {
        Engine::Sqlite => assert_eq!(read, Ok(None), "readers have connections of their own"),
        Engine::Postgres => is_unavailable(&read),
    }
    let recovered = recovered(&store).await;
    assert_eq!(recovered.users().find(somebody).await, Ok(None));
}

#[tokio::test]
async fn those_who_gave_up_waiting_leave_no_gap() {
    let store = TestStore::new_with(ONE_CONNECTION).await;

    for _ in 0..10 {
        let held = recovered(&store).await;
        is_unavailable(&store.store.begin(&origin()).await);
        drop(held);
    }

    drop(recovered(&store).await);
}

#[tokio::test]
async fn cut_connections_are_replaced() {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;

    for _ in 0..3 {
        store.database.cut_connections().await;

        // Each connection of the pool may be found dead once.
        for _ in 0..4 {
            let found = store.reads().users().find(user.id).await;
            assert!(matches!(
                found,
                Ok(Some(_)) | Err(StoreError::Unavailable(_))
            ));
        }
        let found = store.reads().users().find(user.id).await;
        assert_eq!(found, Ok(Some(user.clone())));
    }
}

#[tokio::test]
async fn a_begin_on_a_cut_connection_is_unavailable_at_worst() {
    let store = TestStore::new_with(&[("ASHLAR__DATABASE__MAX_CONNECTIONS", "1")]).await;

    for _ in 0..3 {
        drop(store.begin().await);
        store.database.cut_connections().await;

        let first = store.store.begin(&origin()).await;
        if first.is_err() {
            is_unavailable(&first);
        }
        drop(first);

        assert!(store.store.begin(&origin()).await.is_ok());
    }
}

#[tokio::test]
async fn a_transaction_whose_connection_is_cut_is_unavailable_and_leaves_nothing() {
    if Engine::of_this_run() == Engine::Sqlite {
        // It has no connections that somebody else could cut.
        return;
    }
    let store = TestStore::new().await;
    let (before, after) = (user(Status::Active), user(Status::Active));

    let mut tx = store.begin().await;
    tx.users_mut().insert(&before).await.unwrap();
    store.database.cut_connections().await;
    let written = tx.users_mut().insert(&after).await;
    let committed = tx.commit().await;

    is_unavailable(&written);
    assert!(committed.is_err(), "nothing is there to be committed");
    let reopened = store.beside(&[]).await;
    assert_eq!(reopened.reads().users().find(before.id).await, Ok(None));
}

#[tokio::test]
async fn a_commit_on_a_cut_connection_is_unavailable_and_nothing_is_heard() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = TestStore::new().await;
    let user = user(Status::Active);

    let mut tx = store.begin().await;
    tx.users_mut().insert(&user).await.unwrap();
    tx.after_commit(application::Signal::SessionsEnded(user.id));
    store.database.cut_connections().await;
    let committed = tx.commit().await;

    is_unavailable(&committed);
    assert_eq!(store.signals.all(), []);
    assert_eq!(store.database.count("users").await, 0);
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_unavailable_and_the_pool_goes_on() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let store = TestStore::new_with(&[("ASHLAR__DATABASE__STATEMENT_TIMEOUT_MS", "60000")]).await;
    let impatient = store
        .beside(&[
            ("ASHLAR__DATABASE__MAX_CONNECTIONS", "1"),
            ("ASHLAR__DATABASE__STATEMENT_TIMEOUT_MS", "300"),
        ])
        .await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let mut holder = store.begin().await;
    holder.users_mut().lock(user.id).await.unwrap();

    for _ in 0..3 {
        let mut tx = impatient.begin().await;
        let locked = timeout(LONG, tx.users_mut().lock(user.id)).await;
        is_unavailable(&locked.expect("it is told in time"));
    }

    let found = impatient.reads().users().find(user.id).await;
    assert_eq!(found, Ok(Some(user)));
}

#[tokio::test]
async fn a_closed_pool_is_unavailable() {
    let store = TestStore::new().await;

    store.pools.close().await;

    is_unavailable(&store.store.begin(&origin()).await);
    is_unavailable(&store.reads().users().find(UserId(Uuid::nil())).await);
}
