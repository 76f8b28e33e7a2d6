use application::{StoreError, Transaction};
use domain::email_changes::EmailChange;
use domain::one_time_tokens::TokenPurpose;
use domain::outbox::Letter;
use domain::users::{Status, User};
use support::TestStore;
use support::factories::email_changes::{email_change, email_change_token};
use support::factories::outbox::queued;
use support::factories::users::user;

async fn ada(store: &TestStore) -> User {
    let ada = user(Status::Active);
    store.insert_user(&ada).await;
    ada
}

/// As many changes as there are answers to whether they are confirmed, in this order.
async fn stored(store: &TestStore, of: &User, confirmed: &[bool]) -> Vec<EmailChange> {
    let mut tx = store.begin().await;
    let mut changes = Vec::new();
    for is_confirmed in confirmed {
        let mut change = email_change(of);
        change.confirmed_at = is_confirmed.then_some(of.created_at);
        let inserted = tx.email_changes_mut().insert(&change).await;
        inserted.expect("the user is there");
        changes.push(change);
    }
    tx.commit().await.expect("nothing speaks against it");
    changes
}

async fn found(store: &TestStore, of: &EmailChange) -> Option<EmailChange> {
    let found = store.reads().email_changes().find(of.id).await;
    found.expect("it can be read")
}

/// Which of them are there, once that was done.
async fn left_by(
    store: &TestStore,
    of: &[EmailChange],
    work: impl AsyncFnOnce(&mut dyn Transaction) -> Result<(), StoreError>,
) -> Vec<bool> {
    let mut tx = store.begin().await;
    work(&mut *tx).await.expect("nobody holds them");
    tx.commit().await.expect("nothing speaks against it");
    let mut left = Vec::new();
    for change in of {
        left.push(found(store, change).await.is_some());
    }
    left
}

#[tokio::test]
async fn a_change_comes_back_as_it_was_stored_and_as_it_was_confirmed() {
    let store = TestStore::new().await;
    let ada = ada(&store).await;
    let mut change = stored(&store, &ada, &[false]).await.remove(0);
    assert_eq!(found(&store, &change).await.as_ref(), Some(&change));
    assert_eq!(found(&store, &email_change(&ada)).await, None);

    change.confirmed_at = Some(ada.created_at);
    let mut tx = store.begin().await;
    tx.email_changes_mut().update(&change).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(found(&store, &change).await, Some(change));
}

#[tokio::test]
async fn open_ones_are_deleted_and_confirmed_ones_stay() {
    let store = TestStore::new().await;
    let (ada, eve) = (ada(&store).await, ada(&store).await);
    let mut changes = stored(&store, &ada, &[true, false, false]).await;
    changes.extend(stored(&store, &eve, &[false]).await);

    let left = left_by(&store, &changes, async |tx| {
        tx.email_changes_mut().delete_open(ada.id).await
    });

    assert_eq!(left.await, [true, false, false, true]);
}

#[tokio::test]
async fn one_is_deleted_with_the_later_ones_of_its_user() {
    let store = TestStore::new().await;
    let (ada, eve) = (ada(&store).await, ada(&store).await);
    let mut changes = stored(&store, &ada, &[true, true, true, false]).await;
    changes.extend(stored(&store, &eve, &[true]).await);
    let second = changes[1].clone();

    let left = left_by(&store, &changes, async |tx| {
        tx.email_changes_mut().delete_from(&second).await
    });

    assert_eq!(left.await, [true, false, false, false, true]);
}

#[tokio::test]
async fn all_of_a_user_are_deleted_and_none_of_anybody_else() {
    let store = TestStore::new().await;
    let (ada, eve) = (ada(&store).await, ada(&store).await);
    let mut changes = stored(&store, &ada, &[true, false]).await;
    changes.extend(stored(&store, &eve, &[true]).await);

    let left = left_by(&store, &changes, async |tx| {
        tx.email_changes_mut().delete_all(ada.id).await
    });

    assert_eq!(left.await, [false, false, true]);
}

#[tokio::test]
async fn their_tokens_and_their_mail_go_with_them_and_they_with_their_user() {
    let store = TestStore::new().await;
    let ada = ada(&store).await;
    let change = stored(&store, &ada, &[false]).await.remove(0);
    let purposes = [
        TokenPurpose::EmailChange(change.id),
        TokenPurpose::EmailChangeCancel(change.id),
    ];
    let letters = [
        Letter::EmailChange(change.id),
        Letter::EmailChangeNotice(change.id),
    ];
    let mut tx = store.begin().await;
    for (purpose, letter) in purposes.into_iter().zip(letters) {
        let token = email_change_token(&change, purpose);
        let letter = queued(letter, ada.created_at);
        tx.one_time_tokens_mut().insert(&token).await.unwrap();
        tx.outbox_mut().insert(&letter).await.unwrap();
        let read = tx.one_time_tokens().find(&token.hash).await;
        assert_eq!(read, Ok(Some(token)));
        assert_eq!(tx.outbox_mut().lock(letter.id).await, Ok(Some(letter)));
    }
    tx.commit().await.unwrap();

    let mut tx = store.begin().await;
    tx.one_time_tokens_mut().delete_all(ada.id).await.unwrap();
    tx.commit().await.unwrap();
    let kept = store.database.count("one_time_tokens").await;
    assert_eq!(kept, 2, "they hang on the change, not on the user");
    let mut tx = store.begin().await;
    tx.users_mut().delete(ada.id).await.unwrap();
    tx.commit().await.unwrap();

    for table in ["email_changes", "one_time_tokens", "outbox_messages"] {
        assert_eq!(store.database.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn what_is_no_address_is_corrupt() {
    for column in ["old_email", "new_email"] {
        let store = TestStore::new().await;
        let ada = ada(&store).await;
        let change = stored(&store, &ada, &[false]).await.remove(0);
        let spoil = format!("UPDATE email_changes SET {column} = 'nowhere'");
        store.database.execute(&spoil).await;

        let read = store.reads().email_changes().find(change.id).await;

        let Err(StoreError::Corrupt { table, id, .. }) = read else {
            panic!("{read:?}");
        };
        assert_eq!((table, id), ("email_changes", change.id.0));
    }
}
