use domain::Version;
use domain::audit::{Action, Deed};
use domain::users::{Status, User};
use mockall::predicate::eq;

use super::{counts_administrators, holding};
use crate::fakes::{ADA, Mocks, administrator, permit, unavailable, user};
use crate::{Error, Expected, Signal};

/// `user` is found, and takes being deleted.
fn deleting(user: User) -> Mocks {
    let (id, address) = (user.id, user.email.clone());
    let mut mocks = holding(user);
    mocks
        .outbox_mut
        .expect_delete_addressed()
        .with(eq(address))
        .once()
        .returning(|_| Ok(()));
    mocks
        .users_mut
        .expect_delete()
        .with(eq(id))
        .once()
        .returning(|_| Ok(()));
    mocks
}

#[tokio::test]
async fn a_deleted_user_is_signed_in_no_longer() {
    let (users, ledger) = deleting(user(Status::Active)).users_service();
    let seen = Expected::OneOf(vec![Version(3)]);

    users.delete(&permit(), ADA, &seen).await.unwrap();

    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::UsersDeleted, ADA)]);
    assert_eq!(ledger.heard(), [Signal::SessionsEnded(ADA)]);
}

#[tokio::test]
async fn one_of_two_administrators_may_be_deleted() {
    let mut mocks = deleting(administrator(Status::Active));
    counts_administrators(&mut mocks, 2);
    let (users, ledger) = mocks.users_service();

    users.delete(&permit(), ADA, &Expected::Any).await.unwrap();

    assert_eq!(ledger.commits(), 1);
}

/// Nobody is counted: who is not active administers nothing.
#[tokio::test]
async fn an_administrator_who_is_not_active_may_be_deleted() {
    for status in [Status::Pending, Status::Deactivated] {
        let (users, ledger) = deleting(administrator(status)).users_service();

        users.delete(&permit(), ADA, &Expected::Any).await.unwrap();

        assert_eq!(ledger.commits(), 1);
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_deleted_stays() {
    let mut mocks = holding(user(Status::Active));
    mocks
        .users_mut
        .expect_delete()
        .return_once(|_| Err(unavailable()));
    let (users, ledger) = mocks.users_service();

    let failed = users
        .delete(&permit(), ADA, &Expected::Any)
        .await
        .unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.heard(), []);
}

#[tokio::test]
async fn a_failed_commit_raises_no_signal() {
    let (users, ledger) = Mocks {
        commit_fails: Some(unavailable()),
        ..deleting(user(Status::Active))
    }
    .users_service();

    let failed = users
        .delete(&permit(), ADA, &Expected::Any)
        .await
        .unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.heard(), []);
}
