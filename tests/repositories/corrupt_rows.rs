//! A row that the domain does not take is named, and what stands in it is not.

use application::users::{UserFilter, UserQuery, UserSort};
use application::{Direction, PageRequest, StoreError};
use domain::users::{Status, User};
use support::factories::sessions::session;
use support::factories::users::user;
use support::{TestDatabase, TestStore};

/// Stores a user and then writes `column = value` over it, as no use case could.
async fn store_with(column: &str, value: &str) -> (TestStore, User) {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let id = TestDatabase::literal(user.id.0);
    let sql = format!("UPDATE users SET {column} = '{value}' WHERE id = {id}");
    store.database.execute(&sql).await;
    (store, user)
}

#[track_caller]
fn is_corrupt<T: std::fmt::Debug>(read: Result<T, StoreError>, whose: &User, value: &str) {
    let error = read.expect_err("the row cannot be read");
    let StoreError::Corrupt { table, id, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!((*table, *id), ("users", whose.id.0));
    for text in [format!("{error}"), format!("{error:?}")] {
        assert!(!text.contains(value), "{text}");
    }
}

async fn is_corrupt_to_every_reader(column: &str, value: &str) {
    let (store, user) = store_with(column, value).await;
    let everybody = UserQuery {
        filter: UserFilter::default(),
        sort: UserSort::CreatedAt,
        direction: Direction::Ascending,
    };
    let first = PageRequest {
        limit: 10,
        after: None,
    };

    let found = store.reads().users().find(user.id).await;
    let listed = store.reads().users().list(&everybody, &first).await;
    let locked = store.begin().await.users_mut().lock(user.id).await;

    is_corrupt(found, &user, value);
    is_corrupt(listed, &user, value);
    is_corrupt(locked, &user, value);
}

#[tokio::test]
async fn a_user_of_an_unknown_status_is_corrupt() {
    is_corrupt_to_every_reader("status", "sleeping-status").await;
}

#[tokio::test]
async fn a_user_without_a_real_address_is_corrupt() {
    is_corrupt_to_every_reader("email", "secret address").await;
}

#[tokio::test]
async fn a_user_with_a_hidden_name_is_corrupt() {
    is_corrupt_to_every_reader("display_name", "hidden\u{200B}name").await;
}

#[tokio::test]
async fn a_user_with_a_role_of_no_real_name_is_corrupt() {
    let store = TestStore::new().await;
    let user = user(Status::Active);
    store.insert_user(&user).await;
    let sql = "UPDATE roles SET name = 'Grand Vizier' WHERE name = 'member'";
    store.database.execute(sql).await;

    let found = store.reads().users().find(user.id).await;

    is_corrupt(found, &user, "Grand Vizier");
}

#[tokio::test]
async fn a_session_whose_user_has_an_unknown_status_is_corrupt() {
    let (store, user) = store_with("status", "sleeping-status").await;
    let session = session(&user);
    store.insert_session(&session).await;

    let standing = store.reads().sessions().standing(session.id).await;

    is_corrupt(standing, &user, "sleeping-status");
}

#[tokio::test]
async fn one_corrupt_row_does_not_hide_the_others() {
    let (store, broken) = store_with("status", "sleeping-status").await;
    let whole = user(Status::Active);
    store.insert_user(&whole).await;

    let found = store.reads().users().find(whole.id).await;
    let everybody = store.reads().users().count(&UserFilter::default()).await;

    assert_eq!(found, Ok(Some(whole)));
    assert_eq!(everybody, Ok(2));
    assert!(store.reads().users().find(broken.id).await.is_err());
}
