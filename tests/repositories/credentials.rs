use application::StoreError;
use application::credentials::{Account, Credential, PasswordHash};
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::Network;
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

async fn put_network(store: &TestStore, user: &User, network: Network, at: DateTime<Utc>) {
    let mut tx = store.begin().await;
    let credentials = tx.credentials_mut();
    let put = credentials.put_network(user.id, network, at, 3).await;
    put.expect("the user is there");
    tx.commit().await.expect("nothing speaks against it");
}

fn network(n: u8) -> Network {
    Network::of([203, 0, n, 1].into())
}

async fn last_success(store: &TestStore, user: &User, network: Network) -> Option<DateTime<Utc>> {
    let credentials = store.reads().credentials();
    let found = credentials.find_account(user.id, Some(network)).await;
    let account = found.expect("the database is there");
    account.expect("the user is there").last_success
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
    let expected = Ok(Some(Account {
        user_id: ada.id,
        email: ada.email.clone(),
        credential: Some(credential(&ada, "$argon2id$of-ada")),
        last_success: None,
    }));
    assert_eq!(credentials.find_account(ada.id, None).await, expected);
    let found = credentials.find_account_by_email(&ada.email, Some(network(1)));
    assert_eq!(found.await, expected);
}

#[tokio::test]
async fn who_has_no_password_yet_has_no_credential() {
    let store = TestStore::new().await;
    let invited = user(Status::Pending);
    store.insert_user(&invited).await;

    let credentials = store.reads().credentials();

    assert_eq!(credentials.find(invited.id).await, Ok(None));
    let found = credentials.find_account_by_email(&invited.email, None);
    let account = found.await.unwrap().unwrap();
    assert_eq!(account.user_id, invited.id);
    assert_eq!(account.credential, None);
}

#[tokio::test]
async fn an_unknown_address_has_no_credential() {
    let store = TestStore::new().await;
    let stranger = user(Status::Active);

    let credentials = store.reads().credentials();

    assert_eq!(credentials.find(stranger.id).await, Ok(None));
    assert_eq!(credentials.find_account(stranger.id, None).await, Ok(None));
    let found = credentials.find_account_by_email(&stranger.email, None);
    assert_eq!(found.await, Ok(None));
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

#[tokio::test]
async fn a_network_is_known_to_its_account_alone_with_its_last_success() {
    let store = TestStore::new().await;
    let (ada, bob) = (user(Status::Active), user(Status::Active));
    for user in [&ada, &bob] {
        store.insert_user(user).await;
    }
    let (first, then) = (ada.created_at, ada.created_at + TimeDelta::days(1));

    for at in [first, then] {
        put_network(&store, &ada, network(1), at).await;
        assert_eq!(last_success(&store, &ada, network(1)).await, Some(at));
    }

    assert_eq!(last_success(&store, &ada, network(2)).await, None);
    assert_eq!(last_success(&store, &bob, network(1)).await, None);
    assert_eq!(store.database.count("sign_in_networks").await, 1);
}

#[tokio::test]
async fn of_many_networks_the_latest_are_kept() {
    let store = TestStore::new().await;
    let (ada, bob) = (user(Status::Active), user(Status::Active));
    for user in [&ada, &bob] {
        store.insert_user(user).await;
    }
    let day = |n: u8| ada.created_at + TimeDelta::days(n.into());
    put_network(&store, &bob, network(9), day(0)).await;

    for n in [1, 2, 3] {
        put_network(&store, &ada, network(n), day(n)).await;
    }
    // The first is now the latest but one.
    put_network(&store, &ada, network(1), day(4)).await;
    put_network(&store, &ada, network(5), day(5)).await;

    for (n, kept) in [(1, true), (2, false), (3, true), (5, true)] {
        let last = last_success(&store, &ada, network(n)).await;
        assert_eq!(last.is_some(), kept, "{n}");
    }
    assert!(last_success(&store, &bob, network(9)).await.is_some());
}

#[tokio::test]
async fn networks_go_with_their_account() {
    let store = TestStore::new().await;
    let ada = user(Status::Active);
    store.insert_user(&ada).await;
    put_network(&store, &ada, network(1), ada.created_at).await;

    let mut tx = store.begin().await;
    tx.users_mut().delete(ada.id).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(store.database.count("sign_in_networks").await, 0);
}
