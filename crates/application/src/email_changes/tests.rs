use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::email_changes::{EmailChange, EmailChangeId};
use domain::one_time_tokens::{OneTimeToken, OneTimeTokenError, TokenPurpose};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::sessions::SessionError;
use domain::users::{EmailAddress, Status, User, UserError};
use mockall::predicate::eq;
use uuid::Uuid;

use crate::fakes::{
    ADA, CALLER, Mocks, REFUSED, email, now, nth_id, one_time_hash, origin, recent_caller,
    unavailable, user, wanted,
};
use crate::outbox::MailAllowance;
use crate::{Error, Signal, StoreError, Unique};

fn new_email() -> EmailAddress {
    email("countess@example.org")
}

/// What Ada has asked for.
fn change() -> EmailChange {
    EmailChange {
        id: EmailChangeId(Uuid::from_u128(0xC4)),
        user_id: ADA,
        old_email: user(Status::Active).email,
        new_email: new_email(),
        requested_at: now() - TimeDelta::hours(1),
        confirmed_at: None,
    }
}

fn confirmed() -> EmailChange {
    EmailChange {
        confirmed_at: Some(now()),
        ..change()
    }
}

/// With the address that she has asked for.
fn moved() -> User {
    let mut user = user(Status::Active);
    user.apply(super::service::to(&new_email()), now());
    user
}

fn token(purpose: TokenPurpose) -> OneTimeToken {
    let issued_at = now() - TimeDelta::minutes(5);
    let hash = one_time_hash("mailed");
    OneTimeToken::issued(hash, purpose, issued_at, TimeDelta::hours(1))
}

fn to_confirm() -> OneTimeToken {
    token(TokenPurpose::EmailChange(change().id))
}

fn to_cancel() -> OneTimeToken {
    token(TokenPurpose::EmailChangeCancel(change().id))
}

/// The token is there, and so is what it was mailed for; both as often as they are looked for.
fn knowing(token: OneTimeToken, change: EmailChange, user: Option<User>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .one_time_tokens
        .expect_find()
        .with(eq(token.hash))
        .return_once(|_| Ok(Some(token)));
    mocks
        .email_changes
        .expect_find()
        .with(eq(change.id))
        .returning(move |_| Ok(Some(change.clone())));
    mocks
        .users_mut
        .expect_lock()
        .with(eq(ADA))
        .return_once(|_| Ok(user));
    mocks
}

fn takes_update(mocks: &mut Mocks, user: User) {
    mocks
        .users_mut
        .expect_update()
        .with(eq(user))
        .once()
        .returning(|_| Ok(()));
}

fn ends_sessions(mocks: &mut Mocks) {
    mocks
        .sessions_mut
        .expect_end_all()
        .with(eq(ADA), eq(now()))
        .once()
        .returning(|_, _| Ok(()));
    mocks
        .one_time_tokens_mut
        .expect_delete_all()
        .with(eq(ADA))
        .once()
        .returning(|_| Ok(()));
}

fn queues(mocks: &mut Mocks, id: u64, letter: Letter) {
    let message = OutboxMessage::queued(OutboxMessageId(nth_id(id)), letter, now());
    mocks
        .outbox_mut
        .expect_insert()
        .with(eq(message))
        .once()
        .returning(|_| Ok(()));
}

fn void() -> Error {
    Error::OneTimeToken(OneTimeTokenError::Void)
}

/// The caller, whose session is as it is told.
fn called(ended: bool) -> Mocks {
    let mut mocks = Mocks::default();
    let caller = User {
        id: CALLER,
        ..user(Status::Active)
    };
    mocks.holds_caller(Some(caller), ended);
    mocks
}

