use domain::audit::{Action, Deed};
use domain::sessions::{RefreshToken, Session, SessionError, SessionId};
use domain::users::{Status, User};
use mockall::predicate::eq;
use secrecy::{ExposeSecret, SecretString};

use crate::credentials::{Account, Credential, Verdict};
use crate::fakes::{
    ADA, Ledger, Mocks, SALT, SESSIONS, administrator, email, hash, now, nth_id, origin,
    token_hash, unavailable, user,
};
use crate::sessions::{AccessClaims, SignedIn};
use crate::{Error, StoreError};

const PASSWORD: &str = "dressed stone, laid dry";

const REFUSED: Error = Error::Session(SessionError::SignInRefused);

const RIGHT: Verdict = Verdict::Right { outdated: false };
const OUTDATED: Verdict = Verdict::Right { outdated: true };

fn credential() -> Credential {
    Credential {
        user_id: ADA,
        hash: hash("kept"),
    }
}

/// Known from [`origin`] since today.
fn account() -> Account {
    Account {
        user_id: ADA,
        email: email("ada@example.org"),
        credential: Some(credential()),
        last_success: Some(now()),
    }
}

fn finds(account: Result<Option<Account>, StoreError>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .credentials
        .expect_find_account_by_email()
        .with(eq(email("ada@example.org")), eq(origin().network()))
        .once()
        .return_once(|_, _| account);
    mocks
}

fn lets_guess(account: Option<Account>) -> Mocks {
    let mut mocks = finds(Ok(account));
    mocks.let_guess();
    mocks
}

/// The session takes the first id.
fn session() -> Session {
    Session::begun(SessionId(nth_id(1)), ADA, now(), SESSIONS.session_lifetime)
}

fn token() -> RefreshToken {
    let idle = SESSIONS.idle_lifetime;
    RefreshToken::issued(token_hash("first"), SALT, &session(), now(), idle)
}

fn claims(user: &User) -> AccessClaims {
    AccessClaims {
        id: nth_id(2),
        user_id: ADA,
        session_id: session().id,
        token_version: user.token_version,
        roles: user.roles.iter().cloned().collect(),
        authenticated_at: now(),
        issued_at: now(),
        expires_at: now() + SESSIONS.access_lifetime,
    }
}

/// The address is known, and the hasher judges the password so.
fn judged(verdict: Verdict) -> Mocks {
    let mut mocks = lets_guess(Some(account()));
    mocks
        .hasher
        .expect_verify()
        .withf(|password, hash| is_password(password) && *hash == Some(&credential().hash))
        .once()
        .return_once(move |_, _| Ok(verdict));
    mocks
}

/// What the transaction finds: perhaps something else than what was there before it.
fn meanwhile(mocks: &mut Mocks, user: Option<User>, credential: Option<Credential>) {
    mocks
        .users_mut
        .expect_lock()
        .with(eq(ADA))
        .return_once(|_| Ok(user));
    mocks
        .credentials
        .expect_find()
        .with(eq(ADA))
        .return_once(|_| Ok(credential));
}

fn takes_session(mocks: &mut Mocks) {
    mocks
        .sessions_mut
        .expect_insert()
        .with(eq(session()))
        .once()
        .returning(|_| Ok(()));
    mocks
        .sessions_mut
        .expect_insert_token()
        .with(eq(token()))
        .once()
        .returning(|_| Ok(()));
}

fn signs(mocks: &mut Mocks, user: &User) {
    mocks
        .signer
        .expect_sign()
        .with(eq(claims(user)))
        .once()
        .return_once(|_| Ok("token".into()));
}

/// Everything is as it should be.
fn welcome(verdict: Verdict, user: &User) -> Mocks {
    let mut mocks = judged(verdict);
    meanwhile(&mut mocks, Some(user.clone()), Some(credential()));
    takes_session(&mut mocks);
    signs(&mut mocks, user);
    mocks
}

