use chrono::{DateTime, TimeDelta, Utc};
use domain::Version;
use domain::api_keys::{ApiKey, ApiKeyChange, ApiKeyError, ApiKeyId};
use domain::audit::{Action, Deed};
use domain::roles::{Permission, Rights};
use domain::sessions::SessionError;
use domain::users::{Status, User, UserError};
use mockall::predicate::eq;
use secrecy::ExposeSecret;

use super::{KEY, SECRET, anothers, key, name, reading};
use crate::api_keys::NewApiKey;
use crate::fakes::{
    API_KEYS, CALLER, Ledger, Mocks, caller, key_hash, now, nth_id, origin, unavailable, user,
};
use crate::{Actor, Error, Expected, Page, PageRequest, RecentActor, SessionActor, StoreError};

fn by() -> SessionActor {
    caller(reading())
}

fn recently() -> RecentActor {
    by().recent().unwrap()
}

/// May read and delete, and gave their password a day ago.
fn long_ago() -> SessionActor {
    let rights = Rights::from_iter([Permission::UsersRead, Permission::UsersDelete]);
    let (session, day) = (caller(rights).session_id(), TimeDelta::days(1));
    let actor = Actor::by_session(CALLER, session, rights, day, &origin());
    actor.session().unwrap()
}

fn new() -> NewApiKey {
    NewApiKey {
        name: name("CI"),
        scopes: reading(),
        expires_at: now() + API_KEYS.max_lifetime,
    }
}

fn owner(status: Status) -> User {
    User {
        id: CALLER,
        ..user(status)
    }
}

/// The owner is held, and has so many keys.
fn having(owner: Option<User>, count: u64) -> Mocks {
    let mut mocks = Mocks::default();
    mocks.holds_caller(owner, false);
    mocks
        .api_keys
        .expect_count()
        .with(eq(CALLER))
        .returning(move |_| Ok(count));
    mocks
}

fn locking(found: Option<ApiKey>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks.holds_caller(Some(owner(Status::Active)), false);
    mocks
        .api_keys_mut
        .expect_lock()
        .with(eq(KEY))
        .return_once(|_| Ok(found));
    mocks
}

fn seen() -> Expected {
    Expected::OneOf(vec![Version(3)])
}

fn stale() -> Expected {
    Expected::OneOf(vec![Version(2)])
}

fn to_scopes(scopes: Rights) -> ApiKeyChange {
    ApiKeyChange {
        scopes: Some(scopes),
        ..ApiKeyChange::default()
    }
}

#[track_caller]
fn left_nothing(ledger: &Ledger) {
    assert_eq!(ledger.commits(), 0);
    assert_eq!(ledger.begins(), ledger.rollbacks());
}

#[tokio::test]
async fn a_new_key_is_stored_as_a_hash_and_told_once() {
    let made = ApiKey {
        id: ApiKeyId(nth_id(1)),
        name: name("CI"),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        expires_at: now() + API_KEYS.max_lifetime,
        ..key()
    };
    let mut mocks = having(Some(owner(Status::Active)), API_KEYS.max_per_user - 1);
    mocks
        .api_keys_mut
        .expect_insert()
        .with(eq(made.clone()), eq(key_hash(SECRET)))
        .once()
        .returning(|_, _| Ok(()));
    let (keys, ledger) = mocks.api_keys_service();

    let issued = keys.create_own(&recently(), new()).await.unwrap();

    assert_eq!(issued.key, made);
    let begins = format!("ask_{}_{SECRET}_", made.id.0.simple());
    assert!(issued.token.expose_secret().starts_with(&begins));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::ApiKeysCreated, made.id)]);
}

#[tokio::test]
async fn nobody_has_more_keys_than_allowed() {
    for count in [API_KEYS.max_per_user, API_KEYS.max_per_user + 5] {
        let mocks = having(Some(owner(Status::Active)), count);
        let (keys, ledger) = mocks.api_keys_service();

        let refused = keys.create_own(&recently(), new()).await.unwrap_err();

        assert_eq!(refused, ApiKeyError::TooMany(API_KEYS.max_per_user).into());
        left_nothing(&ledger);
    }
}

