use domain::Version;
use domain::audit::{Action, Deed};
use domain::sessions::TokenVersion;
use domain::users::{Status, User};
use mockall::predicate::eq;

use super::{counts_administrators, deletes_keys, ends_sessions, holding, takes_update};
use crate::fakes::{ADA, Mocks, administrator, now, permit, unavailable, user};
use crate::{Error, Expected, Signal};

/// What `before` is once it is shut.
fn shut(before: User) -> User {
    User {
        status: Status::Deactivated,
        version: Version(4),
        token_version: TokenVersion(3),
        updated_at: now(),
        ..before
    }
}

/// `before` is found, and takes being shut.
fn shutting(before: &User) -> Mocks {
    let mut mocks = holding(before.clone());
    takes_update(&mut mocks, &shut(before.clone()));
    ends_sessions(&mut mocks, before.id);
    mocks
        .email_changes_mut
        .expect_delete_open()
        .with(eq(before.id))
        .once()
        .returning(|_| Ok(()));
    deletes_keys(&mut mocks, before.id);
    mocks
}

#[tokio::test]
async fn shutting_an_account_ends_its_sessions_and_its_keys() {
    for status in [Status::Active, Status::Pending] {
        let before = user(status);
        let (users, ledger) = shutting(&before).users_service();

        let after = users
            .deactivate(&permit(), ADA, &Expected::Any)
            .await
            .unwrap();

        assert_eq!(after, shut(before));
        assert_eq!(ledger.commits(), 1);
        assert_eq!(ledger.deeds(), [Deed::on(Action::UsersDeactivated, ADA)]);
        assert_eq!(ledger.heard(), [Signal::SessionsEnded(ADA)]);
    }
}

#[tokio::test]
async fn a_shut_account_is_not_written_again() {
    for before in [
        user(Status::Deactivated),
        administrator(Status::Deactivated),
    ] {
        let (users, ledger) = holding(before.clone()).users_service();

        let after = users
            .deactivate(&permit(), ADA, &Expected::Any)
            .await
            .unwrap();

        assert_eq!(after, before);
        assert_eq!(ledger.commits(), 1);
        assert_eq!(ledger.heard(), []);
    }
}

#[tokio::test]
async fn one_of_two_administrators_may_be_shut_out() {
    let mut mocks = shutting(&administrator(Status::Active));
    counts_administrators(&mut mocks, 2);
    let (users, ledger) = mocks.users_service();

    users
        .deactivate(&permit(), ADA, &Expected::Any)
        .await
        .unwrap();

    assert_eq!(ledger.commits(), 1);
}

/// Nobody is counted: who is not active administers nothing.
#[tokio::test]
async fn a_pending_administrator_may_be_shut_out() {
    let (users, ledger) = shutting(&administrator(Status::Pending)).users_service();

    users
        .deactivate(&permit(), ADA, &Expected::Any)
        .await
        .unwrap();

    assert_eq!(ledger.commits(), 1);
}

#[tokio::test]
async fn a_failed_commit_raises_no_signal() {
    let (users, ledger) = Mocks {
        commit_fails: Some(unavailable()),
        ..shutting(&user(Status::Active))
    }
    .users_service();

    let failed = users
        .deactivate(&permit(), ADA, &Expected::Any)
        .await
        .unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.heard(), []);
}

#[tokio::test]
async fn sessions_that_cannot_be_ended_keep_the_account_open() {
    let before = user(Status::Active);
    let mut mocks = holding(before.clone());
    takes_update(&mut mocks, &shut(before));
    mocks
        .sessions_mut
        .expect_end_all()
        .return_once(|_, _| Err(unavailable()));
    let (users, ledger) = mocks.users_service();

    let failed = users
        .deactivate(&permit(), ADA, &Expected::Any)
        .await
        .unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.heard(), []);
}
