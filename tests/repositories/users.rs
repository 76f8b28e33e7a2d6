use std::collections::BTreeSet;

use application::{StoreError, Unique};
use chrono::{DateTime, Utc};
use domain::Version;
use domain::roles::RoleName;
use domain::sessions::TokenVersion;
use domain::users::{DisplayName, EmailAddress, Status, User};
use support::TestStore;
use support::factories::sessions::session;
use support::factories::users::{email, user};

/// Nothing about it is what a fresh account has.
fn unusual_user() -> User {
    User {
        email: EmailAddress::parse("o'Brien+%_{x}@Example.ORG").expect("it is an address"),
        display_name: DisplayName::parse("Zoë \"Łódź\" O'Brien \\ %_ 李 😀").expect("it is a name"),
        roles: BTreeSet::from([RoleName::administrator(), RoleName::member()]),
        version: Version(i64::MAX - 1),
        token_version: TokenVersion(1 << 40),
        created_at: time("2026-02-28T23:59:59.999999Z"),
        updated_at: time("2026-03-01T00:00:00.000001Z"),
        ..user(Status::Deactivated)
    }
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("it is a time")
}

#[tokio::test]
async fn a_user_comes_back_as_it_was_stored() {
    let store = TestStore::new().await;
    let statuses = [Status::Pending, Status::Active, Status::Deactivated];
    let mut users: Vec<User> = statuses.into_iter().map(user).collect();
    users.push(unusual_user());

    for user in &users {
        store.insert_user(user).await;
    }

    for user in users {
        let found = store.reads().users().find(user.id).await;
        let mut tx = store.begin().await;
        let locked = tx.users_mut().lock(user.id).await;
        let locked_by_email = tx.users_mut().lock_by_email(&user.email).await;
        assert_eq!(found, Ok(Some(user.clone())));
        assert_eq!(locked, Ok(Some(user.clone())));
        assert_eq!(locked_by_email, Ok(Some(user)));
    }
}

#[tokio::test]
async fn every_microsecond_comes_back() {
    let store = TestStore::new().await;
    let times = [
        "1969-12-31T23:59:59.999999Z",
        "1970-01-01T00:00:00Z",
        "2026-06-30T12:00:00.1Z",
        "2026-06-30T12:00:00.123Z",
        "2026-06-30T12:00:00.000120Z",
        "9999-12-31T23:59:59.999999Z",
    ];

    for at in times.map(time) {
        let mut user = user(Status::Active);
        (user.created_at, user.updated_at) = (at, at);
        store.insert_user(&user).await;

        assert_eq!(
            store.reads().users().find(user.id).await,
            Ok(Some(user)),
            "{at}"
        );
    }
}

#[tokio::test]
async fn a_user_without_a_role_comes_back_without_one() {
    let store = TestStore::new().await;
    let mut user = user(Status::Active);
    user.roles.clear();

    store.insert_user(&user).await;

    assert_eq!(store.reads().users().find(user.id).await, Ok(Some(user)));
}

#[tokio::test]
async fn nobody_is_found_by_an_unknown_id_or_address() {
    let store = TestStore::new().await;
    store.insert_user(&user(Status::Active)).await;
    let unknown = user(Status::Active);

    let mut tx = store.begin().await;

    assert_eq!(tx.users().find(unknown.id).await, Ok(None));
    assert_eq!(tx.users_mut().lock(unknown.id).await, Ok(None));
    assert_eq!(tx.users_mut().lock_by_email(&unknown.email).await, Ok(None));
}

#[tokio::test]
async fn a_taken_address_is_refused_and_leaves_nothing() {
    let store = TestStore::new().await;
    let first = user(Status::Active);
    store.insert_user(&first).await;
    let second = User {
        email: first.email.clone(),
        ..user(Status::Active)
    };

    let mut tx = store.begin().await;
    let refused = tx.users_mut().insert(&second).await;
    drop(tx);

    assert_eq!(refused, Err(StoreError::Duplicate(Unique::UserEmail)));
    assert_eq!(store.reads().users().find(second.id).await, Ok(None));
    assert_eq!(store.database.count("users").await, 1);
    assert_eq!(store.database.count("user_roles").await, 1);
}

#[tokio::test]
async fn a_second_user_of_the_same_id_is_a_failure_and_no_taken_address() {
    let store = TestStore::new().await;
    let first = user(Status::Active);
    store.insert_user(&first).await;
    let second = User {
        id: first.id,
        ..user(Status::Active)
    };

    let mut tx = store.begin().await;
    let refused = tx.users_mut().insert(&second).await;

    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
}

