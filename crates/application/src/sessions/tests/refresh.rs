use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::sessions::{RefreshToken, Session, SessionError, SessionId};
use domain::users::{Status, User};
use mockall::predicate::eq;
use secrecy::ExposeSecret;

use crate::fakes::{
    ADA, Ledger, Mocks, SALT, SESSIONS, administrator, now, nth_id, origin, token_hash,
    unavailable, user,
};
use crate::sessions::{AccessClaims, SignedIn};
use crate::{Error, StoreError};

/// Begun an hour ago.
fn session() -> Session {
    let began = now() - TimeDelta::hours(1);
    Session::begun(SessionId(nth_id(9)), ADA, began, SESSIONS.session_lifetime)
}

/// The token of that sign-in.
fn given() -> RefreshToken {
    let session = session();
    let (began, idle) = (session.created_at, SESSIONS.idle_lifetime);
    RefreshToken::issued(token_hash("given"), SALT, &session, began, idle)
}

fn given_before(ago: TimeDelta) -> RefreshToken {
    RefreshToken {
        used_at: Some(now() - ago),
        ..given()
    }
}

fn successor() -> RefreshToken {
    let hash = token_hash("given, then");
    RefreshToken::issued(hash, SALT, &session(), now(), SESSIONS.idle_lifetime)
}

fn finds(mocks: &mut Mocks, hash: &str, token: Option<RefreshToken>) {
    mocks
        .sessions
        .expect_find_token()
        .with(eq(token_hash(hash)))
        .once()
        .return_once(|_| Ok(token));
}

fn locks(session: Option<Session>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .sessions_mut
        .expect_lock_by_token()
        .with(eq(token_hash("given")))
        .once()
        .return_once(|_| Ok(session));
    mocks
}

/// A session that goes on, its token, and its user.
fn found(token: RefreshToken, user: User) -> Mocks {
    let mut mocks = locks(Some(session()));
    finds(&mut mocks, "given", Some(token));
    mocks
        .users
        .expect_find()
        .with(eq(ADA))
        .once()
        .return_once(|_| Ok(Some(user)));
    mocks
}

fn spends(mocks: &mut Mocks, is_first: bool) {
    mocks
        .sessions_mut
        .expect_spend_token()
        .with(eq(token_hash("given")), eq(now()))
        .once()
        .return_once(move |_, _| Ok(is_first));
}

fn takes_successor(mocks: &mut Mocks) {
    mocks
        .sessions_mut
        .expect_insert_token()
        .with(eq(successor()))
        .once()
        .returning(|_| Ok(()));
}

fn signs(mocks: &mut Mocks, user: &User) {
    let claims = AccessClaims {
        id: nth_id(1),
        user_id: ADA,
        session_id: session().id,
        token_version: user.token_version,
        roles: user.roles.iter().cloned().collect(),
        authenticated_at: session().authenticated_at,
        issued_at: now(),
        expires_at: now() + SESSIONS.access_lifetime,
    };
    mocks
        .signer
        .expect_sign()
        .with(eq(claims))
        .once()
        .return_once(|_| Ok("token".into()));
}

fn ends(mocks: &mut Mocks) {
    mocks
        .sessions_mut
        .expect_end()
        .with(eq(session().id), eq(now()))
        .once()
        .returning(|_, _| Ok(()));
    let letter = Letter::RefreshReused(ADA);
    let told = OutboxMessage::queued(OutboxMessageId(nth_id(1)), letter, now());
    mocks
        .outbox_mut
        .expect_insert()
        .with(eq(told))
        .once()
        .returning(|_| Ok(()));
}

/// Everything is as it should be.
fn rotates() -> Mocks {
    let user = administrator(Status::Active);
    let mut mocks = found(given(), user.clone());
    spends(&mut mocks, true);
    takes_successor(&mut mocks);
    signs(&mut mocks, &user);
    mocks
}

async fn refresh(mocks: Mocks) -> (Result<SignedIn, Error>, Ledger) {
    let (sessions, ledger) = mocks.sessions_service();
    (sessions.refresh(&origin(), &"given".into()).await, ledger)
}

/// The expectation of `sign` is that of the sign-in's `auth_time`.
#[tokio::test]
async fn a_fresh_token_is_spent_for_an_access_token_and_its_successor() {
    let (answer, ledger) = refresh(rotates()).await;

    let signed_in = answer.unwrap();
    assert_eq!(signed_in.access.token.expose_secret(), "token");
    assert_eq!(signed_in.access.expires_in, SESSIONS.access_lifetime);
    assert_eq!(signed_in.refresh_token.expose_secret(), "given, then");
    assert_eq!(ledger.commits(), 1);
    let told = Deed::on(Action::SessionsRefreshed, session().id).by(ADA);
    assert_eq!(ledger.deeds(), [told]);
    assert_eq!(ledger.origins(), [origin()]);
}

