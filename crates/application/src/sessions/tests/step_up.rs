use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::roles::Rights;
use domain::sessions::{Session, SessionError};
use domain::users::{Status, User};
use mockall::predicate::eq;
use secrecy::ExposeSecret;

use crate::credentials::{Account, Credential, Verdict};
use crate::fakes::{
    CALLER, Ledger, Mocks, SESSIONS, caller, email, hash, now, nth_id, origin, unavailable, user,
};
use crate::sessions::{AccessClaims, AccessToken};
use crate::{Actor, Error, SessionActor};

const RIGHT: Verdict = Verdict::Right { outdated: false };

/// Somebody whose password is long ago.
fn by() -> SessionActor {
    let (session, long_ago) = (caller(Rights::NONE).session_id(), TimeDelta::days(3));
    let actor = Actor::by_session(CALLER, session, Rights::NONE, long_ago, &origin());
    actor.session().unwrap()
}

fn own(status: Status) -> User {
    User {
        id: CALLER,
        ..user(status)
    }
}

fn credential() -> Credential {
    Credential {
        user_id: CALLER,
        hash: hash("kept"),
    }
}

/// It began an hour ago.
fn session() -> Session {
    let began = now() - TimeDelta::hours(1);
    Session::begun(by().session_id(), CALLER, began, SESSIONS.session_lifetime)
}

/// What is kept for the account before the transaction.
fn found(credential: Option<Credential>) -> Mocks {
    let account = Account {
        user_id: CALLER,
        email: email("ada@example.org"),
        credential,
        last_success: Some(now() - TimeDelta::days(1)),
    };
    let mut mocks = Mocks::default();
    mocks
        .credentials
        .expect_find_account()
        .with(eq(CALLER), eq(origin().network()))
        .once()
        .return_once(|_, _| Ok(Some(account)));
    mocks.let_guess();
    mocks
}

/// And in it.
fn kept(mocks: &mut Mocks, credential: Option<Credential>) {
    mocks
        .credentials
        .expect_find()
        .with(eq(CALLER))
        .once()
        .return_once(|_| Ok(credential));
}

fn judged(verdict: Verdict) -> Mocks {
    let mut mocks = found(Some(credential()));
    mocks
        .hasher
        .expect_verify()
        .withf(|password, hash| {
            password.expose_secret() == "given" && *hash == Some(&credential().hash)
        })
        .once()
        .return_once(move |_, _| Ok(verdict));
    mocks
}

fn locks_user(mocks: &mut Mocks, user: Option<User>) {
    mocks
        .users_mut
        .expect_lock()
        .with(eq(CALLER))
        .once()
        .return_once(|_| Ok(user));
}

/// The password is right and still holds; the session is found so.
fn proved(session: Option<Session>) -> Mocks {
    let mut mocks = judged(RIGHT);
    locks_user(&mut mocks, Some(own(Status::Active)));
    kept(&mut mocks, Some(credential()));
    mocks
        .sessions_mut
        .expect_lock()
        .with(eq(by().session_id()))
        .once()
        .return_once(|_| Ok(session));
    mocks
}

/// Everything is as it should be; that the password was right from there is written down.
fn steps_up() -> Mocks {
    let mut mocks = proved(Some(session()));
    mocks
        .credentials_mut
        .expect_put_network()
        .withf(|user, network, at, _| {
            *user == CALLER && Some(*network) == origin().network() && *at == now()
        })
        .once()
        .returning(|_, _, _, _| Ok(()));
    mocks
        .sessions_mut
        .expect_update()
        .with(eq(Session {
            authenticated_at: now(),
            ..session()
        }))
        .once()
        .returning(|_| Ok(()));
    let user = own(Status::Active);
    let claims = AccessClaims {
        id: nth_id(1),
        user_id: CALLER,
        session_id: by().session_id(),
        token_version: user.token_version,
        roles: user.roles.into_iter().collect(),
        authenticated_at: now(),
        issued_at: now(),
        expires_at: now() + SESSIONS.access_lifetime,
    };
    mocks
        .signer
        .expect_sign()
        .with(eq(claims))
        .once()
        .return_once(|_| Ok("token".into()));
    mocks
}

