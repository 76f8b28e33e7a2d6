use std::net::IpAddr;

use application::audit::{AuditEvent, AuditFilter};
use application::{Cause, Origin, PageRequest, StoreError, System, SystemReason};
use chrono::{DateTime, TimeDelta, Utc};
use domain::api_keys::ApiKeyId;
use domain::audit::{Action, Deed, Target};
use domain::sessions::SessionId;
use domain::users::{Status, UserId};
use sea_orm::ConnectionTrait;
use support::factories::users::user;
use support::{Engine, TestDatabase, TestStore, origin};
use uuid::Uuid;

const ADA: UserId = UserId(Uuid::from_u128(0xADA));
const BOB: UserId = UserId(Uuid::from_u128(0xB0B));
const REQUEST: Uuid = Uuid::from_u128(7);

fn now() -> DateTime<Utc> {
    user(Status::Active).created_at
}

async fn record(store: &TestStore, origin: &Origin, deed: Deed, at: DateTime<Utc>) {
    let recorded = store.store.record(origin, deed, at).await;
    recorded.expect("the database is there");
}

async fn list(store: &TestStore, filter: &AuditFilter) -> Vec<AuditEvent> {
    let page = PageRequest {
        limit: 100,
        after: None,
    };
    let listed = store.reads().audit().list(filter, &page).await;
    listed.expect("the database is there").items
}

#[tokio::test]
async fn an_event_says_who_did_what_to_whom_and_from_where() {
    let store = TestStore::new().await;
    let client: IpAddr = "203.0.113.77".parse().unwrap();
    let anonymous = Origin::anonymous(REQUEST, Some(client));
    let signed_in = Origin {
        cause: Cause::User(ADA),
        ..anonymous
    };
    let by_program = Origin {
        cause: Cause::ApiKey(ApiKeyId(Uuid::from_u128(9)), ADA),
        ..anonymous
    };
    let reasons = SystemReason::ALL.iter();
    let systems = reasons.map(|it| *System::acting(REQUEST, *it).origin());
    let session = SessionId(Uuid::from_u128(8));

    for origin in [anonymous, signed_in, by_program]
        .into_iter()
        .chain(systems)
    {
        for target in [Target::User(ADA), Target::Session(session)] {
            let (deed, at) = (Deed::on(Action::UsersCreated, target), now());
            record(&store, &origin, deed, at).await;

            let event = &list(&store, &AuditFilter::default()).await[0];

            assert_eq!(event.by, origin.cause);
            assert_eq!(event.action, Action::UsersCreated);
            assert_eq!(event.target, Some(target));
            assert_eq!(event.request_id, origin.request_id);
            assert_eq!(event.occurred_at, at);
            let network = event.network.map(|it| it.to_string());
            let expected = origin.client.map(|_| "203.0.113.0/24".to_owned());
            assert_eq!(network, expected);
        }
    }
}

#[tokio::test]
async fn every_action_can_be_written_and_read() {
    let store = TestStore::new().await;

    for action in Action::ALL {
        record(&store, &origin(), Deed::of(*action), now()).await;

        let event = &list(&store, &AuditFilter::default()).await[0];

        assert_eq!((event.action, event.target), (*action, None));
        assert_eq!((event.by, event.network), (Cause::Anonymous, None));
    }
}

#[tokio::test]
async fn who_it_turned_out_to_be_did_it() {
    let store = TestStore::new().await;
    let deed = Deed::of(Action::SignInSucceeded).by(ADA);

    record(&store, &origin(), deed, now()).await;

    let event = &list(&store, &AuditFilter::default()).await[0];
    assert_eq!(event.by, Cause::User(ADA));
}

#[tokio::test]
async fn an_event_is_written_with_the_commit_and_not_without_one() {
    let store = TestStore::new().await;

    let mut dropped = store.begin().await;
    dropped.record(Deed::of(Action::UsersDeleted), now());
    drop(dropped);
    let mut kept = store.begin().await;
    kept.record(Deed::of(Action::UsersCreated), now());
    kept.record(Deed::of(Action::UsersRolesChanged), now());
    kept.commit().await.unwrap();

    let listed = list(&store, &AuditFilter::default()).await;
    let actions: Vec<_> = listed.iter().map(|it| it.action).collect();
    assert_eq!(actions, [Action::UsersRolesChanged, Action::UsersCreated]);
}