fn is_password(text: &SecretString) -> bool {
    text.expose_secret() == PASSWORD
}

async fn sign_in(mocks: Mocks) -> (Result<SignedIn, Error>, Ledger) {
    let (sessions, ledger) = mocks.sessions_service();
    let address = email("ada@example.org");
    let answer = sessions
        .sign_in(&origin(), &address, &PASSWORD.into())
        .await;
    (answer, ledger)
}

#[tokio::test]
async fn the_right_password_begins_a_session() {
    let mocks = welcome(RIGHT, &administrator(Status::Active));

    let (answer, ledger) = sign_in(mocks).await;

    let signed_in = answer.unwrap();
    assert_eq!(signed_in.access.token.expose_secret(), "token");
    assert_eq!(signed_in.access.expires_in, SESSIONS.access_lifetime);
    assert_eq!(signed_in.refresh_token.expose_secret(), "first");
    assert_eq!(signed_in.refresh_expires_in, SESSIONS.idle_lifetime);
    assert_eq!(ledger.commits(), 1);
    let told = Deed::on(Action::SignInSucceeded, session().id).by(ADA);
    assert_eq!(ledger.deeds(), [told]);
    assert_eq!(ledger.origins(), [origin()]);
}

#[tokio::test]
async fn a_hash_of_other_parameters_is_replaced() {
    let mut mocks = welcome(OUTDATED, &user(Status::Active));
    mocks
        .hasher
        .expect_hash()
        .withf(is_password)
        .once()
        .return_once(|_| Ok(hash("made again")));
    mocks
        .credentials_mut
        .expect_put()
        .with(eq(ADA), eq(hash("made again")), eq(now()))
        .once()
        .returning(|_, _, _| Ok(()));

    let (answer, ledger) = sign_in(mocks).await;

    assert!(answer.is_ok());
    assert_eq!(ledger.commits(), 1);
}

/// Otherwise the time that the answer takes would tell which addresses have an account.
#[tokio::test]
async fn an_unknown_address_costs_the_work_of_a_known_one() {
    let mut mocks = lets_guess(None);
    mocks
        .hasher
        .expect_verify()
        .withf(|password, hash| is_password(password) && hash.is_none())
        .once()
        .return_once(|_, _| Ok(Verdict::Wrong));

    let (answer, ledger) = sign_in(mocks).await;

    assert_eq!(answer.unwrap_err(), REFUSED);
    assert_eq!(ledger.begins(), 0);
}

/// A hasher that took the decoy's password for right would open no account.
#[tokio::test]
async fn an_unknown_address_has_no_right_password() {
    let mut mocks = lets_guess(None);
    mocks
        .hasher
        .expect_verify()
        .return_once(|_, _| Ok(OUTDATED));

    let (answer, ledger) = sign_in(mocks).await;

    assert_eq!(answer.unwrap_err(), REFUSED);
    assert_eq!(ledger.begins(), 0);
    assert_eq!(ledger.deeds(), [Deed::of(Action::SignInRefused)]);
}

#[tokio::test]
async fn a_wrong_password_is_refused_without_a_transaction() {
    let mocks = judged(Verdict::Wrong);

    let (answer, ledger) = sign_in(mocks).await;

    assert_eq!(answer.unwrap_err(), REFUSED);
    assert_eq!(ledger.begins(), 0);
    assert_eq!(ledger.deeds(), [Deed::on(Action::SignInRefused, ADA)]);
}

#[tokio::test]
async fn who_is_not_active_is_refused_like_a_wrong_password() {
    for status in [Status::Pending, Status::Deactivated] {
        let mut mocks = judged(RIGHT);
        meanwhile(&mut mocks, Some(user(status)), Some(credential()));

        let (answer, ledger) = sign_in(mocks).await;

        assert_eq!(answer.unwrap_err(), REFUSED);
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
        assert_eq!(ledger.deeds(), [Deed::on(Action::SignInRefused, ADA)]);
    }
}

