use chrono::TimeDelta;
use domain::audit::{Action, Deed};
use domain::outbox::{DeadLetter, DeliveryStatus, Letter, OutboxMessage, OutboxMessageId};
use domain::roles::{DeadLettersManage, DeadLettersRead, Permission, Rights};
use mockall::predicate::eq;

use crate::fakes::{ADA, Mocks, caller, now, nth_id, permit, unavailable};
use crate::{Error, Page, PageRequest};

fn id() -> OutboxMessageId {
    OutboxMessageId(nth_id(9))
}

fn dead() -> OutboxMessage {
    let queued_at = now() - TimeDelta::hours(8);
    let mut message = OutboxMessage::queued(id(), Letter::PasswordChanged(ADA), queued_at);
    message.begin_attempt(now());
    message.give_up("550".into(), now() - TimeDelta::hours(1));
    message
}

/// In the store is this, and a use case locks it.
fn locks(found: Option<OutboxMessage>) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .outbox_mut
        .expect_lock()
        .with(eq(id()))
        .once()
        .return_once(|_| Ok(found));
    mocks
}

#[tokio::test]
async fn who_may_read_dead_letters_reads_them() {
    let page = PageRequest {
        limit: 7,
        after: None,
    };
    let found = Page {
        items: vec![DeadLetter::of(&dead()).unwrap()],
        next: None,
    };
    let mut mocks = Mocks::default();
    let listed = found.clone();
    mocks
        .outbox
        .expect_list_dead()
        .with(eq(page.clone()))
        .once()
        .return_once(|_| Ok(listed));
    let (letters, ledger) = mocks.dead_letters_service();

    assert_eq!(letters.list(&permit(), &page).await, Ok(found));
    assert_eq!(ledger.begins(), 0);
}

#[test]
fn reading_and_managing_need_a_permission_each() {
    let but = |one: Permission| {
        let others = Permission::ALL.iter().copied().filter(move |it| *it != one);
        caller(others.collect::<Rights>())
    };
    let (read, manage) = (Permission::DeadLettersRead, Permission::DeadLettersManage);

    let unread = but(read).permit::<DeadLettersRead>().unwrap_err();
    let unmanaged = but(manage).permit::<DeadLettersManage>().unwrap_err();

    assert_eq!(unread, Error::Forbidden(read));
    assert_eq!(unmanaged, Error::Forbidden(manage));
}

#[tokio::test]
async fn what_is_retried_is_due_now_with_all_its_attempts_and_written_down() {
    let mut mocks = locks(Some(dead()));
    let expected = OutboxMessage {
        status: DeliveryStatus::Pending,
        attempts: 0,
        due_at: now(),
        ..dead()
    };
    mocks
        .outbox_mut
        .expect_update()
        .with(eq(expected))
        .once()
        .returning(|_| Ok(()));
    let (letters, ledger) = mocks.dead_letters_service();

    assert_eq!(letters.retry(&permit(), id()).await, Ok(()));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::DeadLettersRetried, id())]);
}

#[tokio::test]
async fn what_is_deleted_is_gone_and_written_down() {
    let mut mocks = locks(Some(dead()));
    mocks
        .outbox_mut
        .expect_delete()
        .with(eq(id()))
        .once()
        .returning(|_| Ok(()));
    let (letters, ledger) = mocks.dead_letters_service();

    assert_eq!(letters.delete(&permit(), id()).await, Ok(()));
    assert_eq!(ledger.commits(), 1);
    assert_eq!(ledger.deeds(), [Deed::on(Action::DeadLettersDeleted, id())]);
}

/// A worker may be sending it.
#[tokio::test]
async fn what_is_on_its_way_or_gone_is_no_dead_letter() {
    let mut on_its_way = dead();
    on_its_way.retry(now());
    for found in [Some(on_its_way), None] {
        let (letters, ledger) = locks(found.clone()).dead_letters_service();
        let retried = letters.retry(&permit(), id()).await;
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));

        let (letters, ledger) = locks(found).dead_letters_service();
        let deleted = letters.delete(&permit(), id()).await;
        assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));

        assert_eq!(retried, Err(Error::NotFound));
        assert_eq!(deleted, Err(Error::NotFound));
    }
}

#[tokio::test]
async fn a_store_that_is_away_has_no_empty_list() {
    let mut mocks = Mocks::default();
    mocks
        .outbox
        .expect_list_dead()
        .returning(|_| Err(unavailable()));
    let (letters, _) = mocks.dead_letters_service();
    let page = PageRequest {
        limit: 7,
        after: None,
    };

    let listed = letters.list(&permit(), &page).await;

    assert_eq!(listed, Err(Error::Store(unavailable())));
}