async fn step_up(mocks: Mocks) -> (Result<AccessToken, Error>, Ledger) {
    let (sessions, ledger) = mocks.sessions_service();
    (sessions.step_up(&by(), &"given".into()).await, ledger)
}

#[tokio::test]
async fn who_gives_the_password_again_has_just_given_it() {
    let (stepped_up, ledger) = step_up(steps_up()).await;

    let access = stepped_up.unwrap();
    assert_eq!(access.token.expose_secret(), "token");
    assert_eq!(access.expires_in, SESSIONS.access_lifetime);
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.origins(), [*by().origin()]);
    let told = Deed::on(Action::SessionsSteppedUp, by().session_id());
    assert_eq!(ledger.deeds(), [told]);
}

#[tokio::test]
async fn a_wrong_password_proves_nothing() {
    let (refused, ledger) = step_up(judged(Verdict::Wrong)).await;

    assert_eq!(refused.unwrap_err(), SessionError::SignInRefused.into());
    assert_eq!(ledger.deeds(), [Deed::on(Action::SignInRefused, CALLER)]);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn who_has_no_password_costs_the_same_work() {
    let mut mocks = found(None);
    mocks
        .hasher
        .expect_verify()
        .withf(|_, hash| hash.is_none())
        .once()
        .return_once(|_, _| Ok(Verdict::Wrong));

    let (refused, _) = step_up(mocks).await;

    assert_eq!(refused.unwrap_err(), SessionError::SignInRefused.into());
}

#[tokio::test]
async fn an_account_that_is_gone_has_no_token_that_is_valid() {
    let mut gone = Mocks::default();
    gone.credentials
        .expect_find_account()
        .return_once(|_, _| Ok(None));

    let (refused, ledger) = step_up(gone).await;

    assert_eq!(refused.unwrap_err(), SessionError::TokenInvalid.into());
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn who_was_shut_out_while_the_hash_was_made_is_refused() {
    for meanwhile in [None, Some(own(Status::Deactivated))] {
        let mut mocks = judged(RIGHT);
        locks_user(&mut mocks, meanwhile);

        let (refused, ledger) = step_up(mocks).await;

        assert_eq!(refused.unwrap_err(), SessionError::SignInRefused.into());
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

#[tokio::test]
async fn a_password_that_was_changed_while_the_hash_was_made_is_a_wrong_one() {
    let another = Credential {
        hash: hash("another"),
        ..credential()
    };
    for meanwhile in [None, Some(another)] {
        let mut mocks = judged(RIGHT);
        locks_user(&mut mocks, Some(own(Status::Active)));
        kept(&mut mocks, meanwhile);

        let (refused, ledger) = step_up(mocks).await;

        assert_eq!(refused.unwrap_err(), SessionError::SignInRefused.into());
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

#[tokio::test]
async fn a_session_that_is_over_is_not_stepped_up() {
    let ended = Session {
        ended_at: Some(now()),
        ..session()
    };
    let expired = Session {
        expires_at: now(),
        ..session()
    };
    for over in [None, Some(ended), Some(expired)] {
        let (refused, ledger) = step_up(proved(over)).await;

        assert_eq!(refused.unwrap_err(), SessionError::TokenInvalid.into());
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

#[tokio::test]
async fn a_hasher_with_too_much_to_do_and_a_commit_that_fails_are_told() {
    let mut busy = found(Some(credential()));
    busy.hasher
        .expect_verify()
        .return_once(|_, _| Err(Error::Overloaded));
    let fails = Mocks {
        commit_fails: Some(unavailable()),
        ..steps_up()
    };
    for (mocks, error) in [
        (busy, Error::Overloaded),
        (fails, Error::Store(unavailable())),
    ] {
        let (failed, ledger) = step_up(mocks).await;

        assert_eq!(failed.unwrap_err(), error);
        assert_eq!(ledger.commits(), 0);
    }
}
