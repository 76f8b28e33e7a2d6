use application::StoreError;
use application::credentials::{Credential, PasswordHash};
use chrono::TimeDelta;
use domain::users::{Status, User};
use support::TestStore;
use support::factories::users::user;

async fn put(store: &TestStore, user: &User, hash: &str) -> Result<(), StoreError> {
    let mut tx = store.begin().await;
    let hash = PasswordHash(hash.to_owned());
    let at = user.created_at + TimeDelta::microseconds(1);
    tx.credentials_mut().put(user.id, &hash, at).await?;
    tx.commit().await
}

fn credential(user: &User, hash: &str) -> Credential {
    Credential {
        user_id: user.id,
        hash: PasswordHash(hash.to_owned()),
    }
}

#[tokio::test]
async fn a_credential_is_found_by_its_user_and_by_their_address() {
    let store = TestStore::new().await;
    let (ada, bob) = (user(Status::Active), user(Status::Active));
    for user in [&ada, &bob] {
        store.insert_user(user).await;
    }

    put(&store, &ada, "$argon2id$of-ada").await.unwrap();
    put(&store, &bob, "$argon2id$of-bob").await.unwrap();

    let expected = Ok(Some(credential(&ada, "$argon2id$of-ada")));
    let credentials = store.reads().credentials();
    assert_eq!(credentials.find(ada.id).await, expected);
    assert_eq!(credentials.find_by_email(&ada.email).await, expected);
}

#[tokio::test]
async fn who_has_no_password_yet_has_no_credential() {
    let store = TestStore::new().await;
    let invited = user(Status::Pending);
    store.insert_user(&invited).await;

    let credentials = store.reads().credentials();

    assert_eq!(credentials.find(invited.id).await, Ok(None));
    assert_eq!(credentials.find_by_email(&invited.email).await, Ok(None));
}

#[tokio::test]
async fn an_unknown_address_has_no_credential() {
    let store = TestStore::new().await;
    let stranger = user(Status::Active);

    let credentials = store.reads().credentials();

    assert_eq!(credentials.find(stranger.id).await, Ok(None));
    assert_eq!(credentials.find_by_email(&stranger.email).await, Ok(None));
}

#[tokio::test]
async fn another_password_replaces_the_first() {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    put(&store, &user, "$argon2id$first").await.unwrap();

    put(&store, &user, "$argon2id$second").await.unwrap();

    let found = store.reads().credentials().find(user.id).await;
    assert_eq!(found, Ok(Some(credential(&user, "$argon2id$second"))));
    assert_eq!(store.database.count("credentials").await, 1);
}

#[tokio::test]
async fn a_password_of_nobody_is_refused_and_leaves_nothing() {
    let store = TestStore::new().await;
    let stranger = user(Status::Active);

    let refused = put(&store, &stranger, "$argon2id$").await;

    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    assert_eq!(store.database.count("credentials").await, 0);
}
