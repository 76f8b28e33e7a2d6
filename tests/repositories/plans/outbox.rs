use application::PageRequest;
use chrono::{DateTime, Utc};
use domain::outbox::{Letter, OutboxMessageId};
use domain::users::Status;
use support::factories::one_time_tokens::reset_token;
use support::factories::outbox::queued;
use support::factories::users::user;

use super::{SOMEBODY, Watch, address_of_somebody};

/// A fortnight after the first of those that the tables are filled with.
fn some_time() -> DateTime<Utc> {
    "2026-01-15T00:00:00Z".parse().expect("it is a time")
}

pub(super) async fn look_at_messages(watch: &mut Watch) {
    let message = queued(Letter::PasswordChanged(SOMEBODY), some_time());
    let id = OutboxMessageId(SOMEBODY.0);
    watch
        .look_at("OutboxReader::is_due", "", async |store| {
            let due = store.reads().outbox().is_due(some_time()).await;
            assert_eq!(due, Ok(true));
        })
        .await;
    watch
        .look_at("OutboxReader::list_dead", "", async |store| {
            let mut after = None;
            for limit in [20, 100] {
                let page = PageRequest { limit, after };
                let page = store.reads().outbox().list_dead(&page).await;
                after = page.expect("the database is there").next;
                assert!(after.is_some());
            }
        })
        .await;
    watch
        .look_at_write("OutboxWriter::insert", async |tx| {
            let inserted = tx.outbox_mut().insert(&message).await;
            inserted.expect("the user is there");
        })
        .await;
    watch
        .look_at_write("OutboxWriter::lock_due", async |tx| {
            let locked = tx.outbox_mut().lock_due(some_time()).await;
            assert!(locked.expect("nobody holds it").is_some());
        })
        .await;
    watch
        .look_at_write("OutboxWriter::lock", async |tx| {
            let locked = tx.outbox_mut().lock(id).await;
            assert!(locked.expect("nobody holds it").is_some());
        })
        .await;
    watch
        .look_at_write("OutboxWriter::update", async |tx| {
            let updated = tx.outbox_mut().update(&message).await;
            updated.expect("the database is there");
        })
        .await;
    watch
        .look_at_write("OutboxWriter::delete", async |tx| {
            let deleted = tx.outbox_mut().delete(id).await;
            deleted.expect("nobody holds it");
        })
        .await;
    watch
        .look_at_write("OutboxWriter::delete_addressed", async |tx| {
            let outbox = tx.outbox_mut();
            let deleted = outbox.delete_addressed(&address_of_somebody()).await;
            deleted.expect("nobody holds it");
        })
        .await;
}

pub(super) async fn look_at_tokens(watch: &mut Watch) {
    let mut owner = user(Status::Active);
    owner.id = SOMEBODY;
    let token = reset_token(&owner);
    watch
        .look_at("OneTimeTokenReader::find", "", async |store| {
            let found = store.reads().one_time_tokens().find(&token.hash).await;
            assert_eq!(found, Ok(None));
        })
        .await;
    watch
        .look_at_write("OneTimeTokenWriter::insert", async |tx| {
            let inserted = tx.one_time_tokens_mut().insert(&token).await;
            inserted.expect("the user is there");
        })
        .await;
    watch
        .look_at_write("OneTimeTokenWriter::delete", async |tx| {
            let deleted = tx.one_time_tokens_mut().delete(&token.hash).await;
            assert_eq!(deleted, Ok(false));
        })
        .await;
    watch
        .look_at_write("OneTimeTokenWriter::delete_all", async |tx| {
            let deleted = tx.one_time_tokens_mut().delete_all(SOMEBODY).await;
            deleted.expect("nobody holds them");
        })
        .await;
}
