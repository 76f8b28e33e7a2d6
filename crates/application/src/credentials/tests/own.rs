use domain::Version;
use domain::audit::{Action, Deed};
use domain::credentials::CredentialError;
use domain::sessions::{SessionError, TokenVersion};
use domain::users::{Status, User};
use mockall::predicate::eq;
use secrecy::ExposeSecret;

use super::tells;
use crate::credentials::{Account, Credential, Verdict};
use crate::fakes::{CALLER, Ledger, Mocks, hash, now, origin, recent_caller, unavailable, user};
use crate::{Error, Signal};

const PRESENT: &str = "dressed stone, laid dry";
const NEW: &str = "mortar, lime and sand";

const RIGHT: Verdict = Verdict::Right { outdated: false };

fn own() -> User {
    User {
        id: CALLER,
        ..user(Status::Active)
    }
}

fn credential() -> Credential {
    Credential {
        user_id: CALLER,
        hash: hash("kept"),
    }
}

/// What is kept for the account before the transaction.
fn found(credential: Option<Credential>) -> Mocks {
    let account = Account {
        user_id: CALLER,
        email: own().email,
        credential,
        last_success: Some(now()),
    };
    let mut mocks = Mocks::default();
    mocks
        .credentials
        .expect_find_account()
        .with(eq(CALLER), eq(origin().network()))
        .once()
        .return_once(|_, _| Ok(Some(account)));
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

/// The present password is judged so.
fn judged(verdict: Verdict) -> Mocks {
    let mut mocks = found(Some(credential()));
    mocks.let_guess();
    mocks
        .hasher
        .expect_verify()
        .withf(|password, hash| {
            password.expose_secret() == PRESENT && *hash == Some(&credential().hash)
        })
        .once()
        .return_once(move |_, _| Ok(verdict));
    mocks
}

/// And the new one is hashed; the transaction finds that account.
fn hashed(account: Option<User>, ended: bool) -> Mocks {
    let mut mocks = judged(RIGHT);
    mocks
        .hasher
        .expect_hash()
        .withf(|password| password.expose_secret() == NEW)
        .once()
        .return_once(|_| Ok(hash("made")));
    mocks.holds_caller(account, ended);
    mocks
}

/// Everything is as it should be.
fn changes() -> Mocks {
    let mut mocks = hashed(Some(own()), false);
    kept(&mut mocks, Some(credential()));
    let changed = User {
        version: Version(4),
        token_version: TokenVersion(3),
        updated_at: now(),
        ..own()
    };
    mocks
        .users_mut
        .expect_update()
        .with(eq(changed))
        .once()
        .returning(|_| Ok(()));
    mocks
        .credentials_mut
        .expect_put()
        .with(eq(CALLER), eq(hash("made")), eq(now()))
        .once()
        .returning(|_, _, _| Ok(()));
    tells(&mut mocks, CALLER);
    mocks
        .sessions_mut
        .expect_end_others()
        .with(eq(CALLER), eq(recent_caller().session_id()), eq(now()))
        .once()
        .returning(|_, _, _| Ok(()));
    mocks
}

async fn change(mocks: Mocks, new: &str) -> (Result<(), Error>, Ledger) {
    let (credentials, ledger) = mocks.credentials_service();
    let changed = credentials
        .change_own(&recent_caller(), &PRESENT.into(), &new.into())
        .await;
    (changed, ledger)
}

#[tokio::test]
async fn another_password_voids_the_tokens_and_ends_the_other_sessions() {
    let (changed, ledger) = change(changes(), NEW).await;

    assert_eq!(changed, Ok(()));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.heard(), [Signal::SessionsEnded(CALLER)]);
    assert_eq!(ledger.origins(), [*recent_caller().origin()]);
    assert_eq!(ledger.deeds(), [Deed::on(Action::UsersPasswordSet, CALLER)]);
}

/// It is not hashed: the mock has no expectation.
#[tokio::test]
async fn who_does_not_know_the_present_password_changes_nothing() {
    let (refused, ledger) = change(judged(Verdict::Wrong), NEW).await;

    assert_eq!(refused, Err(CredentialError::PasswordWrong.into()));
    assert_eq!(ledger.deeds(), [Deed::on(Action::SignInRefused, CALLER)]);
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn who_has_no_password_costs_the_same_work() {
    let mut mocks = found(None);
    mocks.let_guess();
    mocks
        .hasher
        .expect_verify()
        .withf(|_, hash| hash.is_none())
        .once()
        .return_once(|_, _| Ok(Verdict::Wrong));

    let (refused, _) = change(mocks, NEW).await;

    assert_eq!(refused, Err(CredentialError::PasswordWrong.into()));
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_costs_neither_a_try_nor_a_hash() {
    for (new, why) in [
        ("too short", CredentialError::PasswordTooShort(15)),
        ("passwordpassword", CredentialError::PasswordCommon),
        ("ada@example.org", CredentialError::PasswordLikeAddress),
    ] {
        let (refused, ledger) = change(found(Some(credential())), new).await;

        assert_eq!(refused, Err(why.into()), "{new}");
        assert_eq!(ledger.begins(), 0, "{new}");
    }
}

/// Two changes at once: the second one was proved with a password that holds no longer.
#[tokio::test]
async fn a_password_that_was_changed_meanwhile_is_a_wrong_one() {
    let another = Credential {
        hash: hash("another"),
        ..credential()
    };
    for now_kept in [None, Some(another)] {
        let mut mocks = hashed(Some(own()), false);
        kept(&mut mocks, now_kept);

        let (refused, ledger) = change(mocks, NEW).await;

        assert_eq!(refused, Err(CredentialError::PasswordWrong.into()));
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

#[tokio::test]
async fn an_account_that_is_gone_or_signed_out_meanwhile_gets_no_password() {
    let mut gone = Mocks::default();
    gone.credentials
        .expect_find_account()
        .return_once(|_, _| Ok(None));
    let signed_out = hashed(Some(own()), true);
    for mocks in [gone, hashed(None, false), signed_out] {
        let (refused, ledger) = change(mocks, NEW).await;

        assert_eq!(refused, Err(SessionError::TokenInvalid.into()));
        assert_eq!(ledger.commits(), 0);
    }
}

#[tokio::test]
async fn a_change_that_is_not_kept_is_told_and_raises_no_signal() {
    let mocks = Mocks {
        commit_fails: Some(unavailable()),
        ..changes()
    };

    let (failed, ledger) = change(mocks, NEW).await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
    assert_eq!(ledger.heard(), []);
}