#[tokio::test]
async fn a_request_takes_the_place_of_another_and_has_both_addresses_written_to() {
    let id = EmailChangeId(nth_id(1));
    let expected = EmailChange {
        id,
        user_id: CALLER,
        requested_at: now(),
        ..change()
    };
    let mut mocks = called(false);
    mocks.budget_answers(wanted(new_email().as_str()), MailAllowance::Allowed);
    mocks
        .email_changes_mut
        .expect_delete_open()
        .with(eq(CALLER))
        .once()
        .returning(|_| Ok(()));
    mocks
        .email_changes_mut
        .expect_insert()
        .with(eq(expected))
        .once()
        .returning(|_| Ok(()));
    queues(&mut mocks, 2, Letter::EmailChange(id));
    queues(&mut mocks, 3, Letter::EmailChangeNotice(id));
    let (changes, ledger) = mocks.email_changes_service();

    let asked = changes.request(&recent_caller(), new_email()).await;

    assert_eq!(asked, Ok(()));
    assert_eq!(ledger.commits(), 1);
    let told = Deed::on(Action::UsersEmailChangeRequested, CALLER);
    assert_eq!(ledger.deeds(), [told]);
}

/// Who wants another address does not want the one that they asked for before, whatever became of the mail.
#[tokio::test]
async fn a_request_beyond_the_budget_withdraws_another_and_writes_to_nobody() {
    let mut mocks = called(false);
    mocks.budget_answers(wanted(new_email().as_str()), REFUSED);
    mocks
        .email_changes_mut
        .expect_delete_open()
        .with(eq(CALLER))
        .once()
        .returning(|_| Ok(()));
    let (changes, ledger) = mocks.email_changes_service();

    let asked = changes.request(&recent_caller(), new_email()).await;

    assert_eq!(asked, Ok(()));
    assert_eq!(ledger.commits(), 1);
    let told = Deed::on(Action::UsersEmailChangeRequested, CALLER);
    assert_eq!(ledger.deeds(), [told]);
}

#[tokio::test]
async fn ones_own_address_again_withdraws_what_was_asked_for() {
    let own = user(Status::Active).email;
    let mut mocks = called(false);
    mocks.budget_answers(wanted(own.as_str()), MailAllowance::Allowed);
    mocks
        .email_changes_mut
        .expect_delete_open()
        .with(eq(CALLER))
        .once()
        .returning(|_| Ok(()));
    let (changes, ledger) = mocks.email_changes_service();

    let asked = changes.request(&recent_caller(), own).await;

    assert_eq!(asked, Ok(()));
    assert_eq!(ledger.commits(), 1);
    let told = Deed::on(Action::UsersEmailChangeRequested, CALLER);
    assert_eq!(ledger.deeds(), [told]);
}

#[tokio::test]
async fn a_session_that_was_ended_meanwhile_asks_for_nothing() {
    let mut mocks = called(true);
    mocks.budget_answers(wanted(new_email().as_str()), MailAllowance::Allowed);
    let (changes, ledger) = mocks.email_changes_service();

    let refused = changes.request(&recent_caller(), new_email()).await;

    let invalid = SessionError::TokenInvalid;
    assert_eq!(refused, Err(Error::Session(invalid)));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

#[tokio::test]
async fn a_confirmed_change_gives_the_address_ends_sessions_and_is_told_to_the_old_one() {
    let mut mocks = knowing(to_confirm(), change(), Some(user(Status::Active)));
    takes_update(&mut mocks, moved());
    mocks
        .email_changes_mut
        .expect_update()
        .with(eq(confirmed()))
        .once()
        .returning(|_| Ok(()));
    ends_sessions(&mut mocks);
    queues(&mut mocks, 1, Letter::EmailChangeNotice(change().id));
    let (changes, ledger) = mocks.email_changes_service();

    let done = changes.confirm(&origin(), &"mailed".into()).await;

    assert_eq!(done, Ok(()));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.heard(), [Signal::SessionsEnded(ADA)]);
    let told = Deed::on(Action::UsersEmailChanged, ADA).by(ADA);
    assert_eq!(ledger.deeds(), [told]);
}

#[tokio::test]
async fn a_change_that_is_open_no_more_cannot_be_confirmed() {
    let elsewhere = User {
        email: email("lovelace@example.org"),
        ..user(Status::Active)
    };
    for (change, user) in [
        (confirmed(), Some(user(Status::Active))),
        (change(), Some(user(Status::Deactivated))),
        (change(), Some(elsewhere)),
        (change(), None),
    ] {
        let mocks = knowing(to_confirm(), change, user);
        let (changes, ledger) = mocks.email_changes_service();

        let refused = changes.confirm(&origin(), &"mailed".into()).await;

        assert_eq!(refused, Err(void()));
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
    }
}

