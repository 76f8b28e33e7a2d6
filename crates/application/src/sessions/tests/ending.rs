use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::roles::{Rights, RoleName};
use domain::sessions::{LiveSession, Session, SessionId, TokenVersion};
use mockall::predicate::eq;

use crate::fakes::{
    ADA, CALLER, Mocks, SESSIONS, caller, now, nth_id, origin, token_hash, unavailable,
};
use crate::sessions::{AccessClaims, Unverified};
use crate::{Error, Page, PageRequest, SessionActor};

fn by() -> SessionActor {
    caller(Rights::NONE)
}

/// Another one of the caller's.
fn session() -> Session {
    let id = SessionId(nth_id(9));
    Session::begun(id, CALLER, now(), SESSIONS.session_lifetime)
}

fn claims() -> AccessClaims {
    AccessClaims {
        id: nth_id(8),
        user_id: ADA,
        session_id: session().id,
        token_version: TokenVersion::FIRST,
        roles: vec![RoleName::member()],
        authenticated_at: now(),
        issued_at: now(),
        expires_at: now() + TimeDelta::minutes(5),
    }
}

fn ends(mocks: &mut Mocks, id: SessionId) {
    mocks
        .sessions_mut
        .expect_end()
        .with(eq(id), eq(now()))
        .once()
        .returning(|_, _| Ok(()));
}

fn locks(session: Option<Session>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .sessions_mut
        .expect_lock()
        .with(eq(SessionId(nth_id(9))))
        .once()
        .return_once(|_| Ok(session));
    mocks
}

/// The token is one of that session, or an access token with these claims.
fn given(session: Option<Session>, claims: Result<AccessClaims, Unverified>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .sessions_mut
        .expect_lock_by_token()
        .with(eq(token_hash("given")))
        .once()
        .return_once(|_| Ok(session));
    mocks
        .signer
        .expect_verify()
        .with(eq("given"), eq(now()))
        .once()
        .return_once(|_, _| claims);
    mocks
}

#[tokio::test]
async fn the_sessions_that_are_listed_are_the_callers_own() {
    let page = PageRequest {
        limit: 7,
        after: None,
    };
    let live = LiveSession {
        session: session(),
        refreshed_at: now(),
    };
    let found = Page {
        items: vec![live],
        next: None,
    };
    let (mut mocks, answer) = (Mocks::default(), found.clone());
    mocks
        .sessions
        .expect_list()
        .with(eq(CALLER), eq(now()), eq(page.clone()))
        .once()
        .return_once(|_, _, _| Ok(answer));
    let (sessions, ledger) = mocks.sessions_service();

    assert_eq!(sessions.list_own(&by(), &page).await, Ok(found));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn who_signs_out_ends_the_session_that_they_came_with() {
    let mut mocks = Mocks::default();
    ends(&mut mocks, by().session_id());
    let (sessions, ledger) = mocks.sessions_service();

    assert_eq!(sessions.sign_out(&by()).await, Ok(()));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(
        ledger.deeds(),
        [Deed::on(Action::SessionsEnded, by().session_id())]
    );
    assert_eq!(ledger.origins(), [*by().origin()]);
}

#[tokio::test]
async fn a_sign_out_that_is_not_kept_is_told() {
    let mut mocks = Mocks {
        commit_fails: Some(unavailable()),
        ..Mocks::default()
    };
    ends(&mut mocks, by().session_id());
    let (sessions, ledger) = mocks.sessions_service();

    let failed = sessions.sign_out(&by()).await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
    assert_eq!(ledger.commits(), 0);
}

#[tokio::test]
async fn one_can_end_a_session_of_ones_own() {
    let mut mocks = locks(Some(session()));
    ends(&mut mocks, session().id);
    let (sessions, ledger) = mocks.sessions_service();

    assert_eq!(sessions.end_own(&by(), session().id).await, Ok(()));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(
        ledger.deeds(),
        [Deed::on(Action::SessionsEnded, session().id)]
    );
}

#[tokio::test]
async fn what_is_no_session_of_ones_own_is_not_found() {
    let of_another = Session {
        user_id: ADA,
        ..session()
    };
    let ended = Session {
        ended_at: Some(now()),
        ..session()
    };
    let expired = Session {
        expires_at: now(),
        ..session()
    };
    for found in [None, Some(of_another), Some(ended), Some(expired)] {
        let (sessions, ledger) = locks(found).sessions_service();

        let refused = sessions.end_own(&by(), session().id).await;

        assert_eq!(refused, Err(Error::NotFound));
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

#[tokio::test]
async fn one_can_end_all_sessions_but_the_present_one() {
    let mut mocks = Mocks::default();
    mocks
        .sessions_mut
        .expect_end_others()
        .with(eq(CALLER), eq(by().session_id()), eq(now()))
        .once()
        .returning(|_, _, _| Ok(()));
    let (sessions, ledger) = mocks.sessions_service();

    assert_eq!(sessions.end_others(&by()).await, Ok(()));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(
        ledger.deeds(),
        [Deed::on(Action::SessionsOthersEnded, CALLER)]
    );
}

#[tokio::test]
async fn a_token_of_either_kind_is_revoked_with_its_session() {
    let invalid = Unverified::Invalid;
    for (session_of_it, claims) in [(Some(session()), Err(invalid)), (None, Ok(claims()))] {
        let mut mocks = given(session_of_it, claims);
        ends(&mut mocks, session().id);
        let (sessions, ledger) = mocks.sessions_service();

        let revoked = sessions.revoke(&origin(), &"given".into()).await;

        assert_eq!(revoked, Ok(()));
        assert_eq!(ledger.commits(), 1);
        let deeds = ledger.deeds();
        assert_eq!(deeds[0].target, Some(session().id.into()));
        assert_eq!(deeds.len(), 1);
        assert_eq!(ledger.origins(), [origin()]);
    }
}

/// The mock of `end` has no expectation.
#[tokio::test]
async fn what_is_no_token_revokes_nothing_and_is_no_failure() {
    let mocks = given(None, Err(Unverified::Invalid));
    let (sessions, _) = mocks.sessions_service();

    let revoked = sessions.revoke(&origin(), &"given".into()).await;

    assert_eq!(revoked, Ok(()));
}