#[tokio::test]
async fn an_unknown_role_is_refused_and_leaves_nothing() {
    let store = TestStore::new().await;
    let mut user = user(Status::Active);
    user.roles.insert(RoleName::parse("zookeeper").unwrap());

    let mut tx = store.begin().await;
    let refused = tx.users_mut().insert(&user).await;
    drop(tx);

    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    assert_eq!(store.database.count("users").await, 0);
    assert_eq!(store.database.count("user_roles").await, 0);
}

#[tokio::test]
async fn an_update_writes_everything_but_the_roles() {
    let store = TestStore::new().await;
    let before = user(Status::Active);
    let other = user(Status::Active);
    store.insert_user(&before).await;
    store.insert_user(&other).await;
    let after = User {
        id: before.id,
        ..unusual_user()
    };

    let mut tx = store.begin().await;
    tx.users_mut().update(&after).await.unwrap();
    tx.commit().await.unwrap();

    let roles = before.roles;
    let expected = User { roles, ..after };
    let found = store.reads().users().find(before.id).await;
    assert_eq!(found, Ok(Some(expected)));
    let untouched = store.reads().users().find(other.id).await;
    assert_eq!(untouched, Ok(Some(other)));
}

#[tokio::test]
async fn a_version_that_is_not_newer_is_stale() {
    let store = TestStore::new().await;
    let stored = User {
        version: Version(5),
        ..user(Status::Active)
    };
    store.insert_user(&stored).await;

    for version in [4, 5] {
        let late = User {
            version: Version(version),
            display_name: DisplayName::parse("Too Late").unwrap(),
            ..stored.clone()
        };
        let mut tx = store.begin().await;
        let refused = tx.users_mut().update(&late).await;
        assert_eq!(refused, Err(StoreError::Stale), "{version}");
    }

    let found = store.reads().users().find(stored.id).await;
    assert_eq!(found, Ok(Some(stored)));
}

#[tokio::test]
async fn an_update_of_nobody_is_stale() {
    let store = TestStore::new().await;

    let mut tx = store.begin().await;
    let refused = tx.users_mut().update(&user(Status::Active)).await;

    assert_eq!(refused, Err(StoreError::Stale));
}

#[tokio::test]
async fn an_update_to_a_taken_address_is_refused() {
    let store = TestStore::new().await;
    let (first, mut second) = (user(Status::Active), user(Status::Active));
    store.insert_user(&first).await;
    store.insert_user(&second).await;
    second.email = first.email;
    second.version = second.version.next();

    let mut tx = store.begin().await;
    let refused = tx.users_mut().update(&second).await;

    assert_eq!(refused, Err(StoreError::Duplicate(Unique::UserEmail)));
}

#[tokio::test]
async fn what_belongs_to_a_user_goes_with_them_and_nothing_else() {
    let store = TestStore::new().await;
    let (leaver, stayer) = (user(Status::Active), user(Status::Active));
    for user in [&leaver, &stayer] {
        store.insert_user(user).await;
        store.insert_session(&session(user)).await;
        store.insert_session(&session(user)).await;
        let mut tx = store.begin().await;
        let hash = application::credentials::PasswordHash("$argon2id$".into());
        tx.credentials_mut()
            .put(user.id, &hash, user.created_at)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    let mut tx = store.begin().await;
    tx.users_mut().delete(leaver.id).await.unwrap();
    tx.commit().await.unwrap();

    let left = [
        ("users", 1),
        ("user_roles", 1),
        ("credentials", 1),
        ("sessions", 2),
    ];
    for (table, rows) in left {
        assert_eq!(store.database.count(table).await, rows, "{table}");
    }
    let found = store.reads().users().find(stayer.id).await;
    assert_eq!(found, Ok(Some(stayer)));
}

#[tokio::test]
async fn deleting_nobody_is_no_failure() {
    let store = TestStore::new().await;

    let mut tx = store.begin().await;
    let deleted = tx.users_mut().delete(user(Status::Active).id).await;

    assert_eq!(deleted, Ok(()));
}

#[tokio::test]
async fn an_address_is_free_again_when_its_user_is_gone() {
    let store = TestStore::new().await;
    let first = user(Status::Active);
    store.insert_user(&first).await;
    let second = User {
        email: first.email.clone(),
        ..user(Status::Active)
    };

    let mut tx = store.begin().await;
    tx.users_mut().delete(first.id).await.unwrap();
    tx.users_mut().insert(&second).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(
        store.reads().users().find(second.id).await,
        Ok(Some(second))
    );
}

#[tokio::test]
async fn an_address_is_the_same_in_any_letter_case() {
    let store = TestStore::new().await;
    let address = email();
    let mut user = user(Status::Active);
    user.email = EmailAddress::parse(&address.to_ascii_uppercase()).unwrap();
    store.insert_user(&user).await;

    let asked = EmailAddress::parse(&address).unwrap();
    let mut tx = store.begin().await;

    assert_eq!(tx.users_mut().lock_by_email(&asked).await, Ok(Some(user)));
}