#[tokio::test]
async fn an_address_that_somebody_has_is_refused_and_that_is_written_down() {
    let taken = || Err(StoreError::Duplicate(Unique::UserEmail));
    let mut to_new = knowing(to_confirm(), change(), Some(user(Status::Active)));
    to_new.users_mut.expect_update().returning(move |_| taken());
    let mut to_old = knowing(to_cancel(), confirmed(), Some(moved()));
    to_old.users_mut.expect_update().returning(move |_| taken());
    let (to_new, new_ledger) = to_new.email_changes_service();
    let (to_old, old_ledger) = to_old.email_changes_service();

    let refusals = [
        to_new.confirm(&origin(), &"mailed".into()).await,
        to_old.cancel(&origin(), &"mailed".into()).await,
    ];

    for (refused, ledger) in refusals.into_iter().zip([new_ledger, old_ledger]) {
        assert_eq!(refused, Err(Error::User(UserError::EmailTaken)));
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
        assert_eq!(ledger.deeds(), [Deed::on(Action::UsersEmailTaken, ADA)]);
    }
}

#[tokio::test]
async fn unknown_and_expired_tokens_and_those_for_something_else_are_void() {
    let expired = |it: OneTimeToken| OneTimeToken {
        expires_at: now(),
        ..it
    };
    let other = token(TokenPurpose::PasswordReset(ADA));
    for found in [None, Some(expired(to_confirm())), Some(to_cancel())] {
        let refused = answered(found, false).await;
        assert_eq!(refused, Err(void()));
    }
    for found in [None, Some(expired(to_cancel())), Some(to_confirm())] {
        let refused = answered(found, true).await;
        assert_eq!(refused, Err(void()));
    }
    for cancels in [false, true] {
        let refused = answered(Some(other.clone()), cancels).await;
        assert_eq!(refused, Err(void()));
    }
}

async fn answered(found: Option<OneTimeToken>, cancels: bool) -> Result<(), Error> {
    let mut mocks = Mocks::default();
    mocks
        .one_time_tokens
        .expect_find()
        .return_once(|_| Ok(found));
    let (changes, ledger) = mocks.email_changes_service();
    let (origin, token) = (origin(), "mailed".into());
    let done = if cancels {
        changes.cancel(&origin, &token).await
    } else {
        changes.confirm(&origin, &token).await
    };
    assert_eq!(ledger.begins(), 0);
    done
}

#[tokio::test]
async fn a_cancelled_change_gives_the_address_back_with_all_that_came_after_it() {
    let mut back = moved();
    back.apply(super::service::to(&change().old_email), now());
    for (change, before, after) in [
        (change(), user(Status::Active), None),
        (confirmed(), moved(), Some(back)),
    ] {
        let mut mocks = knowing(to_cancel(), change.clone(), Some(before));
        if let Some(after) = after {
            takes_update(&mut mocks, after);
        }
        mocks
            .email_changes_mut
            .expect_delete_from()
            .with(eq(change))
            .once()
            .returning(|_| Ok(()));
        ends_sessions(&mut mocks);
        mocks
            .api_keys_mut
            .expect_delete_all()
            .with(eq(ADA))
            .once()
            .returning(|_| Ok(()));
        let (changes, ledger) = mocks.email_changes_service();

        let done = changes.cancel(&origin(), &"mailed".into()).await;

        assert_eq!(done, Ok(()));
        assert_eq!(ledger.commits(), 1);
        let told = Deed::on(Action::UsersEmailChangeCancelled, ADA).by(ADA);
        assert_eq!(ledger.deeds(), [told]);
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_told() {
    let mut mocks = Mocks {
        begin_fails: Some(unavailable()),
        ..Mocks::default()
    };
    mocks.budget_answers(wanted(new_email().as_str()), MailAllowance::Allowed);
    let (changes, ledger) = mocks.email_changes_service();

    let failed = changes.request(&recent_caller(), new_email()).await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
    assert_eq!(ledger.commits(), 0);
}
