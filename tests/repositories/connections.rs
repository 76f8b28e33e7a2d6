//! What becomes of a transaction, and which connection may write.

use application::Signal;
use domain::users::{Status, User};
use sea_orm::ConnectionTrait;
use support::factories::users::user;
use support::{Engine, TestStore};

#[tokio::test]
async fn what_is_committed_stays_and_what_is_dropped_goes() {
    let store = TestStore::new().await;
    let (kept, dropped) = (user(Status::Active), user(Status::Active));

    let mut tx = store.begin().await;
    tx.users_mut().insert(&kept).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin().await;
    tx.users_mut().insert(&dropped).await.unwrap();
    drop(tx);

    assert_eq!(store.reads().users().find(dropped.id).await, Ok(None));
    assert_eq!(store.reads().users().find(kept.id).await, Ok(Some(kept)));
}

#[tokio::test]
async fn signals_are_heard_after_the_commit_in_their_order() {
    let store = TestStore::new().await;
    let (ada, bob) = (user(Status::Active), user(Status::Active));

    let mut tx = store.begin().await;
    tx.after_commit(Signal::SessionsEnded(ada.id));
    tx.users_mut().insert(&ada).await.unwrap();
    tx.after_commit(Signal::SessionsEnded(bob.id));
    let before = store.signals.all();
    tx.commit().await.unwrap();

    assert_eq!(before, []);
    let both = [ada.id, bob.id].map(Signal::SessionsEnded);
    assert_eq!(store.signals.all(), both);
}

#[tokio::test]
async fn no_signal_of_a_dropped_transaction_is_heard() {
    let store = TestStore::new().await;
    let (ada, bob) = (user(Status::Active), user(Status::Active));

    let mut dropped = store.begin().await;
    dropped.after_commit(Signal::SessionsEnded(ada.id));
    drop(dropped);
    let mut kept = store.begin().await;
    kept.after_commit(Signal::SessionsEnded(bob.id));
    kept.commit().await.unwrap();

    assert_eq!(store.signals.all(), [Signal::SessionsEnded(bob.id)]);
}

#[tokio::test]
async fn a_commit_that_succeeds_has_kept_everything() {
    // PostgreSQL answers COMMIT with a silent ROLLBACK when a statement of the transaction failed.
    let store = TestStore::new().await;
    let taken = user(Status::Active);
    store.insert_user(&taken).await;
    let first = user(Status::Active);
    let second = User {
        email: taken.email,
        ..user(Status::Active)
    };

    let mut tx = store.begin().await;
    tx.users_mut().insert(&first).await.unwrap();
    tx.users_mut().insert(&second).await.unwrap_err();
    tx.after_commit(Signal::SessionsEnded(first.id));
    let committed = tx.commit().await.is_ok();

    let kept = store
        .reads()
        .users()
        .find(first.id)
        .await
        .unwrap()
        .is_some();
    assert_eq!(committed, kept, "it said so, and it is so");
    assert_eq!(!store.signals.all().is_empty(), kept);
}

#[tokio::test]
async fn the_connections_that_read_cannot_write() {
    if Engine::of_this_run() == Engine::Postgres {
        // Both are one pool there.
        return;
    }
    let store = TestStore::new().await;
    store.insert_user(&user(Status::Active)).await;

    for sql in [
        "DELETE FROM users",
        "UPDATE users SET status = 'pending'",
        "INSERT INTO role_permissions SELECT id, 'users:fly' FROM roles",
        "DROP TABLE sessions",
        "CREATE TABLE t (id INTEGER)",
    ] {
        // Each of the two has to refuse.
        for _ in 0..4 {
            assert!(store.pools.execute_unprepared(sql).await.is_err(), "{sql}");
        }
    }
    assert_eq!(store.database.count("users").await, 1);
}

#[tokio::test]
async fn what_is_written_is_read_on_every_connection_at_once() {
    let store = TestStore::new().await;

    for _ in 0..20 {
        let user = user(Status::Active);
        store.insert_user(&user).await;
        for _ in 0..3 {
            let found = store.reads().users().find(user.id).await;
            assert_eq!(found, Ok(Some(user.clone())));
        }
    }
}
