use application::StoreError;
use chrono::TimeDelta;
use domain::sessions::{RefreshToken, Session};
use domain::users::{Status, User};
use support::TestStore;
use support::factories::sessions::{refresh_token, session};
use support::factories::users::user;

/// A session of somebody new with a token, all stored.
async fn stored(store: &TestStore) -> (User, Session, RefreshToken) {
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let session = session(&user);
    store.insert_session(&session).await;
    let token = refresh_token(&session);
    let mut tx = store.begin().await;
    let inserted = tx.sessions_mut().insert_token(&token).await;
    inserted.expect("it is new");
    tx.commit().await.expect("it fits");
    (user, session, token)
}

async fn found(store: &TestStore, token: &RefreshToken) -> Option<RefreshToken> {
    let found = store.reads().sessions().find_token(&token.hash).await;
    found.expect("the database is there")
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_and_leads_to_its_session() {
    let store = TestStore::new().await;
    let (_, session, token) = stored(&store).await;
    let (_, _, other) = stored(&store).await;

    let mut tx = store.begin().await;
    let locked = tx.sessions_mut().lock_by_token(&token.hash).await;
    drop(tx);

    assert_eq!(locked, Ok(Some(session.clone())));
    assert_eq!(found(&store, &token).await, Some(token));
    assert_eq!(found(&store, &other).await, Some(other));
    assert_eq!(found(&store, &refresh_token(&session)).await, None);
}

#[tokio::test]
async fn a_token_is_spent_once() {
    let store = TestStore::new().await;
    let (_, _, token) = stored(&store).await;
    let (first, later) = [1, 2]
        .map(|it| token.created_at + TimeDelta::hours(it))
        .into();

    let mut tx = store.begin().await;
    let sessions = tx.sessions_mut();
    let spent = sessions.spend_token(&token.hash, first).await;
    let again = sessions.spend_token(&token.hash, later).await;
    tx.commit().await.unwrap();

    assert_eq!((spent, again), (Ok(true), Ok(false)));
    let used_at = found(&store, &token).await.unwrap().used_at;
    assert_eq!(used_at, Some(first));
}

#[tokio::test]
async fn two_tokens_of_one_hash_are_refused() {
    let store = TestStore::new().await;
    let (_, _, token) = stored(&store).await;

    let mut tx = store.begin().await;
    let refused = tx.sessions_mut().insert_token(&token).await;

    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
}

#[tokio::test]
async fn tokens_go_with_their_user() {
    let store = TestStore::new().await;
    let (user, _, token) = stored(&store).await;
    let (_, _, other) = stored(&store).await;

    let mut tx = store.begin().await;
    tx.users_mut().delete(user.id).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(found(&store, &token).await, None);
    assert_eq!(found(&store, &other).await, Some(other));
}

#[tokio::test]
async fn one_session_ends_and_keeps_the_time_of_its_end() {
    let store = TestStore::new().await;
    let (_, session, token) = stored(&store).await;
    let (_, other, _) = stored(&store).await;

    let mut tx = store.begin().await;
    for hours in [1, 2] {
        let at = session.created_at + TimeDelta::hours(hours);
        tx.sessions_mut().end(session.id, at).await.unwrap();
    }
    let locked = tx.sessions_mut().lock_by_token(&token.hash).await;
    tx.commit().await.unwrap();

    let ended_at = locked.unwrap().unwrap().ended_at;
    assert_eq!(ended_at, Some(session.created_at + TimeDelta::hours(1)));
    let standing = store.reads().sessions().standing(other.id).await;
    assert!(!standing.unwrap().unwrap().ended);
}

#[tokio::test]
async fn a_token_of_another_length_is_corrupt() {
    let store = TestStore::new().await;
    let (_, session, token) = stored(&store).await;
    let lengthen = "UPDATE refresh_tokens SET salt = hash || hash";
    store.database.execute(lengthen).await;

    let read = store.reads().sessions().find_token(&token.hash).await;

    let Err(StoreError::Corrupt { table, id, .. }) = read else {
        panic!("{read:?}");
    };
    assert_eq!((table, id), ("refresh_tokens", session.id.0));
}
