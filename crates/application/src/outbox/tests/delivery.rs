use chrono::TimeDelta;
use domain::one_time_tokens::{OneTimeToken, TokenPurpose};
use domain::outbox::{DeliveryStatus, Letter, OutboxMessage, OutboxMessageId};
use domain::registrations::{Registration, RegistrationId};
use domain::users::{Status, User};
use mockall::predicate::eq;
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::fakes::{
    ADA, Mocks, OUTBOX, email, name, now, nth_id, one_time_hash, unavailable, user,
};
use crate::outbox::{Delivery, Mail, MailContent, MailFailure};
use crate::{Error, System, SystemReason};

pub(super) fn system() -> System {
    System::acting(Uuid::from_u128(1), SystemReason::Delivery)
}

pub(super) fn message(letter: Letter) -> OutboxMessage {
    let queued_at = now() - TimeDelta::minutes(1);
    OutboxMessage::queued(OutboxMessageId(nth_id(9)), letter, queued_at)
}

fn reset() -> OutboxMessage {
    message(Letter::PasswordReset(email("ada@example.org")))
}

/// After so many attempts, of which the last one holds it.
fn claimed(attempts: u32) -> OutboxMessage {
    OutboxMessage {
        attempts,
        due_at: now() + OUTBOX.lease,
        ..reset()
    }
}

fn failed(permanent: bool) -> Delivery {
    let why = "421".to_owned();
    Delivery::Failed(if permanent {
        MailFailure::Permanent(why)
    } else {
        MailFailure::Transient(why)
    })
}

#[tokio::test]
async fn a_claim_counts_the_attempt_and_keeps_others_away() {
    let mut mocks = Mocks::default();
    mocks
        .outbox_mut
        .expect_lock_due()
        .with(eq(now()))
        .return_once(|_| Ok(Some(reset())));
    mocks
        .outbox_mut
        .expect_update()
        .with(eq(claimed(1)))
        .once()
        .returning(|_| Ok(()));
    let (outbox, ledger) = mocks.outbox_service();

    let message = outbox.claim(&system()).await.unwrap();

    assert_eq!(message, Some(claimed(1)));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.origins(), [*system().origin()]);
}

#[tokio::test]
async fn where_nothing_is_due_nothing_is_written() {
    let mut mocks = Mocks::default();
    mocks.outbox.expect_is_due().returning(|_| Ok(false));
    let (outbox, ledger) = mocks.outbox_service();

    assert_eq!(outbox.deliver_next(&system()).await, Ok(None));
    assert_eq!(ledger.begins(), 0);
}

/// Another worker was faster.
#[tokio::test]
async fn a_message_that_is_gone_again_is_nothing_to_do() {
    let mut mocks = Mocks::default();
    mocks.outbox.expect_is_due().returning(|_| Ok(true));
    mocks.outbox_mut.expect_lock_due().returning(|_| Ok(None));
    let (outbox, ledger) = mocks.outbox_service();

    assert_eq!(outbox.deliver_next(&system()).await, Ok(None));
    assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
}

/// Otherwise one that kills its worker would kill every worker, for ever.
#[tokio::test]
async fn a_message_whose_attempts_never_end_is_given_up() {
    let mut mocks = Mocks::default();
    mocks.outbox.expect_is_due().returning(|_| Ok(true));
    let spent = OutboxMessage {
        attempts: OUTBOX.retry.max_attempts,
        ..reset()
    };
    mocks
        .outbox_mut
        .expect_lock_due()
        .return_once(|_| Ok(Some(spent)));
    mocks
        .outbox_mut
        .expect_update()
        .withf(|it| it.status == DeliveryStatus::Dead && it.attempts == 3)
        .once()
        .returning(|_| Ok(()));
    let (outbox, ledger) = mocks.outbox_service();

    let delivery = outbox.deliver_next(&system()).await;

    assert_eq!(delivery, Ok(Some(Delivery::GivenUp)));
    assert_eq!(ledger.commits(), 1);
}

