use chrono::TimeDelta;
use domain::email_changes::{EmailChange, EmailChangeId};
use domain::one_time_tokens::{OneTimeToken, TokenPurpose};
use domain::outbox::Letter;
use domain::users::{Status, User};
use mockall::predicate::eq;
use uuid::Uuid;

use super::delivery::{message, system};
use crate::fakes::{ADA, Mocks, OUTBOX, email, name, now, one_time_hash, user};
use crate::outbox::{Mail, MailContent};

const ID: EmailChangeId = EmailChangeId(Uuid::from_u128(0xC4));

fn change(is_confirmed: bool) -> EmailChange {
    EmailChange {
        id: ID,
        user_id: ADA,
        old_email: email("ada@example.org"),
        new_email: email("countess@example.org"),
        requested_at: now() - TimeDelta::hours(1),
        confirmed_at: is_confirmed.then(now),
    }
}

fn with(change: Option<EmailChange>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .email_changes
        .expect_find()
        .with(eq(ID))
        .returning(move |_| Ok(change.clone()));
    mocks
        .users_mut
        .expect_lock()
        .with(eq(ADA))
        .returning(|_| Ok(Some(user(Status::Active))));
    mocks
}

/// One token of that kind, and its hash is kept.
fn makes(mocks: &mut Mocks, purpose: TokenPurpose, lifetime: TimeDelta) {
    let token = OneTimeToken::issued(one_time_hash("mailed"), purpose, now(), lifetime);
    mocks
        .one_time_tokens_mut
        .expect_insert()
        .with(eq(token))
        .once()
        .returning(|_| Ok(()));
}

async fn written(mocks: Mocks, letter: Letter) -> Option<Mail> {
    let (outbox, _) = mocks.outbox_service();
    outbox.write(&system(), &message(letter)).await.unwrap()
}

/// What is written to the new address, should an account like this have it.
async fn to_new_address(owner: Option<User>) -> Option<Mail> {
    let mut mocks = with(Some(change(false)));
    if owner.is_none() {
        let lifetime = OUTBOX.lifetimes.email_change;
        makes(&mut mocks, TokenPurpose::EmailChange(ID), lifetime);
    }
    mocks
        .users
        .expect_find_by_email()
        .with(eq(change(false).new_email))
        .return_once(|_| Ok(owner));
    written(mocks, Letter::EmailChange(ID)).await
}

#[tokio::test]
async fn a_new_address_that_nobody_has_gets_a_token_and_no_name() {
    let mail = to_new_address(None).await.unwrap();

    assert_eq!((mail.to, mail.name), (change(false).new_email, None));
    assert!(matches!(mail.content, MailContent::EmailChange { .. }));
}

#[tokio::test]
async fn who_has_the_new_address_is_told_without_a_token() {
    let owner = |status| User {
        email: change(false).new_email,
        display_name: name("Countess"),
        ..user(status)
    };
    for status in [Status::Active, Status::Pending] {
        let mail = to_new_address(Some(owner(status))).await.unwrap();

        assert_eq!(mail.name, Some(name("Countess")));
        assert!(matches!(mail.content, MailContent::EmailTaken));
    }
    let shut = to_new_address(Some(owner(Status::Deactivated))).await;
    assert!(shut.is_none(), "{shut:?}");
}

#[tokio::test]
async fn a_change_that_is_gone_or_confirmed_needs_no_confirmation() {
    for change in [None, Some(change(true))] {
        let mail = written(with(change), Letter::EmailChange(ID)).await;

        assert!(mail.is_none(), "{mail:?}");
    }
}

#[tokio::test]
async fn the_old_address_is_told_what_holds_now_and_how_to_stop_it() {
    for is_confirmed in [false, true] {
        let mut mocks = with(Some(change(is_confirmed)));
        let lifetime = OUTBOX.lifetimes.email_change_cancel;
        makes(&mut mocks, TokenPurpose::EmailChangeCancel(ID), lifetime);

        let mail = written(mocks, Letter::EmailChangeNotice(ID)).await;

        let mail = mail.unwrap();
        assert_eq!(mail.to, change(is_confirmed).old_email);
        assert_eq!(mail.name, Some(name("Ada")));
        let has_changed = matches!(mail.content, MailContent::EmailChanged { .. });
        assert_eq!(has_changed, is_confirmed);
    }
}

#[tokio::test]
async fn of_a_change_that_is_gone_nobody_is_told() {
    let mut withdrawn = Mocks::default();
    let mut found = vec![None, Some(change(true))];
    withdrawn
        .email_changes
        .expect_find()
        .returning(move |_| Ok(found.pop().unwrap()));
    withdrawn
        .users_mut
        .expect_lock()
        .return_once(|_| Ok(Some(user(Status::Active))));

    for mocks in [with(None), withdrawn] {
        let mail = written(mocks, Letter::EmailChangeNotice(ID)).await;

        assert!(mail.is_none(), "{mail:?}");
    }
}

/// Two changes may have come before the first mail.
#[tokio::test]
async fn who_has_got_an_address_from_an_administrator_is_told_what_holds_now() {
    for is_theirs in [true, false] {
        let to = email(if is_theirs {
            "ada@example.org"
        } else {
            "old@example.org"
        });
        let mut mocks = Mocks::default();
        mocks
            .users
            .expect_find()
            .with(eq(ADA))
            .return_once(|_| Ok(Some(user(Status::Active))));

        let mail = written(mocks, Letter::EmailSet(ADA, to.clone())).await;

        let mail = mail.unwrap();
        assert_eq!((mail.to, mail.name), (to, Some(name("Ada"))));
        let told = matches!(mail.content, MailContent::EmailSet);
        assert_eq!(told, is_theirs);
        let told_otherwise = matches!(mail.content, MailContent::EmailReplaced);
        assert_eq!(told_otherwise, !is_theirs);
    }
}

/// Theirs again, before the worker came: what they get there is an invitation.
#[tokio::test]
async fn who_is_still_invited_is_not_told_that_they_have_an_address() {
    for (to, told) in [("ada@example.org", false), ("old@example.org", true)] {
        let mut mocks = Mocks::default();
        mocks
            .users
            .expect_find()
            .return_once(|_| Ok(Some(user(Status::Pending))));

        let mail = written(mocks, Letter::EmailSet(ADA, email(to))).await;

        assert_eq!(mail.is_some(), told, "{mail:?}");
    }
}

#[tokio::test]
async fn of_an_account_that_is_gone_no_address_is_told() {
    let mut mocks = Mocks::default();
    mocks.users.expect_find().return_once(|_| Ok(None));

    let mail = written(mocks, Letter::EmailSet(ADA, email("ada@example.org"))).await;

    assert!(mail.is_none(), "{mail:?}");
}