/// Whoever judges it looks at the session no more.
#[tokio::test]
async fn no_access_token_outlives_its_session() {
    let left = TimeDelta::seconds(90);
    let session = Session {
        expires_at: now() + left,
        ..session()
    };
    let mut mocks = locks(Some(session));
    finds(&mut mocks, "given", Some(given()));
    let found = user(Status::Active);
    mocks.users.expect_find().return_once(|_| Ok(Some(found)));
    spends(&mut mocks, true);
    mocks
        .sessions_mut
        .expect_insert_token()
        .returning(|_| Ok(()));
    mocks
        .signer
        .expect_sign()
        .withf(move |it| it.expires_at == now() + left)
        .once()
        .return_once(|_| Ok("token".into()));

    let (answer, _) = refresh(mocks).await;

    assert_eq!(answer.unwrap().access.expires_in, left);
}

/// Nothing is written: the mocks of the writers have no expectation.
#[tokio::test]
async fn a_token_that_comes_again_at_once_has_the_same_successor() {
    let user = user(Status::Active);
    let just_now = SESSIONS.reuse_window - TimeDelta::microseconds(1);
    let mut mocks = found(given_before(just_now), user.clone());
    finds(&mut mocks, "given, then", Some(successor()));
    signs(&mut mocks, &user);

    let (answer, ledger) = refresh(mocks).await;

    let signed_in = answer.unwrap();
    assert_eq!(signed_in.refresh_token.expose_secret(), "given, then");
    assert_eq!(ledger.commits(), 1);
}

#[tokio::test]
async fn a_token_that_comes_again_late_ends_the_session_and_its_owner_is_told() {
    let mut mocks = found(given_before(SESSIONS.reuse_window), user(Status::Active));
    ends(&mut mocks);

    let (answer, ledger) = refresh(mocks).await;

    let refused = Error::Session(SessionError::RefreshRefused);
    assert_eq!(answer.unwrap_err(), refused);
    assert_eq!(ledger.commits(), 1);
    assert_eq!(
        ledger.deeds(),
        [Deed::on(Action::SessionsRefreshReused, session().id)]
    );
}

#[tokio::test]
async fn a_token_that_comes_again_after_its_successor_ends_the_session() {
    let used = RefreshToken {
        used_at: Some(now()),
        ..successor()
    };
    for next in [Some(used), None] {
        let mut mocks = found(given_before(TimeDelta::zero()), user(Status::Active));
        finds(&mut mocks, "given, then", next);
        ends(&mut mocks);

        let (answer, ledger) = refresh(mocks).await;

        let refused = Error::Session(SessionError::RefreshRefused);
        assert_eq!(answer.unwrap_err(), refused);
        assert_eq!(ledger.commits(), 1);
    }
}

/// The lock keeps others away; if it did not, the update would still let one through.
#[tokio::test]
async fn a_token_that_somebody_else_has_spent_meanwhile_has_no_second_successor() {
    let mut mocks = found(given(), user(Status::Active));
    spends(&mut mocks, false);
    ends(&mut mocks);

    let (answer, ledger) = refresh(mocks).await;

    let refused = Error::Session(SessionError::RefreshRefused);
    assert_eq!(answer.unwrap_err(), refused);
    assert_eq!(ledger.commits(), 1);
}

#[tokio::test]
async fn a_token_of_no_session_or_of_one_that_is_over_is_refused() {
    let ended = Session {
        ended_at: Some(now()),
        ..session()
    };
    let expired = Session {
        expires_at: now(),
        ..session()
    };
    for session in [None, Some(ended), Some(expired)] {
        let (answer, ledger) = refresh(locks(session)).await;

        let refused = Error::Session(SessionError::RefreshRefused);
        assert_eq!(answer.unwrap_err(), refused);
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

#[tokio::test]
async fn an_expired_token_is_refused_and_ends_nothing() {
    let expired = RefreshToken {
        expires_at: now(),
        ..given()
    };

    let (answer, ledger) = refresh(found(expired, user(Status::Active))).await;

    let refused = Error::Session(SessionError::RefreshRefused);
    assert_eq!(answer.unwrap_err(), refused);
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.deeds(), []);
}

#[tokio::test]
async fn who_is_not_active_gets_no_token() {
    for status in [Status::Pending, Status::Deactivated] {
        let (answer, ledger) = refresh(found(given(), user(status))).await;

        let refused = Error::Session(SessionError::RefreshRefused);
        assert_eq!(answer.unwrap_err(), refused);
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

#[tokio::test]
async fn a_successor_that_is_not_kept_is_not_given() {
    let mut mocks = found(given(), user(Status::Active));
    spends(&mut mocks, true);
    let failed = StoreError::Failed("disk full".to_owned());
    let error = failed.clone();
    mocks
        .sessions_mut
        .expect_insert_token()
        .return_once(|_| Err(error));

    let (answer, ledger) = refresh(mocks).await;

    assert_eq!(answer.unwrap_err(), Error::Store(failed));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_key_that_cannot_sign_spends_nothing() {
    let mut mocks = found(given(), user(Status::Active));
    spends(&mut mocks, true);
    takes_successor(&mut mocks);
    mocks
        .signer
        .expect_sign()
        .return_once(|_| Err(Error::Broken("no key".to_owned())));

    let (answer, ledger) = refresh(mocks).await;

    assert_eq!(answer.unwrap_err(), Error::Broken("no key".to_owned()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_failed_commit_gives_no_successor() {
    let mocks = Mocks {
        commit_fails: Some(unavailable()),
        ..rotates()
    };

    let (answer, ledger) = refresh(mocks).await;

    assert_eq!(answer.unwrap_err(), Error::Store(unavailable()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}