#[tokio::test]
async fn filters_hold_each_alone_and_all_together() {
    let store = TestStore::new().await;
    let then = now();
    for (by, action, hours) in [
        (ADA, Action::UsersCreated, 0),
        (ADA, Action::UsersDeleted, 1),
        (BOB, Action::UsersCreated, 2),
        (ADA, Action::UsersCreated, 3),
    ] {
        let at = then + TimeDelta::hours(hours);
        record(&store, &origin(), Deed::of(action).by(by), at).await;
    }
    let any = AuditFilter::default();
    let hours = async |filter: AuditFilter| {
        let listed = list(&store, &filter).await;
        let counted = store.reads().audit().count(&filter).await;
        assert_eq!(counted, Ok(listed.len() as u64));
        let hours = listed.iter().map(|it| (it.occurred_at - then).num_hours());
        hours.collect::<Vec<_>>()
    };

    let of_ada = AuditFilter {
        actor: Some(ADA),
        ..any.clone()
    };
    let created = AuditFilter {
        action: Some(Action::UsersCreated),
        ..any.clone()
    };
    let later = AuditFilter {
        since: Some(then + TimeDelta::hours(1)),
        ..any.clone()
    };
    let all = AuditFilter {
        actor: Some(ADA),
        action: Some(Action::UsersCreated),
        since: later.since,
    };
    assert_eq!(hours(any).await, [3, 2, 1, 0]);
    assert_eq!(hours(of_ada).await, [3, 1, 0]);
    assert_eq!(hours(created).await, [3, 2, 0]);
    assert_eq!(hours(later).await, [3, 2, 1]);
    assert_eq!(hours(all).await, [3]);
}

#[tokio::test]
async fn a_walk_meets_every_event_once_also_of_the_same_moment_and_while_others_write() {
    let store = TestStore::new().await;
    let then = now();
    for n in 0..10 {
        let at = then - TimeDelta::microseconds(n / 3);
        record(&store, &origin(), Deed::of(Action::UsersCreated), at).await;
    }
    let all: Vec<_> = list(&store, &AuditFilter::default()).await;
    let (mut walked, mut after) = (Vec::new(), None);

    loop {
        let page = PageRequest { limit: 3, after };
        let any = AuditFilter::default();
        let page = store.reads().audit().list(&any, &page).await.unwrap();
        walked.extend(page.items);
        after = page.next;
        let later = then + TimeDelta::hours(1);
        record(&store, &origin(), Deed::of(Action::UsersDeleted), later).await;
        if after.is_none() {
            break;
        }
    }

    assert_eq!(all.len(), 10);
    assert_eq!(walked, all);
}

/// Whatever SQL says, in words that both engines know unless told.
async fn refused(store: &TestStore, sql: &str) {
    let connection = store.database.connection().await;
    let before = list(store, &AuditFilter::default()).await;

    let error = connection.execute_unprepared(sql).await;

    let error = error.expect_err(sql).to_string();
    assert!(error.contains("append-only"), "{sql}: {error}");
    assert_eq!(list(store, &AuditFilter::default()).await, before, "{sql}");
}

#[tokio::test]
async fn nobody_changes_or_deletes_an_event() {
    let store = TestStore::new().await;
    let last = now() - TimeDelta::days(89);
    for at in [now(), last] {
        let deed = Deed::on(Action::UsersCreated, ADA);
        record(&store, &origin(), deed, at).await;
    }

    refused(&store, "UPDATE audit_events SET action = 'users.updated'").await;
    refused(&store, "UPDATE audit_events SET id = id").await;
    refused(&store, "DELETE FROM audit_events").await;
    match Engine::of_this_run() {
        Engine::Sqlite => {
            let replace = "REPLACE INTO audit_events SELECT id, occurred_at, 'users.updated', \
                           actor, actor_id, target, target_id, request_id, network, api_key_id FROM audit_events";
            refused(&store, replace).await;
        }
        Engine::Postgres => refused(&store, "TRUNCATE audit_events").await,
    }
}

/// What an old event is rewritten to would be there for ever.
#[tokio::test]
async fn old_events_can_be_cleaned_up_and_not_rewritten() {
    let store = TestStore::new().await;
    let old = now() - TimeDelta::days(91);
    record(&store, &origin(), Deed::of(Action::UsersCreated), old).await;
    refused(&store, "UPDATE audit_events SET action = 'users.updated'").await;
    record(&store, &origin(), Deed::of(Action::UsersDeleted), now()).await;
    let id = list(&store, &AuditFilter::default()).await[1].id.0;
    let id = TestDatabase::literal(id);

    let delete = format!("DELETE FROM audit_events WHERE id = {id}");
    store.database.execute(&delete).await;

    assert_eq!(store.database.count("audit_events").await, 1);
}

#[tokio::test]
async fn a_row_that_the_domain_does_not_take_is_named() {
    for (action, actor, target, network) in [
        ("users.flown", "anonymous", "NULL, NULL", "NULL"),
        ("users.created", "ghost", "NULL, NULL", "NULL"),
        ("users.created", "anonymous", "'planet', NULL", "NULL"),
        ("users.created", "anonymous", "NULL, NULL", "'203.0.113.77'"),
    ] {
        let store = TestStore::new().await;
        let id = Uuid::from_u128(1);
        let literal = TestDatabase::literal(id);
        let insert = format!(
            "INSERT INTO audit_events VALUES ({literal}, '2026-01-01 00:00:00+00:00', '{action}', \
             '{actor}', NULL, {target}, {literal}, {network}, NULL)"
        );
        store.database.execute(&insert).await;

        let page = PageRequest {
            limit: 1,
            after: None,
        };
        let any = AuditFilter::default();
        let listed = store.reads().audit().list(&any, &page).await;

        let error = listed.expect_err("it cannot be read");
        let StoreError::Corrupt { table, id: of, .. } = error else {
            panic!("{error:?}");
        };
        assert_eq!((table, of), ("audit_events", id));
    }
}
