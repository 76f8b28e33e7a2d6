use domain::Version;
use domain::audit::{Action, Deed};
use domain::credentials::CredentialError;
use domain::roles::RoleName;
use domain::sessions::TokenVersion;
use domain::users::{Status, User, UserError, UserId};
use mockall::predicate::eq;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::tells;
use crate::fakes::{ADA, Mocks, email, hash, name, now, nth_id, unavailable, user};
use crate::users::{NewUser, UserFilter};
use crate::{Error, Signal, StoreError, System, SystemReason, Unique};

pub(super) const PASSWORD: &str = "dressed stone, laid dry";

fn new() -> NewUser {
    NewUser {
        email: email("grace@example.org"),
        display_name: name("Grace"),
    }
}

/// What [`new`] makes.
fn administrator() -> User {
    let mut user = User::invited(UserId(nth_id(1)), new().email, new().display_name, now());
    user.status = Status::Active;
    user.roles.insert(RoleName::administrator());
    user
}

/// The account of `before` once its owner has another password.
pub(super) fn changed(before: User, status: Status) -> User {
    User {
        status,
        version: Version(4),
        token_version: TokenVersion(3),
        updated_at: now(),
        ..before
    }
}

fn is_password(text: &SecretString) -> bool {
    text.expose_secret() == PASSWORD
}

pub(super) fn hashing() -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .hasher
        .expect_hash()
        .withf(is_password)
        .once()
        .return_once(|_| Ok(hash("made")));
    mocks
}

/// Somebody has the address.
fn holding(user: User) -> Mocks {
    let mut mocks = hashing();
    mocks
        .users_mut
        .expect_lock_by_email()
        .with(eq(user.email.clone()))
        .return_once(|_| Ok(Some(user)));
    mocks
}

fn takes_hash(mocks: &mut Mocks, id: UserId) {
    mocks
        .credentials_mut
        .expect_put()
        .with(eq(id), eq(hash("made")), eq(now()))
        .once()
        .returning(|_, _, _| Ok(()));
}

/// `before` is found, and takes another password.
pub(super) fn setting(before: &User, after: &User) -> Mocks {
    let mut mocks = holding(before.clone());
    takes_hash(&mut mocks, before.id);
    mocks
        .users_mut
        .expect_update()
        .with(eq(after.clone()))
        .once()
        .returning(|_| Ok(()));
    mocks
        .sessions_mut
        .expect_end_all()
        .with(eq(before.id), eq(now()))
        .once()
        .returning(|_, _| Ok(()));
    tells(&mut mocks, before.id);
    mocks
        .api_keys_mut
        .expect_delete_all()
        .with(eq(before.id))
        .once()
        .returning(|_| Ok(()));
    mocks
}

fn system() -> System {
    System::acting(Uuid::from_u128(1), SystemReason::FirstStart)
}

#[tokio::test]
async fn it_is_the_first_start_while_nobody_at_all_has_an_account() {
    for (accounts, first) in [(0, true), (1, false)] {
        let mut mocks = Mocks::default();
        mocks
            .users
            .expect_count()
            .with(eq(UserFilter::default()))
            .return_once(move |_| Ok(accounts));
        let (credentials, ledger) = mocks.credentials_service();

        let answer = credentials.is_first_start().await.unwrap();

        assert_eq!(answer, first);
        assert_eq!(ledger.begins(), 0);
    }
}

