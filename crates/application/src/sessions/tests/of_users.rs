use domain::audit::{Action, Deed};
use domain::roles::{Permission, Rights, UsersSessions};
use domain::sessions::{LiveSession, Session, SessionId};
use domain::users::{Status, User, UserError};
use mockall::predicate::eq;

use crate::fakes::{
    ADA, Ledger, Mocks, SESSIONS, administrator, caller, now, nth_id, permit, unavailable, user,
};
use crate::{Error, Page, PageRequest, Permit, Signal};

fn page() -> PageRequest {
    PageRequest {
        limit: 7,
        after: None,
    }
}

fn finds(user: Option<User>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .users
        .expect_find()
        .with(eq(ADA))
        .once()
        .return_once(|_| Ok(user));
    mocks
}

/// The account is held; its roles grant `rights`.
fn holding(account: Option<User>, rights: Rights) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .users_mut
        .expect_lock()
        .with(eq(ADA))
        .once()
        .return_once(|_| Ok(account));
    mocks
        .roles
        .expect_rights_of()
        .with(eq(ADA))
        .return_once(move |_| Ok(rights));
    mocks
}

fn ending(rights: Rights) -> Mocks {
    let mut mocks = holding(Some(user(Status::Active)), rights);
    mocks
        .sessions_mut
        .expect_end_all()
        .with(eq(ADA), eq(now()))
        .once()
        .returning(|_, _| Ok(()));
    mocks
}

async fn end_all(mocks: Mocks, by: &Permit<UsersSessions>) -> (Result<(), Error>, Ledger) {
    let (sessions, ledger) = mocks.sessions_service();
    (sessions.end_all(by, ADA).await, ledger)
}

#[tokio::test]
async fn the_sessions_of_a_user_are_listed_without_a_transaction() {
    let id = SessionId(nth_id(9));
    let live = LiveSession {
        session: Session::begun(id, ADA, now(), SESSIONS.session_lifetime),
        refreshed_at: now(),
    };
    let found = Page {
        items: vec![live],
        next: None,
    };
    let (mut mocks, answer) = (finds(Some(user(Status::Active))), found.clone());
    mocks
        .sessions
        .expect_list()
        .with(eq(ADA), eq(now()), eq(page()))
        .once()
        .return_once(|_, _, _| Ok(answer));
    let (sessions, ledger) = mocks.sessions_service();

    assert_eq!(sessions.list(&permit(), ADA, &page()).await, Ok(found));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn nobody_has_no_sessions_to_list_or_to_end() {
    let (sessions, _) = finds(None).sessions_service();
    let listed = sessions.list(&permit(), ADA, &page()).await;
    let (ended, ledger) = end_all(holding(None, Rights::NONE), &permit()).await;

    assert_eq!(listed, Err(Error::NotFound));
    assert_eq!(ended, Err(Error::NotFound));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn every_session_of_a_user_is_ended_and_that_is_told() {
    let (ended, ledger) = end_all(ending(Rights::NONE), &permit()).await;

    assert_eq!(ended, Ok(()));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.heard(), [Signal::SessionsEnded(ADA)]);
    assert_eq!(ledger.deeds(), [Deed::on(Action::SessionsAllEnded, ADA)]);
}

#[tokio::test]
async fn who_may_do_less_than_the_user_ends_nothing() {
    let rights = Rights::from_iter([Permission::UsersSessions]);
    let by = caller(rights).permit().unwrap();
    let account = administrator(Status::Active);

    let (refused, ledger) = end_all(holding(Some(account), Rights::all()), &by).await;

    assert_eq!(refused, Err(UserError::BeyondOwnRights.into()));
    assert_eq!(ledger.deeds(), [Deed::on(Action::RightsExceeded, ADA)]);
    assert_eq!(ledger.heard(), []);
}

#[tokio::test]
async fn an_end_that_is_not_kept_is_told() {
    let mocks = Mocks {
        commit_fails: Some(unavailable()),
        ..ending(Rights::NONE)
    };

    let (failed, ledger) = end_all(mocks, &permit()).await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
    assert_eq!((ledger.commits(), ledger.heard()), (0, vec![]));
}
