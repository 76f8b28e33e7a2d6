//! A change that nobody has confirmed does not outlive what the owner, or an administrator, does about the account.

use chrono::TimeDelta;
use domain::users::{EmailAddress, User};
use serde_json::json;
use support::factories::users::{PASSWORD, email};
use support::{Client, TestApp};

use super::{Asked, ada, an_address, asked, assert_cannot_cancel, assert_cannot_confirm};

const ANOTHER: &str = "mortar, lime and sand";

async fn started() -> (TestApp, User, Client, Asked) {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let asked = asked(&app, &session, &ada.email).await;
    (app, ada, session, asked)
}

async fn assert_withdrawn(app: &TestApp, asked: &Asked) {
    assert_cannot_confirm(app, &asked.confirm).await;
    assert_cannot_cancel(app, &asked.cancel).await;
    assert_eq!(app.database.count("email_changes").await, 0);
}

async fn reset(app: &TestApp, address: &EmailAddress) {
    app.clock.advance(TimeDelta::minutes(1));
    let nobody = app.anonymous();
    let asked = nobody.request_password_reset(address.as_str()).await;
    asked.accepted();
    app.deliver().await;
    let token = app.mailer.token_for(address);
    let reset = nobody.confirm_password_reset(&token, ANOTHER).await;
    reset.no_content();
}

#[tokio::test]
async fn a_password_reset_withdraws_it() {
    let (app, ada, _, asked) = started().await;

    reset(&app, &ada.email).await;

    assert_withdrawn(&app, &asked).await;
}

#[tokio::test]
async fn another_password_withdraws_it() {
    let (app, _, session, asked) = started().await;

    let changed = session.change_my_password(PASSWORD, ANOTHER).await;
    changed.no_content();

    assert_withdrawn(&app, &asked).await;
}

#[tokio::test]
async fn an_address_from_an_administrator_withdraws_it_and_a_name_does_not() {
    let (app, ada, _, asked) = started().await;
    let admin = app.administrator().await;

    let renamed = json!({ "display_name": "Countess" });
    admin.update_user(ada.id.0, "*", &renamed).await.ok();
    assert_eq!(app.database.count("email_changes").await, 1);
    let moved = json!({ "email": email() });
    admin.update_user(ada.id.0, "*", &moved).await.ok();

    assert_withdrawn(&app, &asked).await;
}

#[tokio::test]
async fn an_account_that_is_shut_withdraws_it() {
    let (app, ada, _, asked) = started().await;
    let admin = app.administrator().await;

    admin.deactivate_user(ada.id.0, "*").await.ok();
    admin.activate_user(ada.id.0, "*").await.ok();

    assert_withdrawn(&app, &asked).await;
}

#[tokio::test]
async fn an_account_that_is_deleted_takes_it_along() {
    let (app, _, session, asked) = started().await;

    session.delete_me("*").await.no_content();

    assert_withdrawn(&app, &asked).await;
}

/// Otherwise the worker would make a new token for it.
#[tokio::test]
async fn mail_that_waits_goes_with_it() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let address = an_address();
    let asked = session.request_email_change(address.as_str()).await;
    asked.accepted();
    assert_eq!(app.database.count("outbox_messages").await, 2);

    let changed = session.change_my_password(PASSWORD, ANOTHER).await;
    changed.no_content();
    app.deliver().await;

    assert!(app.mailer.taken_for(&address).is_empty());
    let told = app.mailer.taken_for(&ada.email);
    assert_eq!(told.len(), 1, "of the password, and of nothing else");
}
