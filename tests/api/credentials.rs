use chrono::TimeDelta;
use domain::users::{Status, User};
use serde_json::{Value, json};
use support::factories::users::{PASSWORD, user};
use support::{Client, TestApp};

use super::tokens::text;

const NEW: &str = "mortar, lime and sand";

#[tokio::test]
async fn another_password_signs_in_from_then_on_and_the_old_one_does_not() {
    let app = TestApp::start().await;
    let (ada, tokens) = signed_in(&app).await;
    let etag = with(&app, &tokens).get_me().await.etag();

    let changed = with(&app, &tokens).change_my_password(PASSWORD, NEW).await;

    changed.no_content();
    let nobody = app.anonymous();
    let address = ada.email.as_str();
    nobody
        .login(address, PASSWORD)
        .await
        .is_problem(401, "sign_in_refused");
    let again = nobody.login(address, NEW).await.ok();
    assert_ne!(with(&app, &again).get_me().await.etag(), etag);
}

#[tokio::test]
async fn another_password_ends_every_session_but_ones_own() {
    let app = TestApp::start().await;
    let (ada, tokens) = signed_in(&app).await;
    let elsewhere = app
        .anonymous()
        .login(ada.email.as_str(), PASSWORD)
        .await
        .ok();
    let (_, of_another) = signed_in(&app).await;

    let changed = with(&app, &tokens).change_my_password(PASSWORD, NEW).await;

    changed.no_content();
    let refresh = async |tokens: &Value| {
        let token = text(&tokens["refresh_token"]);
        app.anonymous().refresh(token).await
    };
    // The account's version is another one: also the present access token is void.
    for tokens in [&tokens, &elsewhere] {
        with(&app, tokens)
            .get_me()
            .await
            .is_problem(401, "invalid_token");
    }
    refresh(&elsewhere).await.is_oauth_error("invalid_grant");
    let refreshed = refresh(&tokens).await.ok();
    with(&app, &refreshed).get_me().await.ok();
    with(&app, &of_another).get_me().await.ok();
}

#[tokio::test]
async fn who_does_not_know_the_present_password_changes_nothing() {
    let app = TestApp::start().await;
    let (ada, tokens) = signed_in(&app).await;

    for wrong in ["x", NEW] {
        let refused = with(&app, &tokens).change_my_password(wrong, NEW).await;

        refused.is_problem(422, "wrong_password");
        let told = [("/current_password".into(), "invalid".into())];
        assert_eq!(refused.faults(), told);
    }
    app.anonymous()
        .login(ada.email.as_str(), PASSWORD)
        .await
        .ok();
    with(&app, &tokens).get_me().await.ok();
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_is_told_why() {
    let app = TestApp::start().await;
    let (ada, tokens) = signed_in(&app).await;
    let long = "é".repeat(129);
    for weak in [
        "",
        "dry stone wall",
        "passwordpassword",
        ada.email.as_str(),
        &long,
    ] {
        for present in [PASSWORD, "wrong"] {
            let refused = with(&app, &tokens).change_my_password(present, weak).await;

            let body = refused.is_problem(422, "invalid");
            let told = [("/new_password".into(), "invalid".into())];
            assert_eq!(refused.faults(), told, "{weak}");
            let shown = body.to_string();
            assert!(weak.is_empty() || !shown.contains(weak), "{shown}");
        }
    }
    with(&app, &tokens).get_me().await.ok();
}

#[tokio::test]
async fn a_body_is_told_all_its_faults() {
    let app = TestApp::start().await;
    let (_, tokens) = signed_in(&app).await;

    let body = json!({ "new_password": 7, "old": "" });
    let refused = with(&app, &tokens).post("/api/v1/me/password", &body).await;

    refused.is_problem(422, "invalid");
    let faults = refused.faults();
    let told: Vec<_> = faults.iter().map(|(at, code)| (&**at, &**code)).collect();
    assert_eq!(
        told,
        [
            ("/current_password", "missing"),
            ("/new_password", "wrong_type"),
            ("/old", "unknown_field"),
        ]
    );
}

/// Whoever finds an open browser cannot even try.
#[tokio::test]
async fn a_sign_in_of_long_ago_is_not_enough() {
    let app = TestApp::start().await;
    let (_, tokens) = signed_in(&app).await;
    app.clock.advance(TimeDelta::minutes(6));

    let refused = with(&app, &tokens).change_my_password(PASSWORD, NEW).await;

    refused.is_problem(401, "insufficient_user_authentication");
}

async fn signed_in(app: &TestApp) -> (User, Value) {
    let ada = user(Status::Active);
    app.store(&ada).await;
    let login = app.anonymous().login(ada.email.as_str(), PASSWORD).await;
    (ada, login.ok())
}

fn with(app: &TestApp, tokens: &Value) -> Client {
    app.anonymous().with_token(text(&tokens["access_token"]))
}