/// Otherwise a server would make an administrator because its database is slow to start.
#[tokio::test]
async fn a_store_that_is_away_is_no_first_start() {
    let mut mocks = Mocks::default();
    mocks
        .users
        .expect_count()
        .return_once(|_| Err(unavailable()));
    let (credentials, ledger) = mocks.credentials_service();

    let failed = credentials.is_first_start().await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn an_administrator_is_active_with_a_password_at_once() {
    let mut mocks = hashing();
    mocks
        .users_mut
        .expect_insert()
        .with(eq(administrator()))
        .once()
        .returning(|_| Ok(()));
    takes_hash(&mut mocks, administrator().id);
    let (credentials, ledger) = mocks.credentials_service();

    let created = credentials
        .create_administrator(&system(), new(), &PASSWORD.into())
        .await
        .unwrap();

    assert_eq!(created, administrator());
    assert!(created.is_active_administrator());
    assert_eq!(ledger.commits(), 1);
    let told = [Action::UsersCreated, Action::UsersRolesChanged].map(|it| Deed::on(it, created.id));
    assert_eq!(ledger.deeds(), told);
    assert_eq!(ledger.origins(), [*system().origin()]);
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_makes_no_administrator() {
    for (password, fault) in [
        ("dry stone wall", CredentialError::PasswordTooShort(15)),
        ("passwordpassword", CredentialError::PasswordCommon),
        ("grace@example.org", CredentialError::PasswordLikeAddress),
    ] {
        let (credentials, ledger) = Mocks::default().credentials_service();

        let refused = credentials
            .create_administrator(&system(), new(), &password.into())
            .await
            .unwrap_err();

        assert_eq!(refused, Error::Credential(fault), "{password}");
        assert_eq!(ledger.begins(), 0, "{password}");
    }
}

#[tokio::test]
async fn a_taken_address_makes_no_administrator() {
    let mut mocks = hashing();
    mocks
        .users_mut
        .expect_insert()
        .return_once(|_| Err(StoreError::Duplicate(Unique::UserEmail)));
    let (credentials, ledger) = mocks.credentials_service();

    let refused = credentials
        .create_administrator(&system(), new(), &PASSWORD.into())
        .await
        .unwrap_err();

    assert_eq!(refused, Error::User(UserError::EmailTaken));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn an_administrator_without_a_kept_password_is_not_kept() {
    let mut mocks = hashing();
    mocks.users_mut.expect_insert().returning(|_| Ok(()));
    mocks
        .credentials_mut
        .expect_put()
        .return_once(|_, _, _| Err(unavailable()));
    let (credentials, ledger) = mocks.credentials_service();

    let failed = credentials
        .create_administrator(&system(), new(), &PASSWORD.into())
        .await
        .unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_hasher_with_too_much_to_do_makes_no_administrator() {
    let mut mocks = Mocks::default();
    mocks
        .hasher
        .expect_hash()
        .return_once(|_| Err(Error::Overloaded));
    let (credentials, ledger) = mocks.credentials_service();

    let refused = credentials
        .create_administrator(&system(), new(), &PASSWORD.into())
        .await
        .unwrap_err();

    assert_eq!(refused, Error::Overloaded);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_password_set_ends_sessions_and_keys_and_opens_a_pending_account_only() {
    for (before, after) in [
        (Status::Active, Status::Active),
        (Status::Pending, Status::Active),
        (Status::Deactivated, Status::Deactivated),
    ] {
        let expected = changed(user(before), after);
        let mocks = setting(&user(before), &expected);
        let (credentials, ledger) = mocks.credentials_service();

        let written = credentials
            .set(&system(), &user(before).email, &PASSWORD.into())
            .await
            .unwrap();

        assert_eq!(written, expected);
        assert_eq!(ledger.commits(), 1);
        assert_eq!(ledger.deeds(), [Deed::on(Action::UsersPasswordSet, ADA)]);
        assert_eq!(ledger.heard(), [Signal::SessionsEnded(ADA)]);
        assert_eq!(ledger.origins(), [*system().origin()]);
    }
}

#[tokio::test]
async fn nobody_at_the_address_gets_no_password() {
    let mut mocks = hashing();
    mocks
        .users_mut
        .expect_lock_by_email()
        .return_once(|_| Ok(None));
    let (credentials, ledger) = mocks.credentials_service();

    let refused = credentials
        .set(&system(), &new().email, &PASSWORD.into())
        .await
        .unwrap_err();

    assert_eq!(refused, Error::NotFound);
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_is_not_set() {
    for (password, fault) in [
        ("dry stone wall", CredentialError::PasswordTooShort(15)),
        ("grace@example.org", CredentialError::PasswordLikeAddress),
    ] {
        let (credentials, ledger) = Mocks::default().credentials_service();

        let refused = credentials
            .set(&system(), &new().email, &password.into())
            .await
            .unwrap_err();

        assert_eq!(refused, Error::Credential(fault), "{password}");
        assert_eq!(ledger.begins(), 0, "{password}");
    }
}

#[tokio::test]
async fn a_hasher_with_too_much_to_do_sets_no_password() {
    let mut mocks = Mocks::default();
    mocks
        .hasher
        .expect_hash()
        .return_once(|_| Err(Error::Overloaded));
    let (credentials, ledger) = mocks.credentials_service();

    let refused = credentials
        .set(&system(), &new().email, &PASSWORD.into())
        .await
        .unwrap_err();

    assert_eq!(refused, Error::Overloaded);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_failed_commit_sets_no_password_and_raises_no_signal() {
    let after = changed(user(Status::Active), Status::Active);
    let (credentials, ledger) = Mocks {
        commit_fails: Some(unavailable()),
        ..setting(&user(Status::Active), &after)
    }
    .credentials_service();

    let failed = credentials
        .set(&system(), &after.email, &PASSWORD.into())
        .await
        .unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.heard(), []);
}
