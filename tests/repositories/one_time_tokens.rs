use application::StoreError;
use domain::one_time_tokens::OneTimeToken;
use domain::users::{Status, User};
use support::TestStore;
use support::factories::one_time_tokens::reset_token;
use support::factories::users::user;

/// Somebody new with a token, both stored.
async fn stored(store: &TestStore) -> (User, OneTimeToken) {
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let token = reset_token(&user);
    let mut tx = store.begin().await;
    let inserted = tx.one_time_tokens_mut().insert(&token).await;
    inserted.expect("the user is there");
    tx.commit().await.expect("nothing speaks against it");
    (user, token)
}

async fn found(store: &TestStore, token: &OneTimeToken) -> Option<OneTimeToken> {
    let found = store.reads().one_time_tokens().find(&token.hash).await;
    found.expect("it can be read")
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_alone() {
    let store = TestStore::new().await;
    let (user, token) = stored(&store).await;

    assert_eq!(found(&store, &token).await, Some(token));
    assert_eq!(found(&store, &reset_token(&user)).await, None);
}

#[tokio::test]
async fn a_token_is_deleted_once() {
    let store = TestStore::new().await;
    let (_, token) = stored(&store).await;

    let mut tx = store.begin().await;
    let tokens = tx.one_time_tokens_mut();
    let first = tokens.delete(&token.hash).await;
    let again = tokens.delete(&token.hash).await;
    tx.commit().await.unwrap();

    assert_eq!((first, again), (Ok(true), Ok(false)));
    assert_eq!(found(&store, &token).await, None);
}

#[tokio::test]
async fn all_tokens_of_one_user_are_deleted_and_no_other() {
    let store = TestStore::new().await;
    let (user, token) = stored(&store).await;
    let (_, other) = stored(&store).await;

    let mut tx = store.begin().await;
    tx.one_time_tokens_mut().delete_all(user.id).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(found(&store, &token).await, None);
    assert_eq!(found(&store, &other).await, Some(other));
}

#[tokio::test]
async fn tokens_go_with_their_user() {
    let store = TestStore::new().await;
    let (user, token) = stored(&store).await;

    let mut tx = store.begin().await;
    tx.users_mut().delete(user.id).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(found(&store, &token).await, None);
}

#[tokio::test]
async fn a_token_of_an_unknown_purpose_is_corrupt() {
    let store = TestStore::new().await;
    let (user, token) = stored(&store).await;
    let change = "UPDATE one_time_tokens SET purpose = 'flattery'";
    store.database.execute(change).await;

    let read = store.reads().one_time_tokens().find(&token.hash).await;

    let Err(StoreError::Corrupt { table, id, .. }) = read else {
        panic!("{read:?}");
    };
    assert_eq!((table, id), ("one_time_tokens", user.id.0));
}
