use std::time::Duration;

use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::credentials::CredentialError;
use domain::one_time_tokens::{OneTimeToken, OneTimeTokenError, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::roles::{Permission, Rights, UsersCreate};
use domain::users::{Status, UserError};
use mockall::predicate::eq;

use super::command_line::{PASSWORD, changed, hashing};
use super::voids;
use crate::fakes::{
    ADA, Mocks, REFUSED, caller, hash, now, nth_id, one_time_hash, origin, user, wanted,
};
use crate::outbox::MailAllowance;
use crate::{Error, Permit};

fn token() -> OneTimeToken {
    let purpose = TokenPurpose::Invitation(ADA);
    let issued_at = now() - TimeDelta::minutes(5);
    OneTimeToken::issued(
        one_time_hash("mailed"),
        purpose,
        issued_at,
        TimeDelta::days(7),
    )
}

fn void() -> Error {
    Error::OneTimeToken(OneTimeTokenError::Void)
}

/// The token is there, and so is its owner.
fn knowing(mut mocks: Mocks) -> Mocks {
    mocks
        .one_time_tokens
        .expect_find()
        .with(eq(token().hash))
        .return_once(|_| Ok(Some(token())));
    mocks
        .users
        .expect_find()
        .with(eq(ADA))
        .return_once(|_| Ok(Some(user(Status::Pending))));
    mocks
}

fn inviter() -> Permit<UsersCreate> {
    let rights = Rights::from_iter([Permission::UsersCreate]);
    caller(rights).permit().unwrap()
}

/// Ada's account is held, or there is none; her roles grant her that.
fn found(status: Option<Status>, rights: Rights) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .users_mut
        .expect_lock()
        .with(eq(ADA))
        .return_once(move |_| Ok(status.map(user)));
    mocks
        .roles
        .expect_rights_of()
        .with(eq(ADA))
        .return_once(move |_| Ok(rights));
    mocks
}

#[tokio::test]
async fn who_has_not_answered_is_mailed_again() {
    let letter = Letter::Invitation(ADA);
    let message = OutboxMessage::queued(OutboxMessageId(nth_id(1)), letter, now());
    let rights = Rights::from_iter([Permission::UsersCreate]);
    let mut mocks = found(Some(Status::Pending), rights);
    mocks.budget_answers(wanted("ada@example.org"), MailAllowance::Allowed);
    mocks
        .outbox_mut
        .expect_insert()
        .with(eq(message))
        .once()
        .returning(|_| Ok(()));
    let (credentials, ledger) = mocks.credentials_service();

    credentials.invite_again(&inviter(), ADA).await.unwrap();

    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::InvitationSent, ADA)]);
}

#[tokio::test]
async fn who_invites_is_told_of_too_much_mail_and_when_there_may_be_more() {
    let mut mocks = found(Some(Status::Pending), Rights::NONE);
    mocks.budget_answers(wanted("ada@example.org"), REFUSED);
    let (credentials, ledger) = mocks.credentials_service();

    let refused = credentials.invite_again(&inviter(), ADA).await;

    let retry_after = Duration::from_secs(7);
    assert_eq!(refused, Err(Error::TooMuchMail { retry_after }));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.deeds(), []);
}

/// An invitation may have expired, or gone to a wrong address: a new one is a new way in.
#[tokio::test]
async fn who_may_do_more_than_the_inviter_is_not_invited_and_spends_no_mail() {
    let rights = Rights::from_iter([Permission::UsersDelete]);
    let mocks = found(Some(Status::Pending), rights);
    let (credentials, ledger) = mocks.credentials_service();

    let refused = credentials.invite_again(&inviter(), ADA).await;

    assert_eq!(refused, Err(UserError::BeyondOwnRights.into()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    assert_eq!(ledger.deeds(), [Deed::on(Action::RightsExceeded, ADA)]);
}

#[tokio::test]
async fn only_who_is_pending_is_invited() {
    for (status, refusal) in [
        (None, Error::NotFound),
        (Some(Status::Active), UserError::NotPending.into()),
        (Some(Status::Deactivated), UserError::NotPending.into()),
    ] {
        let (credentials, ledger) = found(status, Rights::NONE).credentials_service();

        let refused = credentials.invite_again(&inviter(), ADA).await;

        assert_eq!(refused, Err(refusal));
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

#[tokio::test]
async fn a_good_token_gives_the_first_password_and_opens_the_account() {
    let before = user(Status::Pending);
    let after = changed(before.clone(), Status::Active);
    let mut mocks = hashing();
    mocks
        .users_mut
        .expect_lock()
        .with(eq(ADA))
        .return_once(|_| Ok(Some(before)));
    mocks
        .one_time_tokens_mut
        .expect_delete()
        .with(eq(token().hash))
        .once()
        .returning(|_| Ok(true));
    mocks
        .credentials_mut
        .expect_put()
        .with(eq(ADA), eq(hash("made")), eq(now()))
        .once()
        .returning(|_, _, _| Ok(()));
    mocks
        .users_mut
        .expect_update()
        .with(eq(after))
        .once()
        .returning(|_| Ok(()));
    voids(&mut mocks, ADA);
    let (credentials, ledger) = knowing(mocks).credentials_service();

    credentials
        .accept_invitation(&origin(), &"mailed".into(), &PASSWORD.into())
        .await
        .unwrap();

    assert_eq!(ledger.commits(), 1);
    let told = Deed::on(Action::InvitationAccepted, ADA).by(ADA);
    assert_eq!(ledger.deeds(), [told]);
}

#[tokio::test]
async fn a_token_that_is_no_invitation_any_more_is_void_before_anything_is_hashed() {
    let expired = OneTimeToken {
        expires_at: now(),
        ..token()
    };
    let other = OneTimeToken {
        purpose: TokenPurpose::PasswordReset(ADA),
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
            .accept_invitation(&origin(), &"mailed".into(), &PASSWORD.into())
            .await;

        assert_eq!(refused, Err(void()));
        assert_eq!(ledger.begins(), 0);
    }
}

#[tokio::test]
async fn an_account_that_was_opened_shut_or_deleted_meanwhile_is_not_touched() {
    for found in [
        Some(user(Status::Active)),
        Some(user(Status::Deactivated)),
        None,
    ] {
        let mut mocks = hashing();
        mocks.users_mut.expect_lock().return_once(|_| Ok(found));
        let (credentials, ledger) = knowing(mocks).credentials_service();

        let refused = credentials
            .accept_invitation(&origin(), &"mailed".into(), &PASSWORD.into())
            .await;

        assert_eq!(refused, Err(void()));
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

/// Of two at once the second finds it gone, only after the hashing.
#[tokio::test]
async fn a_token_that_was_spent_meanwhile_is_void() {
    let mut mocks = hashing();
    mocks
        .users_mut
        .expect_lock()
        .return_once(|_| Ok(Some(user(Status::Pending))));
    mocks
        .one_time_tokens_mut
        .expect_delete()
        .with(eq(token().hash))
        .once()
        .returning(|_| Ok(false));
    let (credentials, ledger) = knowing(mocks).credentials_service();

    let refused = credentials
        .accept_invitation(&origin(), &"mailed".into(), &PASSWORD.into())
        .await;

    assert_eq!(refused, Err(void()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_spends_no_invitation() {
    let (credentials, ledger) = knowing(Mocks::default()).credentials_service();

    let refused = credentials
        .accept_invitation(&origin(), &"mailed".into(), &"ada@example.org".into())
        .await;

    let alike = CredentialError::PasswordLikeAddress;
    assert_eq!(refused, Err(Error::Credential(alike)));
    assert_eq!(ledger.begins(), 0);
}
