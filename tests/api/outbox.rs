//! Mail that was given up, and what administrators do about it.

use application::outbox::{Delivery, MailFailure};
use chrono::TimeDelta;
use domain::outbox::Letter;
use domain::roles::Permission;
use domain::users::Status;
use serde_json::{Value, json};
use support::factories::users::{id_of, user};
use support::{Client, TestApp};
use uuid::Uuid;

async fn listed(client: &Client, query: &str) -> Vec<Value> {
    let list = client.list_dead_letters(query).await.ok();
    list["data"].as_array().expect("a list has data").clone()
}

async fn told(app: &TestApp, action: &str, id: Uuid) -> i64 {
    let id = support::TestDatabase::literal(id);
    let events = format!("audit_events WHERE action = '{action}' AND target_id = {id}");
    app.database.count(&events).await
}

#[tokio::test]
async fn mail_that_no_mailbox_takes_is_listed_without_the_address() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let asked = app.anonymous();
    let asked = asked.request_password_reset(ada.email.as_str()).await;
    asked.accepted();
    let refused = MailFailure::Permanent("550 5.1.1".into());
    app.mailer.refuse(Some(refused));
    app.deliver().await;

    let list = admin.list_dead_letters("").await.ok();

    let letter = &list["data"][0];
    assert_eq!(letter["purpose"], "password_reset");
    assert_eq!(letter["user_id"], Value::Null);
    assert_eq!(letter["attempts"], 1);
    assert_eq!(letter["failure"], "550 5.1.1");
    assert!(!list.to_string().contains(ada.email.as_str()), "{list}");
}

#[tokio::test]
async fn a_letter_to_an_account_names_it() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (id, ada) = app.dead_notice().await;

    let letters = listed(&admin, "").await;

    assert_eq!(id_of(&letters[0]), id);
    assert_eq!(letters[0]["purpose"], "password_changed");
    assert_eq!(letters[0]["user_id"], json!(ada));
}

#[tokio::test]
async fn what_was_given_up_last_comes_first_page_by_page() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let mut expected = Vec::new();
    // Two of one moment among them.
    for minutes in [1, 1, 0, 1, 1] {
        app.clock.advance(TimeDelta::minutes(minutes));
        expected.insert(0, app.some_dead_letter().await);
    }

    let mut found = Vec::new();
    let mut query = "limit=2".to_owned();
    loop {
        let page = admin.list_dead_letters(&query).await.ok();
        let letters = page["data"].as_array().unwrap();
        found.extend(letters.iter().map(id_of));
        let Some(cursor) = page["page"]["next_cursor"].as_str() else {
            break;
        };
        query = format!("limit=2&cursor={cursor}");
    }

    assert_eq!(found, expected);
}

#[tokio::test]
async fn mail_that_is_on_its_way_is_no_dead_letter() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let asked = app.anonymous();
    let asked = asked.request_password_reset("ada@example.org").await;
    asked.accepted();

    assert_eq!(listed(&admin, "").await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    app.member().await;
    let users = admin.list_users("limit=1").await.ok();
    let cursor = users["page"]["next_cursor"].as_str().unwrap();

    let refused = admin.list_dead_letters(&format!("cursor={cursor}")).await;

    refused.is_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn what_is_retried_arrives() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let id = app
        .dead_letter(Letter::PasswordReset(ada.email.clone()))
        .await;

    admin.retry_dead_letter(id).await.no_content();

    assert_eq!(listed(&admin, "").await, Vec::<Value>::new());
    assert_eq!(app.deliver().await, [Delivery::Delivered]);
    assert_eq!(app.mailer.taken_for(&ada.email).len(), 1);
    assert_eq!(told(&app, "dead_letters.retried", id).await, 1);
}

/// It has all its attempts again, and not one more.
#[tokio::test]
async fn what_is_retried_in_vain_is_tried_as_often_as_any_other_mail() {
    let app = TestApp::start_with(&[("ASHLAR__MAIL__MAX_ATTEMPTS", "2")], |ports| ports).await;
    let admin = app.administrator().await;
    let (id, _) = app.dead_notice().await;
    let busy = MailFailure::Transient("421".into());
    app.mailer.refuse(Some(busy.clone()));

    admin.retry_dead_letter(id).await.no_content();
    app.deliver().await;
    let waiting = listed(&admin, "").await;
    app.clock.advance(TimeDelta::minutes(5));
    let again = app.deliver().await;

    assert_eq!(waiting, Vec::<Value>::new());
    assert_eq!(again, [Delivery::Failed(busy)]);
    let letters = listed(&admin, "").await;
    assert_eq!(letters[0]["attempts"], 2);
    assert_eq!(letters[0]["failure"], "421");
}

#[tokio::test]
async fn what_is_retried_or_deleted_is_no_dead_letter_any_more() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (retried, _) = app.dead_notice().await;
    let deleted = app.some_dead_letter().await;
    admin.retry_dead_letter(retried).await.no_content();
    admin.delete_dead_letter(deleted).await.no_content();

    for id in [retried, deleted] {
        let again = admin.retry_dead_letter(id).await;
        again.is_problem(404, "not_found");
        let again = admin.delete_dead_letter(id).await;
        again.is_problem(404, "not_found");
    }
    assert_eq!(told(&app, "dead_letters.retried", retried).await, 1);
    assert_eq!(told(&app, "dead_letters.deleted", deleted).await, 1);
    assert_eq!(app.deliver().await, [Delivery::Delivered]);
}

#[tokio::test]
async fn what_is_deleted_is_never_sent() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (id, _) = app.dead_notice().await;

    admin.delete_dead_letter(id).await.no_content();

    assert_eq!(listed(&admin, "").await, Vec::<Value>::new());
    assert_eq!(app.deliver().await, []);
    assert_eq!(app.database.count("outbox_messages").await, 0);
}

#[tokio::test]
async fn what_nobody_ever_wrote_cannot_be_retried_or_deleted() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let unknown = Uuid::from_u128(7);

    let retried = admin.retry_dead_letter(unknown).await;
    let deleted = admin.delete_dead_letter(unknown).await;

    retried.is_problem(404, "not_found");
    deleted.is_problem(404, "not_found");
}

#[tokio::test]
async fn who_may_read_may_not_yet_manage() {
    let app = TestApp::start().await;
    let id = app.some_dead_letter().await;
    let reader = app.holder_of(&[Permission::DeadLettersRead]).await;

    assert_eq!(listed(&reader, "").await.len(), 1);
    let retried = reader.retry_dead_letter(id).await;
    let deleted = reader.delete_dead_letter(id).await;

    retried.is_problem(403, "insufficient_scope");
    deleted.is_problem(403, "insufficient_scope");
    assert_eq!(listed(&reader, "").await.len(), 1);
}