#[tokio::test]
async fn who_was_deleted_meanwhile_is_refused() {
    let mut mocks = judged(RIGHT);
    meanwhile(&mut mocks, None, None);

    let (answer, ledger) = sign_in(mocks).await;

    assert_eq!(answer.unwrap_err(), REFUSED);
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_password_changed_meanwhile_is_right_no_longer() {
    let changed = Credential {
        hash: hash("another"),
        ..credential()
    };
    for now_kept in [Some(changed), None] {
        let mut mocks = judged(RIGHT);
        meanwhile(&mut mocks, Some(user(Status::Active)), now_kept);

        let (answer, ledger) = sign_in(mocks).await;

        assert_eq!(answer.unwrap_err(), REFUSED);
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

/// The mock of `put` has no expectation: a new password is not overwritten with the old one.
#[tokio::test]
async fn a_password_changed_meanwhile_is_not_put_back_by_a_rehash() {
    let changed = Credential {
        hash: hash("another"),
        ..credential()
    };
    let mut mocks = judged(OUTDATED);
    mocks
        .hasher
        .expect_hash()
        .return_once(|_| Ok(hash("made again")));
    meanwhile(&mut mocks, Some(user(Status::Active)), Some(changed));

    let (answer, ledger) = sign_in(mocks).await;

    assert_eq!(answer.unwrap_err(), REFUSED);
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_hasher_with_too_much_to_do_says_so() {
    let mut mocks = lets_guess(Some(account()));
    mocks
        .hasher
        .expect_verify()
        .return_once(|_, _| Err(Error::Overloaded));

    let (answer, ledger) = sign_in(mocks).await;

    assert_eq!(answer.unwrap_err(), Error::Overloaded);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_store_that_is_away_refuses_nobody() {
    let mocks = finds(Err(unavailable()));

    let (answer, ledger) = sign_in(mocks).await;

    assert_eq!(answer.unwrap_err(), Error::Store(unavailable()));
    assert_eq!(ledger.begins(), 0);
    assert_eq!(ledger.deeds(), []);
}

#[tokio::test]
async fn no_connection_for_the_session_is_the_stores_fault() {
    let mocks = Mocks {
        begin_fails: Some(unavailable()),
        ..judged(RIGHT)
    };

    let (answer, ledger) = sign_in(mocks).await;

    assert_eq!(answer.unwrap_err(), Error::Store(unavailable()));
    assert_eq!(ledger.commits(), 0);
}

#[tokio::test]
async fn a_session_that_is_not_kept_gives_no_token() {
    let mut mocks = judged(RIGHT);
    meanwhile(&mut mocks, Some(user(Status::Active)), Some(credential()));
    mocks
        .sessions_mut
        .expect_insert()
        .return_once(|_| Err(StoreError::Failed("disk full".to_owned())));

    let (answer, ledger) = sign_in(mocks).await;

    let failed = StoreError::Failed("disk full".to_owned());
    assert_eq!(answer.unwrap_err(), Error::Store(failed));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_key_that_cannot_sign_begins_no_session() {
    let mut mocks = judged(RIGHT);
    meanwhile(&mut mocks, Some(user(Status::Active)), Some(credential()));
    takes_session(&mut mocks);
    mocks
        .signer
        .expect_sign()
        .return_once(|_| Err(Error::Broken("no key".to_owned())));

    let (answer, ledger) = sign_in(mocks).await;

    assert_eq!(answer.unwrap_err(), Error::Broken("no key".to_owned()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_failed_commit_gives_no_token() {
    let mocks = Mocks {
        commit_fails: Some(unavailable()),
        ..welcome(RIGHT, &user(Status::Active))
    };

    let (answer, ledger) = sign_in(mocks).await;

    assert_eq!(answer.unwrap_err(), Error::Store(unavailable()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}
