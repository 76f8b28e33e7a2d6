use chrono::TimeDelta;
use domain::users::{Status, User};
use serde_json::json;
use support::TestApp;
use support::factories::users::{PASSWORD, user};

use super::{
    ada, address_of, an_address, asked, assert_cannot_cancel, assert_cannot_confirm, changed,
    signed_in,
};

#[tokio::test]
async fn before_the_change_it_is_withdrawn_and_whoever_asked_is_out() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let (program, _) = session.some_api_key(&[]).await;
    let asked = asked(&app, &session, &ada.email).await;

    let cancelled = app.anonymous().cancel_email_change(&asked.cancel).await;

    cancelled.no_content();
    assert_cannot_confirm(&app, &asked.confirm).await;
    assert_cannot_cancel(&app, &asked.cancel).await;
    for out in [&session, &program] {
        out.get_me().await.is_problem(401, "invalid_token");
    }
    let again = signed_in(&app, &ada.email).await;
    assert_eq!(again.get_me().await.ok()["email"], ada.email.as_str());
}

#[tokio::test]
async fn after_the_change_the_old_address_is_back_and_everybody_is_out() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let changed = changed(&app, &session, &ada.email).await;
    let thief = signed_in(&app, &changed.address).await;
    let (program, _) = thief.some_api_key(&[]).await;
    app.clock.advance(TimeDelta::minutes(1));
    let nobody = app.anonymous();
    let reset = nobody
        .request_password_reset(changed.address.as_str())
        .await;
    reset.accepted();
    app.deliver().await;
    let reset = app.mailer.token_for(&changed.address);
    assert_ne!(reset, changed.confirm);

    nobody
        .cancel_email_change(&changed.cancel)
        .await
        .no_content();

    assert_eq!(address_of(&app, &ada).await, ada.email);
    for out in [&thief, &program] {
        out.get_me().await.is_problem(401, "invalid_token");
    }
    let reset = nobody.confirm_password_reset(&reset, PASSWORD).await;
    reset.is_problem(410, "token_void");
    let login = nobody.login(changed.address.as_str(), PASSWORD).await;
    login.is_problem(401, "sign_in_refused");
    signed_in(&app, &ada.email).await;
}

#[tokio::test]
async fn each_mail_to_the_old_address_is_good_for_seven_days_and_once() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let asked = asked(&app, &session, &ada.email).await;
    app.clock.advance(TimeDelta::hours(1));
    let nobody = app.anonymous();
    nobody
        .confirm_email_change(&asked.confirm)
        .await
        .no_content();
    app.deliver().await;
    let after = app.mailer.token_for(&ada.email);
    assert_ne!(after, asked.cancel);
    app.clock.advance(TimeDelta::days(7) - TimeDelta::hours(1));

    assert_cannot_cancel(&app, &asked.cancel).await;
    app.clock
        .advance(TimeDelta::hours(1) - TimeDelta::microseconds(1));
    nobody.cancel_email_change(&after).await.no_content();

    assert_eq!(address_of(&app, &ada).await, ada.email);
    assert_cannot_cancel(&app, &after).await;
}

#[tokio::test]
async fn seven_days_after_the_change_it_stays() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let changed = changed(&app, &session, &ada.email).await;
    let last = app.mailer.token_for(&ada.email);

    app.clock.advance(TimeDelta::days(7));

    assert_cannot_cancel(&app, &last).await;
    assert_eq!(address_of(&app, &ada).await, changed.address);
}

/// A thief who goes on to a third address, and asks for a fourth.
#[tokio::test]
async fn it_takes_every_later_change_back_with_it() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let first = changed(&app, &session, &ada.email).await;
    let thief = signed_in(&app, &first.address).await;
    let second = changed(&app, &thief, &first.address).await;
    let thief = signed_in(&app, &second.address).await;
    let third = asked(&app, &thief, &second.address).await;
    let nobody = app.anonymous();

    nobody.cancel_email_change(&first.cancel).await.no_content();

    assert_eq!(address_of(&app, &ada).await, ada.email);
    assert_cannot_cancel(&app, &second.cancel).await;
    assert_cannot_confirm(&app, &third.confirm).await;
    assert_cannot_cancel(&app, &third.cancel).await;
    assert_eq!(app.database.count("email_changes").await, 0);
}

/// A thief who reads the mail of the second address cannot get rid of the owner's way back by going there again.
#[tokio::test]
async fn it_leaves_earlier_changes_to_be_taken_back() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let first = changed(&app, &session, &ada.email).await;
    let thief = signed_in(&app, &first.address).await;
    let second = changed(&app, &thief, &first.address).await;
    let nobody = app.anonymous();

    let cancelled = nobody.cancel_email_change(&second.cancel).await;
    cancelled.no_content();
    assert_eq!(address_of(&app, &ada).await, first.address);
    nobody.cancel_email_change(&first.cancel).await.no_content();

    assert_eq!(address_of(&app, &ada).await, ada.email);
}

#[tokio::test]
async fn another_password_is_no_way_to_keep_the_account() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let changed = changed(&app, &session, &ada.email).await;
    let thief = signed_in(&app, &changed.address).await;
    let another = "mortar, lime and sand";
    let chosen = thief.change_my_password(PASSWORD, another).await;
    chosen.no_content();

    let cancelled = app.anonymous().cancel_email_change(&changed.cancel).await;

    cancelled.no_content();
    assert_eq!(address_of(&app, &ada).await, ada.email);
}

#[tokio::test]
async fn an_account_that_is_shut_gets_its_address_back_and_stays_shut() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (ada, session) = ada(&app).await;
    let changed = changed(&app, &session, &ada.email).await;
    admin.deactivate_user(ada.id.0, "*").await.ok();

    let cancelled = app.anonymous().cancel_email_change(&changed.cancel).await;

    cancelled.no_content();
    let user = admin.get_user(ada.id.0).await.ok();
    assert_eq!(user["email"], ada.email.as_str());
    assert_eq!(user["status"], "deactivated");
}

#[tokio::test]
async fn an_old_address_that_somebody_else_has_by_now_is_told_and_spends_no_token() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (ada, session) = ada(&app).await;
    let changed = changed(&app, &session, &ada.email).await;
    let thief = signed_in(&app, &changed.address).await;
    let other = User {
        email: ada.email.clone(),
        ..user(Status::Active)
    };
    app.store(&other).await;
    let nobody = app.anonymous();

    let refused = nobody.cancel_email_change(&changed.cancel).await;

    refused.is_problem(409, "email_taken");
    thief.get_me().await.ok();
    admin.delete_user(other.id.0, "*").await.no_content();
    nobody
        .cancel_email_change(&changed.cancel)
        .await
        .no_content();
}

#[tokio::test]
async fn an_administrator_has_the_last_word() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (ada, session) = ada(&app).await;
    let changed = changed(&app, &session, &ada.email).await;
    let given = an_address();

    let body = json!({ "email": given.as_str() });
    admin.update_user(ada.id.0, "*", &body).await.ok();

    assert_cannot_cancel(&app, &changed.cancel).await;
    assert_eq!(address_of(&app, &ada).await, given);
}
