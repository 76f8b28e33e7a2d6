use domain::audit::{Action, AuditEventId, Network, Target};
use domain::roles::{AuditRead, Permission, Rights};
use mockall::predicate::eq;

use super::{AuditEvent, AuditFilter};
use crate::fakes::{
    ADA, CALLER, Mocks, caller, email, name, now, nth_id, origin, permit, unavailable,
};
use crate::users::NewUser;
use crate::{Cause, Error, Page, PageRequest, StoreError, Unique};

fn event() -> AuditEvent {
    AuditEvent {
        id: AuditEventId(nth_id(1)),
        occurred_at: now(),
        action: Action::UsersCreated,
        by: Cause::User(CALLER),
        target: Some(Target::User(ADA)),
        request_id: origin().request_id,
        network: origin().client.map(Network::of),
    }
}

fn page() -> PageRequest {
    PageRequest {
        limit: 7,
        after: None,
    }
}

fn found() -> Page<AuditEvent> {
    Page {
        items: vec![event()],
        next: None,
    }
}

/// The list that has this filter is asked for, once.
fn lists(filter: AuditFilter) -> Mocks {
    let mut mocks = Mocks::default();
    mocks
        .audit
        .expect_list()
        .with(eq(filter), eq(page()))
        .once()
        .return_once(|_, _| Ok(found()));
    mocks
}

#[tokio::test]
async fn who_may_read_the_log_reads_what_they_ask_for() {
    let filter = AuditFilter {
        actor: Some(ADA),
        action: Some(Action::SignInRefused),
        since: Some(now()),
    };
    let (log, ledger) = lists(filter.clone()).audit_service();

    let listed = log.list(&permit(), &filter, &page()).await;

    assert_eq!(listed, Ok(found()));
    assert_eq!(ledger.begins(), 0);
}

#[test]
fn the_log_needs_a_permission_of_its_own() {
    let others = Permission::ALL.iter().copied();
    let others: Rights = others.filter(|it| *it != Permission::AuditRead).collect();

    let refused = caller(others).permit::<AuditRead>().unwrap_err();

    assert_eq!(refused, Error::Forbidden(Permission::AuditRead));
}

#[tokio::test]
async fn what_is_counted_is_what_is_listed() {
    let filter = AuditFilter {
        action: Some(Action::UsersDeleted),
        ..AuditFilter::default()
    };
    let mut mocks = Mocks::default();
    mocks
        .audit
        .expect_count()
        .with(eq(filter.clone()))
        .return_once(|_| Ok(3));
    let (log, _) = mocks.audit_service();

    assert_eq!(log.count(&permit(), &filter).await, Ok(3));
}

#[tokio::test]
async fn everybody_reads_what_they_have_done_themselves() {
    let own = AuditFilter {
        actor: Some(CALLER),
        ..AuditFilter::default()
    };
    let (log, ledger) = lists(own).audit_service();

    let listed = log.list_own(&caller(Rights::NONE), &page()).await;

    assert_eq!(listed, Ok(found()));
    assert_eq!(ledger.begins(), 0);
}

#[tokio::test]
async fn a_store_that_is_away_is_no_empty_log() {
    let mut mocks = Mocks::default();
    mocks
        .audit
        .expect_list()
        .returning(|_, _| Err(unavailable()));
    mocks.audit.expect_count().returning(|_| Err(unavailable()));
    let (log, _) = mocks.audit_service();
    let (any, away) = (AuditFilter::default(), Error::Store(unavailable()));

    let listed = log.list(&permit(), &any, &page()).await;
    let own = log.list_own(&caller(Rights::NONE), &page()).await;
    let counted = log.count(&permit(), &any).await;

    assert_eq!(listed, Err(away.clone()));
    assert_eq!(own, Err(away.clone()));
    assert_eq!(counted, Err(away));
}

/// Whoever takes the log away does not try addresses unseen.
#[tokio::test]
async fn a_refusal_that_cannot_be_written_down_is_a_failure() {
    let mut mocks = Mocks {
        record_fails: Some(unavailable()),
        ..Mocks::default()
    };
    mocks
        .users_mut
        .expect_insert()
        .return_once(|_| Err(StoreError::Duplicate(Unique::UserEmail)));
    let (users, ledger) = mocks.users_service();
    let new = NewUser {
        email: email("bob@example.org"),
        display_name: name("Bob"),
    };

    let failed = users.create(&permit(), new).await;

    assert_eq!(failed, Err(Error::Store(unavailable())));
    assert_eq!(ledger.deeds(), []);
}
