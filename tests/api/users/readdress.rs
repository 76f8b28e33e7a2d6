//! Another address from an administrator.

use application::outbox::MailContent;
use domain::roles::Permission;
use domain::users::{EmailAddress, Status, User};
use serde_json::json;
use support::factories::users::{PASSWORD, create_user, display_name, email, id_of, user};
use support::{Client, TestApp};

fn an_address() -> EmailAddress {
    EmailAddress::parse(&email()).expect("it is one")
}

async fn move_to(by: &Client, of: &User, address: &EmailAddress) {
    let patch = json!({ "email": address.as_str() });
    by.update_user(of.id.0, "*", &patch).await.ok();
}

/// The last mail to that address.
fn last_to(app: &TestApp, address: &EmailAddress) -> MailContent {
    let mut mails = app.mailer.taken_for(address);
    mails.pop().expect("they were written to").content
}

async fn stored(app: &TestApp, status: Status) -> User {
    let stored = user(status);
    app.store(&stored).await;
    stored
}

#[tokio::test]
async fn both_addresses_are_told() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for status in [Status::Active, Status::Deactivated] {
        let ada = stored(&app, status).await;
        let new = an_address();

        move_to(&admin, &ada, &new).await;
        app.deliver().await;

        let (to_old, to_new) = (app.mailer.taken_for(&ada.email), app.mailer.taken_for(&new));
        assert!(matches!(to_old[..], [ref it] if matches!(it.content, MailContent::EmailReplaced)));
        assert!(matches!(to_new[..], [ref it] if matches!(it.content, MailContent::EmailSet)));
    }
}

#[tokio::test]
async fn who_has_not_answered_an_invitation_gets_another_one_at_the_new_address() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let body = create_user();
    let id = id_of(&admin.create_user(&body).await.created());
    let (old, new) = (body["email"].as_str().unwrap(), an_address());
    let old = EmailAddress::parse(old).unwrap();
    app.deliver().await;
    let first = app.mailer.token_for(&old);

    let patch = json!({ "email": new.as_str() });
    admin.update_user(id, "*", &patch).await.ok();
    app.deliver().await;

    assert!(matches!(last_to(&app, &old), MailContent::EmailReplaced));
    let nobody = app.anonymous();
    let refused = nobody.accept_invitation(&first, PASSWORD).await;
    refused.is_problem(410, "token_void");
    let second = app.mailer.token_for(&new);
    let accepted = nobody.accept_invitation(&second, PASSWORD).await;
    accepted.no_content();
    nobody.login(new.as_str(), PASSWORD).await.ok();
}

#[tokio::test]
async fn what_was_mailed_to_the_owner_is_void() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = stored(&app, Status::Active).await;
    let (second, third) = (an_address(), an_address());
    let session = app.session_of(&ada).await;
    let asked = session.request_email_change(second.as_str()).await;
    asked.accepted();
    app.deliver().await;
    let nobody = app.anonymous();
    let confirm = app.mailer.token_for(&second);
    nobody.confirm_email_change(&confirm).await.no_content();
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let asked = nobody.request_password_reset(second.as_str()).await;
    asked.accepted();
    app.deliver().await;
    let (way_back, reset) = (
        app.mailer.token_for(&ada.email),
        app.mailer.token_for(&second),
    );

    move_to(&admin, &ada, &third).await;

    let way_back = nobody.cancel_email_change(&way_back).await;
    way_back.is_problem(410, "token_void");
    let reset = nobody.confirm_password_reset(&reset, PASSWORD).await;
    reset.is_problem(410, "token_void");
    assert_eq!(app.database.count("one_time_tokens").await, 0);
}

#[tokio::test]
async fn an_address_that_goes_on_to_another_is_not_told_that_it_is_the_accounts() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = stored(&app, Status::Active).await;
    let (wrong, right) = (an_address(), an_address());

    move_to(&admin, &ada, &wrong).await;
    move_to(&admin, &ada, &right).await;
    app.deliver().await;

    for mail in app.mailer.taken_for(&wrong) {
        assert!(matches!(mail.content, MailContent::EmailReplaced));
    }
    assert!(matches!(last_to(&app, &right), MailContent::EmailSet));
}

#[tokio::test]
async fn nobody_is_told_of_another_name_or_the_same_or_a_refused_address() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (ada, other) = (
        stored(&app, Status::Active).await,
        stored(&app, Status::Active).await,
    );

    let same = json!({ "email": ada.email.as_str(), "display_name": display_name() });
    admin.update_user(ada.id.0, "*", &same).await.ok();
    let taken = json!({ "email": other.email.as_str() });
    let refused = admin.update_user(ada.id.0, "*", &taken).await;

    refused.is_problem(409, "email_taken");
    assert_eq!(app.database.count("outbox_messages").await, 0);
}

#[tokio::test]
async fn what_tells_of_it_goes_with_the_account() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = stored(&app, Status::Active).await;

    move_to(&admin, &ada, &an_address()).await;
    admin.delete_user(ada.id.0, "*").await.no_content();

    assert_eq!(app.database.count("outbox_messages").await, 0);
}

/// Who finds an administrator signed in does not know their password: with the address they could choose another one.
#[tokio::test]
async fn nobody_gives_their_own_account_another_address_without_their_password() {
    let app = TestApp::start().await;
    let rights = [Permission::UsersUpdate];
    let updater = app.holder_of(&rights).await;
    let (program, _) = updater.some_api_key(&rights).await;
    let before = updater.get_me().await.ok();
    let patch = json!({ "email": email(), "display_name": display_name() });

    for client in [&updater, &program] {
        let refused = client.update_user(updater.id(), "*", &patch).await;
        refused.is_problem(409, "oneself");
    }

    assert_eq!(updater.get_me().await.ok(), before);
    assert_eq!(app.database.count("outbox_messages").await, 0);
    let same = json!({ "email": before["email"], "display_name": "Countess" });
    let renamed = updater.update_user(updater.id(), "*", &same).await.ok();
    assert_eq!(renamed["display_name"], "Countess");
}