#[tokio::test]
async fn a_reset_has_a_token_of_its_own_of_which_the_hash_is_kept() {
    let expected = OneTimeToken {
        hash: one_time_hash("mailed"),
        purpose: TokenPurpose::PasswordReset(ADA),
        created_at: now(),
        expires_at: now() + OUTBOX.lifetimes.password_reset,
    };
    let mut mocks = Mocks::default();
    mocks
        .users_mut
        .expect_lock_by_email()
        .with(eq(email("ada@example.org")))
        .return_once(|_| Ok(Some(user(Status::Active))));
    mocks
        .one_time_tokens_mut
        .expect_insert()
        .with(eq(expected))
        .once()
        .returning(|_| Ok(()));
    let (outbox, ledger) = mocks.outbox_service();

    let mail = outbox.write(&system(), &reset()).await.unwrap().unwrap();

    assert_eq!((mail.id, mail.to), (reset().id, user(Status::Active).email));
    let MailContent::PasswordReset { token, valid_for } = mail.content else {
        panic!("{:?}", mail.content);
    };
    assert_eq!(token.expose_secret(), "mailed");
    assert_eq!(valid_for, OUTBOX.lifetimes.password_reset);
    assert_eq!(ledger.commits(), 1);
}

#[tokio::test]
async fn who_is_unknown_or_not_active_gets_no_reset() {
    for found in [
        None,
        Some(user(Status::Pending)),
        Some(user(Status::Deactivated)),
    ] {
        let mut mocks = Mocks::default();
        mocks
            .users_mut
            .expect_lock_by_email()
            .return_once(|_| Ok(found));
        let (outbox, ledger) = mocks.outbox_service();

        let mail = outbox.write(&system(), &reset()).await.unwrap();

        assert!(mail.is_none(), "{mail:?}");
        assert_eq!(ledger.commits(), 1);
    }
}

#[tokio::test]
async fn a_notice_goes_to_the_address_of_today_and_to_nobody_who_is_gone() {
    for found in [Some(user(Status::Active)), None] {
        let expected = found.clone().map(|it| it.email);
        let mut mocks = Mocks::default();
        mocks
            .users
            .expect_find()
            .with(eq(ADA))
            .return_once(|_| Ok(found));
        let (outbox, _) = mocks.outbox_service();

        let notice = message(Letter::PasswordChanged(ADA));
        let mail = outbox.write(&system(), &notice).await.unwrap();

        assert_eq!(mail.map(|it| it.to), expected);
    }
}

/// What somebody who has registered with the address of Ada gets, should an account like this be there.
async fn answer_to_registration(found: Option<User>) -> Option<Mail> {
    let id = RegistrationId(Uuid::from_u128(8));
    let mut mocks = Mocks::default();
    mocks
        .registrations
        .expect_find()
        .with(eq(id))
        .return_once(move |_| {
            Ok(Some(Registration {
                id,
                email: email("ada@example.org"),
                display_name: name("Buy this: https://example.com"),
                created_at: now(),
            }))
        });
    mocks
        .users_mut
        .expect_lock_by_email()
        .with(eq(email("ada@example.org")))
        .return_once(|_| Ok(found));
    mocks
        .one_time_tokens_mut
        .expect_insert()
        .returning(|_| Ok(()));
    let (outbox, _) = mocks.outbox_service();
    let letter = message(Letter::Registration(id));
    outbox.write(&system(), &letter).await.unwrap()
}

#[tokio::test]
async fn who_registers_is_answered_by_mail_what_their_account_is_like() {
    let unknown = answer_to_registration(None).await.unwrap();
    let active = answer_to_registration(Some(user(Status::Active))).await;
    let pending = answer_to_registration(Some(user(Status::Pending))).await;
    let shut = answer_to_registration(Some(user(Status::Deactivated))).await;

    assert!(matches!(unknown.content, MailContent::Registration { .. }));
    assert_eq!(unknown.name, None, "a stranger may have typed anything");
    let (active, pending) = (active.unwrap(), pending.unwrap());
    assert!(matches!(active.content, MailContent::AlreadyRegistered));
    assert!(matches!(pending.content, MailContent::Invitation { .. }));
    assert!(shut.is_none(), "{shut:?}");
}

