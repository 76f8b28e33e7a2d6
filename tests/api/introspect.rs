//! What a token is worth, told to whoever may ask.

use application::StoreError;
use chrono::TimeDelta;
use domain::roles::Permission;
use domain::users::{Status, User};
use serde_json::{Value, json};
use support::factories::users::{PASSWORD, user};
use support::{Answer, Client, Fault, Faults, Place, TestApp};

use super::tokens::{text, verified};

async fn asker(app: &TestApp) -> Client {
    app.holder_of(&[Permission::TokensIntrospect]).await
}

async fn signed_in(app: &TestApp) -> (User, Value) {
    let ada = user(Status::Active);
    app.store(&ada).await;
    let answer = app.anonymous().login(ada.email.as_str(), PASSWORD).await;
    (ada, answer.ok())
}

async fn ask(asker: &Client, token: &str) -> Answer {
    asker.introspect_token(&[("token", token)]).await
}

#[track_caller]
fn is_worth_nothing(answer: &Answer) {
    assert_eq!(answer.ok(), json!({ "active": false }));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_good_access_token_is_told_with_its_claims() {
    let app = TestApp::start().await;
    let asker = asker(&app).await;
    let (ada, tokens) = signed_in(&app).await;
    let claims = verified(&app, text(&tokens["access_token"])).await;

    let answer = ask(&asker, text(&tokens["access_token"])).await;

    let mut expected = json!({ "active": true, "token_type": "Bearer" });
    for name in [
        "scope",
        "client_id",
        "exp",
        "iat",
        "sub",
        "iss",
        "sid",
        "jti",
        "auth_time",
    ] {
        expected[name] = claims[name].clone();
    }
    assert_eq!(answer.ok(), expected);
    assert_eq!(answer.ok()["sub"], json!(ada.id.0));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_good_refresh_token_is_told_with_its_session_and_still_good_afterwards() {
    let app = TestApp::start().await;
    let asker = asker(&app).await;
    let (ada, tokens) = signed_in(&app).await;
    let claims = verified(&app, text(&tokens["access_token"])).await;
    let refresh_token = text(&tokens["refresh_token"]);

    for hint in ["refresh_token", "access_token", "unheard_of"] {
        let parameters = [("token", refresh_token), ("token_type_hint", hint)];
        let answer = asker.introspect_token(&parameters).await;

        let issued = claims["iat"].as_i64().expect("it is a time");
        let expected = json!({
            "active": true, "scope": "full", "client_id": "ashlar", "sub": ada.id.0,
            "iss": claims["iss"], "sid": claims["sid"], "iat": issued,
            "exp": issued + TimeDelta::days(14).num_seconds(),
        });
        assert_eq!(answer.ok(), expected, "{hint}");
    }
    app.anonymous().refresh(refresh_token).await.ok();
}

#[tokio::test]
async fn of_what_is_not_good_nothing_is_told() {
    let app = TestApp::start().await;
    let asker = asker(&app).await;
    let (_, used) = signed_in(&app).await;
    app.anonymous()
        .refresh(text(&used["refresh_token"]))
        .await
        .ok();
    let (_, revoked) = signed_in(&app).await;
    let token = [("token", text(&revoked["refresh_token"]))];
    app.anonymous().revoke_token(&token).await;
    let (_, expired) = signed_in(&app).await;

    is_worth_nothing(&ask(&asker, text(&used["refresh_token"])).await);
    for kind in ["access_token", "refresh_token"] {
        is_worth_nothing(&ask(&asker, text(&revoked[kind])).await);
    }
    for unknown in ["x", "a.b.c", "🗿", asker.token().trim_end_matches('A')] {
        let unknown = format!("{unknown}-");
        is_worth_nothing(&ask(&asker, &unknown).await);
    }
    app.clock.advance(TimeDelta::days(14));
    let later = app.holder_of(&[Permission::TokensIntrospect]).await;
    for kind in ["access_token", "refresh_token"] {
        is_worth_nothing(&ask(&later, text(&expired[kind])).await);
    }
}

#[tokio::test]
async fn a_token_of_somebody_who_was_shut_out_is_worth_nothing() {
    let app = TestApp::start().await;
    let (asker, admin) = (asker(&app).await, app.administrator().await);
    let (ada, tokens) = signed_in(&app).await;

    admin.deactivate_user(ada.id.0, "*").await.ok();

    for kind in ["access_token", "refresh_token"] {
        is_worth_nothing(&ask(&asker, text(&tokens[kind])).await);
    }
}

#[tokio::test]
async fn who_has_not_the_permission_is_told_nothing() {
    let app = TestApp::start().await;
    let (_, tokens) = signed_in(&app).await;
    let token = text(&tokens["access_token"]);
    let every_other = Permission::ALL.iter().copied();
    let every_other: Vec<_> = every_other
        .filter(|it| *it != Permission::TokensIntrospect)
        .collect();

    let stranger = ask(&app.anonymous(), token).await;
    let other = ask(&app.holder_of(&every_other).await, token).await;

    stranger.is_problem(401, "unauthenticated");
    other.is_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn what_asks_for_nothing_or_twice_is_refused_as_oauth_does() {
    let app = TestApp::start().await;
    let asker = asker(&app).await;
    let ask = async |parameters: &[(&str, &str)]| asker.introspect_token(parameters).await;

    ask(&[]).await.is_oauth_error("invalid_request");
    let twice = ask(&[("token", "x"), ("token", "x")]).await;
    twice.is_oauth_error("invalid_request");
    let another = ask(&[("token", "x"), ("client_id", "another")]).await;
    another.is_oauth_error("invalid_client");
    let large = "b".repeat(100_000);
    ask(&[("token", &large)]).await.is_problem(413, "too_large");
    let body = json!({ "token": "x" });
    let as_json = asker.post("/oauth/introspect", &body).await;
    as_json.is_problem(415, "unsupported_media_type");
    let html = asker.request(reqwest::Method::POST, "/oauth/introspect");
    let html = html.form(&[("token", "x")]).header("Accept", "text/html");
    asker.send(html).await.is_problem(406, "not_acceptable");
}

#[tokio::test]
async fn without_a_database_nobody_can_say_what_a_token_is_worth() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within_database(ports)).await;
    let asker = asker(&app).await;
    let (_, tokens) = signed_in(&app).await;
    let ask = async || ask(&asker, text(&tokens["refresh_token"])).await;

    let failed = StoreError::Failed("innermost".into());
    faults.plan(Place::Standing, Fault::Answers(failed));
    ask().await.is_problem(500, "internal");
    let away = StoreError::Unavailable("innermost".into());
    faults.plan(Place::Standing, Fault::Answers(away));
    ask().await.is_problem(503, "unavailable");
}