#[tokio::test]
async fn who_was_shut_out_or_deleted_this_moment_gets_no_key() {
    for found in [None, Some(owner(Status::Deactivated))] {
        let (keys, ledger) = having(found, 0).api_keys_service();

        let refused = keys.create_own(&recently(), new()).await.unwrap_err();

        assert_eq!(refused, SessionError::TokenInvalid.into());
        left_nothing(&ledger);
    }
}

#[tokio::test]
async fn who_was_signed_out_this_moment_makes_and_changes_no_key() {
    let ended = || {
        let mut mocks = Mocks::default();
        mocks.holds_caller(Some(owner(Status::Active)), true);
        mocks.api_keys_service()
    };
    let (keys, ledger) = ended();
    let made = keys.create_own(&recently(), new()).await.map(drop);
    left_nothing(&ledger);
    let (keys, ledger) = ended();
    let change = to_scopes(Rights::NONE);
    let changed = keys.update_own(&by(), KEY, &seen(), change).await;
    left_nothing(&ledger);

    let invalid = || Error::from(SessionError::TokenInvalid);
    assert_eq!((made, changed), (Err(invalid()), Err(invalid())));
}

#[tokio::test]
async fn nobody_makes_a_key_that_may_do_more_than_they() {
    let (keys, ledger) = Mocks::default().api_keys_service();
    let beyond = NewApiKey {
        scopes: Rights::all(),
        ..new()
    };

    let refused = keys.create_own(&recently(), beyond).await.unwrap_err();

    assert_eq!(refused, UserError::BeyondOwnRights.into());
    left_nothing(&ledger);
    assert_eq!(ledger.deeds(), [Deed::of(Action::RightsExceeded)]);
}

#[tokio::test]
async fn a_key_that_never_lives_or_lives_too_long_is_not_made() {
    let late = now() + API_KEYS.max_lifetime + TimeDelta::microseconds(1);
    for expires_at in [now(), late, DateTime::<Utc>::MAX_UTC] {
        let (keys, ledger) = Mocks::default().api_keys_service();
        let new = NewApiKey {
            expires_at,
            ..new()
        };

        let refused = keys.create_own(&recently(), new).await.unwrap_err();

        assert_eq!(refused, ApiKeyError::ExpiryInvalid(366).into());
        assert_eq!(ledger.begins(), 0);
    }
}

#[tokio::test]
async fn a_key_that_could_not_be_committed_is_not_told() {
    let mut mocks = having(Some(owner(Status::Active)), 0);
    mocks.api_keys_mut.expect_insert().returning(|_, _| Ok(()));
    mocks.commit_fails = Some(unavailable());
    let (keys, ledger) = mocks.api_keys_service();

    let failed = keys.create_own(&recently(), new()).await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!(ledger.deeds(), []);
}

