use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::credentials::CredentialError;
use domain::one_time_tokens::{OneTimeToken, OneTimeTokenError, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::registrations::{Registration, RegistrationError, RegistrationId};
use domain::users::{Status, User, UserId};
use mockall::predicate::eq;

use super::{NewRegistration, RegistrationPolicy};
use crate::fakes::{
    ADA, Mocks, REFUSED, email, hash, name, now, nth_id, one_time_hash, origin, unavailable, wanted,
};
use crate::outbox::MailAllowance;
use crate::{Error, StoreError, Unique};

const PASSWORD: &str = "dressed stone, laid dry";
const OPEN: RegistrationPolicy = RegistrationPolicy::Open;

fn new() -> NewRegistration {
    NewRegistration {
        email: email("bob@example.org"),
        display_name: name("Bob"),
    }
}

/// What [`new`] makes.
fn registration() -> Registration {
    Registration {
        id: RegistrationId(nth_id(1)),
        email: new().email,
        display_name: new().display_name,
        created_at: now(),
    }
}

fn token() -> OneTimeToken {
    let purpose = TokenPurpose::Registration(registration().id);
    let issued_at = now() - TimeDelta::minutes(5);
    OneTimeToken::issued(
        one_time_hash("mailed"),
        purpose,
        issued_at,
        TimeDelta::hours(1),
    )
}

/// The token is there, and so is what it was mailed for.
fn knowing(token: OneTimeToken) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .one_time_tokens
        .expect_find()
        .with(eq(token.hash))
        .return_once(|_| Ok(Some(token)));
    mocks
        .registrations
        .expect_find()
        .with(eq(registration().id))
        .return_once(|_| Ok(Some(registration())));
    mocks
}

fn hashing(mocks: &mut Mocks) {
    mocks
        .hasher
        .expect_hash()
        .once()
        .return_once(|_| Ok(hash("made")));
}

fn spends(mocks: &mut Mocks, was_there: bool) {
    mocks
        .one_time_tokens_mut
        .expect_delete()
        .with(eq(token().hash))
        .once()
        .returning(move |_| Ok(was_there));
}

fn void() -> Error {
    Error::OneTimeToken(OneTimeTokenError::Void)
}

#[tokio::test]
async fn a_request_is_written_down_and_queued_and_looks_for_nobody() {
    let letter = Letter::Registration(registration().id);
    let message = OutboxMessage::queued(OutboxMessageId(nth_id(2)), letter, now());
    let mut mocks = Mocks::default();
    mocks.budget_answers(wanted(new().email.as_str()), MailAllowance::Allowed);
    mocks
        .registrations_mut
        .expect_insert()
        .with(eq(registration()))
        .once()
        .returning(|_| Ok(()));
    mocks
        .outbox_mut
        .expect_insert()
        .with(eq(message))
        .once()
        .returning(|_| Ok(()));
    let (registrations, ledger) = mocks.registrations_service(OPEN);

    registrations.request(&origin(), new()).await.unwrap();

    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::of(Action::RegistrationRequested)]);
}

#[tokio::test]
async fn a_request_beyond_the_budget_is_dropped_without_a_word() {
    let mut mocks = Mocks::default();
    mocks.budget_answers(wanted(new().email.as_str()), REFUSED);
    let (registrations, ledger) = mocks.registrations_service(OPEN);

    let asked = registrations.request(&origin(), new()).await;

    assert_eq!(asked, Ok(()));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn where_it_is_closed_nothing_is_asked_and_no_token_helps() {
    let closed = Error::Registration(RegistrationError::Closed);
    let (registrations, ledger) =
        Mocks::default().registrations_service(RegistrationPolicy::Closed);

    let asked = registrations.request(&origin(), new()).await;
    let confirmed = registrations
        .confirm(&origin(), &"mailed".into(), &PASSWORD.into())
        .await;

    assert_eq!(asked, Err(closed.clone()));
    assert_eq!(confirmed, Err(closed));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_good_token_makes_an_active_member_with_the_password() {
    let id = UserId(nth_id(1));
    let expected = User {
        status: Status::Active,
        ..User::invited(id, new().email, new().display_name, now())
    };
    let mut mocks = knowing(token());
    hashing(&mut mocks);
    spends(&mut mocks, true);
    mocks
        .users_mut
        .expect_insert()
        .with(eq(expected.clone()))
        .once()
        .returning(|_| Ok(()));
    mocks
        .credentials_mut
        .expect_put()
        .with(eq(id), eq(hash("made")), eq(now()))
        .once()
        .returning(|_, _, _| Ok(()));
    mocks
        .registrations_mut
        .expect_delete()
        .with(eq(registration().id))
        .once()
        .returning(|_| Ok(()));
    let (registrations, ledger) = mocks.registrations_service(OPEN);

    let made = registrations
        .confirm(&origin(), &"mailed".into(), &PASSWORD.into())
        .await;

    assert_eq!(made, Ok(expected));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::UsersCreated, id).by(id)]);
}

#[tokio::test]
async fn unknown_and_expired_tokens_and_those_for_something_else_are_void_before_anything_is_hashed()
 {
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
        let (registrations, ledger) = mocks.registrations_service(OPEN);

        let refused = registrations
            .confirm(&origin(), &"mailed".into(), &PASSWORD.into())
            .await;

        assert_eq!(refused, Err(void()));
        assert_eq!(ledger.begins(), 0);
    }
}

#[tokio::test]
async fn a_token_that_was_spent_meanwhile_is_void() {
    let mut mocks = knowing(token());
    hashing(&mut mocks);
    spends(&mut mocks, false);
    let (registrations, ledger) = mocks.registrations_service(OPEN);

    let refused = registrations
        .confirm(&origin(), &"mailed".into(), &PASSWORD.into())
        .await;

    assert_eq!(refused, Err(void()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

/// Nobody had the address when the mail was written; somebody has it now.
#[tokio::test]
async fn an_address_that_was_taken_meanwhile_is_told_to_nobody() {
    let mut mocks = knowing(token());
    hashing(&mut mocks);
    spends(&mut mocks, true);
    mocks
        .users_mut
        .expect_insert()
        .return_once(|_| Err(StoreError::Duplicate(Unique::UserEmail)));
    let (registrations, ledger) = mocks.registrations_service(OPEN);

    let refused = registrations
        .confirm(&origin(), &"mailed".into(), &PASSWORD.into())
        .await;

    assert_eq!(refused, Err(void()));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_spends_no_token() {
    let (registrations, ledger) = knowing(token()).registrations_service(OPEN);

    let refused = registrations
        .confirm(&origin(), &"mailed".into(), &"dry stone wall".into())
        .await;

    let short = CredentialError::PasswordTooShort(15);
    assert_eq!(refused, Err(Error::Credential(short)));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn what_cannot_be_kept_is_told() {
    let mut mocks = Mocks {
        begin_fails: Some(unavailable()),
        ..Mocks::default()
    };
    mocks.budget_answers(wanted(new().email.as_str()), MailAllowance::Allowed);
    let (registrations, ledger) = mocks.registrations_service(OPEN);

    let failed = registrations.request(&origin(), new()).await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
    assert_eq!(ledger.commits(), 0);
}
