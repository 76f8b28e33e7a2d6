use domain::Version;
use domain::audit::{Action, Deed};
use domain::roles::Rights;
use domain::sessions::SessionError;
use domain::users::{Status, User, UserError};
use mockall::predicate::eq;

use super::{counts_administrators, takes_update};
use crate::fakes::{
    CALLER, Mocks, administrator, caller, name, now, recent_caller, unavailable, user,
};
use crate::{Error, Expected, SessionActor, Signal, StoreError};

/// Nobody needs a permission for what is their own.
fn by() -> SessionActor {
    caller(Rights::NONE)
}

fn own() -> User {
    User {
        id: CALLER,
        ..user(Status::Active)
    }
}

fn renamed() -> User {
    User {
        display_name: name("Countess"),
        version: Version(4),
        updated_at: now(),
        ..own()
    }
}

/// The caller's account is held; their rights are nobody's question.
fn holding_own() -> Mocks {
    let mut mocks = Mocks::default();
    mocks.holds_caller(Some(own()), false);
    mocks
}

#[tokio::test]
async fn ones_own_account_is_got_without_a_transaction() {
    let mut mocks = Mocks::default();
    mocks
        .users
        .expect_find()
        .with(eq(CALLER))
        .return_once(|_| Ok(Some(own())));
    let (users, ledger) = mocks.users_service();

    let got = users.get_own(&by()).await.unwrap();

    assert_eq!(got, own());
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn an_account_deleted_this_moment_is_not_got() {
    let mut mocks = Mocks::default();
    mocks.users.expect_find().return_once(|_| Ok(None));
    let (users, ledger) = mocks.users_service();

    let refused = users.get_own(&by()).await.unwrap_err();

    assert_eq!(refused, Error::Session(SessionError::TokenInvalid));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_store_that_is_away_is_no_deleted_account() {
    let mut mocks = Mocks::default();
    mocks
        .users
        .expect_find()
        .return_once(|_| Err(unavailable()));
    let (users, ledger) = mocks.users_service();

    let failed = users.get_own(&by()).await.unwrap_err();

    assert_eq!(failed, Error::Store(unavailable()));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn people_rename_themselves_and_stay_signed_in() {
    for expected in [Expected::Any, Expected::OneOf(vec![Version(3)])] {
        let mut mocks = holding_own();
        takes_update(&mut mocks, &renamed());
        let (users, ledger) = mocks.users_service();

        let after = users
            .rename_own(&by(), &expected, Some(name("Countess")))
            .await
            .unwrap();

        assert_eq!(after, renamed());
        assert_eq!(ledger.commits(), 1);
        assert_eq!(ledger.deeds(), [Deed::on(Action::UsersUpdated, CALLER)]);
        assert_eq!(ledger.heard(), []);
        assert_eq!(ledger.origins(), [*by().origin()]);
    }
}

#[tokio::test]
async fn the_same_name_again_is_not_written() {
    for same in [None, Some(own().display_name)] {
        let (users, ledger) = holding_own().users_service();

        let after = users.rename_own(&by(), &Expected::Any, same).await.unwrap();

        assert_eq!(after, own());
        assert_eq!(ledger.commits(), 1);
    }
}

#[tokio::test]
async fn an_account_deleted_this_moment_is_not_renamed() {
    let mut mocks = Mocks::default();
    mocks.users_mut.expect_lock().return_once(|_| Ok(None));
    let (users, ledger) = mocks.users_service();
    let outdated = Expected::OneOf(vec![Version(2)]);

    let refused = users
        .rename_own(&by(), &outdated, Some(name("Countess")))
        .await
        .unwrap_err();

    assert_eq!(refused, Error::Session(SessionError::TokenInvalid));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_version_that_its_owner_has_not_seen_is_not_renamed() {
    for seen in [vec![Version(2)], vec![]] {
        let (users, ledger) = holding_own().users_service();

        let refused = users
            .rename_own(&by(), &Expected::OneOf(seen), Some(name("Countess")))
            .await
            .unwrap_err();

        assert_eq!(refused, Error::Store(StoreError::Stale));
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

fn takes_delete(mocks: &mut Mocks) {
    mocks
        .outbox_mut
        .expect_delete_addressed()
        .with(eq(own().email))
        .once()
        .returning(|_| Ok(()));
    mocks
        .users_mut
        .expect_delete()
        .with(eq(CALLER))
        .once()
        .returning(|_| Ok(()));
}

/// An administrator's account is held, beside so many active ones in all.
fn holding_one_administrator_of(active: u64) -> Mocks {
    let mut mocks = Mocks::default();
    mocks.holds_caller(Some(own_administrator()), false);
    counts_administrators(&mut mocks, active);
    mocks
}

fn own_administrator() -> User {
    User {
        id: CALLER,
        ..administrator(Status::Active)
    }
}

#[tokio::test]
async fn one_can_delete_ones_own_account() {
    let mut mocks = holding_own();
    takes_delete(&mut mocks);
    let (users, ledger) = mocks.users_service();
    let seen = Expected::OneOf(vec![own().version]);

    let deleted = users.delete_own(&recent_caller(), &seen).await;

    assert_eq!(deleted, Ok(()));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.heard(), [Signal::SessionsEnded(CALLER)]);
    assert_eq!(ledger.origins(), [*by().origin()]);
    assert_eq!(ledger.deeds(), [Deed::on(Action::UsersDeleted, CALLER)]);
}

#[tokio::test]
async fn one_of_two_administrators_can_delete_their_own_account() {
    let mut mocks = holding_one_administrator_of(2);
    takes_delete(&mut mocks);
    let (users, ledger) = mocks.users_service();

    let deleted = users.delete_own(&recent_caller(), &Expected::Any).await;

    assert_eq!(deleted, Ok(()));
    assert_eq!(ledger.commits(), 1);
}

/// The mock of `delete` has no expectation.
#[tokio::test]
async fn the_last_administrator_cannot_delete_their_own_account() {
    let (users, ledger) = holding_one_administrator_of(1).users_service();

    let refused = users.delete_own(&recent_caller(), &Expected::Any).await;

    assert_eq!(refused, Err(UserError::LastAdministrator.into()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn an_account_that_has_changed_or_is_gone_or_signed_out_is_not_deleted() {
    let (mut gone, mut signed_out) = (Mocks::default(), Mocks::default());
    gone.holds_caller(None, false);
    signed_out.holds_caller(Some(own()), true);
    for (mocks, error) in [
        (holding_own(), Error::Store(StoreError::Stale)),
        (gone, SessionError::TokenInvalid.into()),
        (signed_out, SessionError::TokenInvalid.into()),
    ] {
        let (users, ledger) = mocks.users_service();
        let other = Expected::OneOf(vec![Version(99)]);

        let refused = users.delete_own(&recent_caller(), &other).await;

        assert_eq!(refused, Err(error));
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}