#[tokio::test]
async fn one_sees_the_keys_of_ones_own() {
    let mut mocks = Mocks::default();
    let page = PageRequest {
        limit: 2,
        after: None,
    };
    let found = Page {
        items: vec![key()],
        next: None,
    };
    let expected = found.clone();
    mocks
        .api_keys
        .expect_list()
        .with(eq(CALLER), eq(page.clone()))
        .return_once(|_, _| Ok(found));
    mocks
        .api_keys
        .expect_find()
        .with(eq(KEY))
        .return_once(|_| Ok(Some(key())));
    let (keys, ledger) = mocks.api_keys_service();

    assert_eq!(keys.list_own(&by(), &page).await.unwrap(), expected);
    assert_eq!(keys.get_own(&by(), KEY).await.unwrap(), key());
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn the_key_of_somebody_else_is_as_none() {
    for found in [None, Some(anothers())] {
        let mut mocks = locking(found.clone());
        let read = found.clone();
        mocks.api_keys.expect_find().return_once(|_| Ok(read));
        let (keys, ledger) = mocks.api_keys_service();

        let read = keys.get_own(&by(), KEY).await.unwrap_err();
        let changed = keys.delete_own(&by(), KEY, &Expected::Any).await;

        assert_eq!((read, changed), (Error::NotFound, Err(Error::NotFound)));
        left_nothing(&ledger);
        let (keys, ledger) = locking(found).api_keys_service();
        let change = to_scopes(Rights::NONE);
        let refused = keys.update_own(&by(), KEY, &stale(), change).await;
        assert_eq!(refused, Err(Error::NotFound));
        left_nothing(&ledger);
    }
}

#[tokio::test]
async fn what_is_to_be_different_is_written_as_the_next_version() {
    let mut mocks = locking(Some(key()));
    let after = ApiKey {
        name: name("Nightly"),
        scopes: Rights::NONE,
        version: Version(4),
        updated_at: now(),
        ..key()
    };
    mocks
        .api_keys_mut
        .expect_update()
        .with(eq(after.clone()))
        .once()
        .returning(|_| Ok(()));
    let (keys, ledger) = mocks.api_keys_service();
    let change = ApiKeyChange {
        name: Some(name("Nightly")),
        scopes: Some(Rights::NONE),
    };

    let updated = keys.update_own(&long_ago(), KEY, &seen(), change).await;

    assert_eq!(updated, Ok(after));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::ApiKeysUpdated, KEY)]);
}

#[tokio::test]
async fn the_same_again_is_not_written() {
    let (keys, ledger) = locking(Some(key())).api_keys_service();
    // Not even by somebody who may not do that any more.
    let by = caller(Rights::NONE);

    let same = keys
        .update_own(&by, KEY, &seen(), to_scopes(reading()))
        .await;

    assert_eq!(same, Ok(key()));
    assert_eq!(ledger.deeds(), []);
}

#[tokio::test]
async fn who_lets_a_key_do_more_has_to_have_given_the_password_and_may_do_it() {
    let more = Rights::from_iter([Permission::UsersRead, Permission::UsersDelete]);
    let refused = async |by: &SessionActor| {
        let (keys, ledger) = locking(Some(key())).api_keys_service();
        let refused = keys.update_own(by, KEY, &seen(), to_scopes(more)).await;
        left_nothing(&ledger);
        (refused.unwrap_err(), ledger.deeds())
    };

    let late = refused(&long_ago()).await;
    let beyond = refused(&by()).await;

    assert_eq!(late, (SessionError::SignInTooOld.into(), vec![]));
    let told = vec![Deed::on(Action::RightsExceeded, KEY)];
    assert_eq!(beyond, (UserError::BeyondOwnRights.into(), told));

    let mut mocks = locking(Some(key()));
    mocks.api_keys_mut.expect_update().returning(|_| Ok(()));
    let (keys, _) = mocks.api_keys_service();
    let may = caller(more);
    let updated = keys.update_own(&may, KEY, &seen(), to_scopes(more)).await;
    assert_eq!(updated.unwrap().scopes, more);
}

#[tokio::test]
async fn a_version_that_is_over_changes_and_deletes_nothing() {
    let (keys, ledger) = locking(Some(key())).api_keys_service();
    let change = to_scopes(Rights::NONE);
    let updated = keys.update_own(&by(), KEY, &stale(), change).await;
    assert_eq!(updated, Err(Error::Store(StoreError::Stale)));
    left_nothing(&ledger);

    let (keys, ledger) = locking(Some(key())).api_keys_service();
    let deleted = keys.delete_own(&by(), KEY, &stale()).await;
    assert_eq!(deleted, Err(Error::Store(StoreError::Stale)));
    left_nothing(&ledger);
}

#[tokio::test]
async fn a_deleted_key_is_written_down() {
    let mut mocks = locking(Some(key()));
    mocks
        .api_keys_mut
        .expect_delete()
        .with(eq(KEY))
        .once()
        .returning(|_| Ok(()));
    let (keys, ledger) = mocks.api_keys_service();

    keys.delete_own(&long_ago(), KEY, &seen()).await.unwrap();

    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::ApiKeysDeleted, KEY)]);
}
