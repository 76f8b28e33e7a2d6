use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::credentials::CredentialError;
use domain::one_time_tokens::{OneTimeToken, OneTimeTokenError, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::users::Status;
use mockall::predicate::eq;

use super::command_line::{PASSWORD, changed, hashing, setting};
use crate::fakes::{
    ADA, Mocks, REFUSED, email, now, nth_id, one_time_hash, origin, unavailable, user, wanted,
};
use crate::outbox::{MailAllowance, WantedMail};
use crate::{Error, Signal};

fn token() -> OneTimeToken {
    let purpose = TokenPurpose::PasswordReset(ADA);
    let issued_at = now() - TimeDelta::minutes(5);
    let lifetime = TimeDelta::minutes(40);
    OneTimeToken::issued(one_time_hash("mailed"), purpose, issued_at, lifetime)
}

fn void() -> Error {
    Error::OneTimeToken(OneTimeTokenError::Void)
}

/// The token is there, and so is its owner.
fn knowing(mut mocks: Mocks, token: OneTimeToken) -> Mocks {
    mocks
        .one_time_tokens
        .expect_find()
        .with(eq(token.hash))
        .return_once(|_| Ok(Some(token)));
    mocks
        .users
        .expect_find()
        .with(eq(ADA))
        .return_once(|_| Ok(Some(user(Status::Active))));
    mocks
}

fn spends(mocks: &mut Mocks, was_there: bool) {
    mocks
        .one_time_tokens_mut
        .expect_delete()
        .with(eq(token().hash))
        .once()
        .returning(move |_| Ok(was_there));
}

fn wanted_to_reset() -> WantedMail {
    WantedMail {
        is_password_reset: true,
        ..wanted("ada@example.org")
    }
}

#[tokio::test]
async fn a_request_is_one_message_and_looks_for_nobody() {
    let letter = Letter::PasswordReset(email("ada@example.org"));
    let queued = OutboxMessage::queued(OutboxMessageId(nth_id(1)), letter, now());
    let mut mocks = Mocks::default();
    mocks.budget_answers(wanted_to_reset(), MailAllowance::Allowed);
    mocks
        .outbox_mut
        .expect_insert()
        .with(eq(queued))
        .once()
        .returning(|_| Ok(()));
    let (credentials, ledger) = mocks.credentials_service();

    credentials
        .request_reset(&origin(), email("ada@example.org"))
        .await
        .unwrap();

    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.origins(), [origin()]);
    assert_eq!(ledger.deeds(), [Deed::of(Action::PasswordResetRequested)]);
}

#[tokio::test]
async fn a_request_beyond_the_budget_is_dropped_without_a_word() {
    let mut mocks = Mocks::default();
    mocks.budget_answers(wanted_to_reset(), REFUSED);
    let (credentials, ledger) = mocks.credentials_service();

    let asked = credentials
        .request_reset(&origin(), email("ada@example.org"))
        .await;

    assert_eq!(asked, Ok(()));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_request_that_cannot_be_kept_is_told() {
    let mut mocks = Mocks {
        begin_fails: Some(unavailable()),
        ..Mocks::default()
    };
    mocks.budget_answers(wanted_to_reset(), MailAllowance::Allowed);
    let (credentials, ledger) = mocks.credentials_service();

    let failed = credentials
        .request_reset(&origin(), email("ada@example.org"))
        .await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
    assert_eq!(ledger.commits(), 0);
}

#[tokio::test]
async fn a_good_token_changes_the_password_and_ends_the_sessions() {
    let before = user(Status::Active);
    let mut mocks = setting(&before, &changed(before.clone(), Status::Active));
    mocks
        .users_mut
        .expect_lock()
        .with(eq(ADA))
        .return_once(|_| Ok(Some(before)));
    spends(&mut mocks, true);
    let (credentials, ledger) = knowing(mocks, token()).credentials_service();

    credentials
        .reset(&origin(), &"mailed".into(), &PASSWORD.into())
        .await
        .unwrap();

    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.heard(), [Signal::SessionsEnded(ADA)]);
    let told = Deed::on(Action::UsersPasswordReset, ADA).by(ADA);
    assert_eq!(ledger.deeds(), [told]);
}

#[tokio::test]
async fn a_token_that_is_no_reset_any_more_is_void_before_anything_is_hashed() {
    let expired = OneTimeToken {
        expires_at: now(),
        ..token()
    };
    let other = OneTimeToken {
        purpose: TokenPurpose::Invitation(ADA),
        ..token()
    };
    for found in [None, Some(expired), Some(other)] {
        let mut mocks = Mocks::default();
        mocks
            .one_time_tokens
            .expect_find()
            .return_once(|_| Ok(found));
        let (credentials, ledger) = mocks.credentials_service();

        let refused = credentials
            .reset(&origin(), &"mailed".into(), &PASSWORD.into())
            .await;

        assert_eq!(refused, Err(void()));
        assert_eq!(ledger.begins(), 0);
    }
}

/// Of two at once the second finds it gone, only after the hashing.
#[tokio::test]
async fn a_token_that_was_spent_meanwhile_is_void() {
    let mut mocks = hashing();
    mocks
        .users_mut
        .expect_lock()
        .return_once(|_| Ok(Some(user(Status::Active))));
    spends(&mut mocks, false);
    let (credentials, ledger) = knowing(mocks, token()).credentials_service();

    let refused = credentials
        .reset(&origin(), &"mailed".into(), &PASSWORD.into())
        .await;

    assert_eq!(refused, Err(void()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_token_opens_no_account_that_was_shut_or_is_gone() {
    for found in [Some(user(Status::Deactivated)), None] {
        let mut mocks = hashing();
        mocks.users_mut.expect_lock().return_once(|_| Ok(found));
        let (credentials, ledger) = knowing(mocks, token()).credentials_service();

        let refused = credentials
            .reset(&origin(), &"mailed".into(), &PASSWORD.into())
            .await;

        assert_eq!(refused, Err(void()));
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_spends_no_token() {
    for (password, fault) in [
        ("dry stone wall", CredentialError::PasswordTooShort(15)),
        ("ada@example.org", CredentialError::PasswordLikeAddress),
    ] {
        let mocks = knowing(Mocks::default(), token());
        let (credentials, ledger) = mocks.credentials_service();

        let refused = credentials
            .reset(&origin(), &"mailed".into(), &password.into())
            .await;

        assert_eq!(refused, Err(Error::Credential(fault)), "{password}");
        assert_eq!(ledger.begins(), 0, "{password}");
    }
}