#[tokio::test]
async fn a_registration_that_is_gone_has_no_reader() {
    let mut mocks = Mocks::default();
    mocks.registrations.expect_find().return_once(|_| Ok(None));
    let (outbox, ledger) = mocks.outbox_service();

    let letter = message(Letter::Registration(RegistrationId(Uuid::from_u128(8))));
    let mail = outbox.write(&system(), &letter).await.unwrap();

    assert!(mail.is_none(), "{mail:?}");
    assert_eq!(ledger.commits(), 1);
}

#[tokio::test]
async fn only_who_is_pending_gets_an_invitation() {
    for (status, is_invited) in [
        (Some(Status::Pending), true),
        (Some(Status::Active), false),
        (Some(Status::Deactivated), false),
        (None, false),
    ] {
        let purpose = TokenPurpose::Invitation(ADA);
        let mut mocks = Mocks::default();
        mocks
            .users_mut
            .expect_lock()
            .with(eq(ADA))
            .return_once(move |_| Ok(status.map(user)));
        mocks
            .one_time_tokens_mut
            .expect_insert()
            .withf(move |it| it.purpose == purpose)
            .times(usize::from(is_invited))
            .returning(|_| Ok(()));
        let (outbox, _) = mocks.outbox_service();

        let letter = message(Letter::Invitation(ADA));
        let mail = outbox.write(&system(), &letter).await.unwrap();

        assert_eq!(mail.is_some(), is_invited, "{status:?}");
    }
}

#[tokio::test]
async fn what_was_delivered_or_has_no_reader_is_no_message_any_more() {
    for delivery in [Delivery::Delivered, Delivery::Dropped] {
        let mut mocks = Mocks::default();
        mocks
            .outbox_mut
            .expect_delete()
            .with(eq(reset().id))
            .once()
            .returning(|_| Ok(()));
        let (outbox, ledger) = mocks.outbox_service();

        outbox
            .settle(&system(), &claimed(1), &delivery)
            .await
            .unwrap();

        assert_eq!(ledger.commits(), 1);
    }
}

#[tokio::test]
async fn a_failure_is_tried_again_later_until_it_would_be_refused_anyhow() {
    for (attempts, permanent, status) in [
        (1, false, DeliveryStatus::Pending),
        (3, false, DeliveryStatus::Dead),
        (1, true, DeliveryStatus::Dead),
    ] {
        let due_at = match status {
            DeliveryStatus::Pending => now() + OUTBOX.retry.wait_after(1, reset().id),
            DeliveryStatus::Dead => now(),
        };
        let expected = OutboxMessage {
            status,
            due_at,
            failure: Some("421".into()),
            ..claimed(attempts)
        };
        let mut mocks = Mocks::default();
        mocks
            .outbox_mut
            .expect_lock()
            .with(eq(reset().id))
            .return_once(move |_| Ok(Some(claimed(attempts))));
        mocks
            .outbox_mut
            .expect_update()
            .with(eq(expected))
            .once()
            .returning(|_| Ok(()));
        let (outbox, ledger) = mocks.outbox_service();

        outbox
            .settle(&system(), &claimed(attempts), &failed(permanent))
            .await
            .unwrap();

        assert_eq!(ledger.commits(), 1);
    }
}

/// Its lease was over, and somebody else may be sending it now, or has.
#[tokio::test]
async fn a_failure_that_comes_too_late_changes_nothing() {
    for found in [Some(claimed(2)), None] {
        let mut mocks = Mocks::default();
        mocks.outbox_mut.expect_lock().return_once(|_| Ok(found));
        let (outbox, _) = mocks.outbox_service();

        let settled = outbox.settle(&system(), &claimed(1), &failed(false)).await;

        assert_eq!(settled, Ok(()));
    }
}

#[tokio::test]
async fn a_store_that_is_away_delivers_nothing() {
    let mut mocks = Mocks::default();
    mocks
        .outbox
        .expect_is_due()
        .returning(|_| Err(unavailable()));
    let (outbox, ledger) = mocks.outbox_service();

    let failed = outbox.deliver_next(&system()).await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
    assert_eq!(ledger.begins(), 0);
}
