//! Giving the password again (RFC 9470).

use application::Clock;
use chrono::TimeDelta;
use domain::users::{Status, User};
use serde_json::{Value, json};
use support::factories::users::{PASSWORD, user};
use support::{Client, TestApp};

use super::tokens::{text, verified};

#[tokio::test]
async fn a_password_given_again_makes_a_token_of_the_same_session_that_says_so() {
    let app = TestApp::start().await;
    let (ada, login) = signed_in(&app).await;
    let before = verified(&app, text(&login["access_token"])).await;
    app.clock.advance(TimeDelta::minutes(6));

    let answer = ada.step_up(PASSWORD).await;

    let body = answer.ok();
    let members: Vec<_> = body.as_object().expect("an object").keys().collect();
    let expected = ["access_token", "expires_in", "status", "token_type"];
    assert_eq!(members, expected);
    assert_eq!(body["status"], "authenticated");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("set-cookie"), None);
    let now = app.clock.now().timestamp();
    let after = verified(&app, text(&body["access_token"])).await;
    assert_eq!(
        (&after["auth_time"], &after["iat"]),
        (&json!(now), &json!(now))
    );
    for same in ["sid", "sub", "ver", "roles", "scope"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert_ne!(after["jti"], before["jti"]);
    let sessions = ada.list_my_sessions("").await.ok();
    let own = &sessions["data"][0];
    assert_ne!(own["authenticated_at"], own["created_at"]);
}

#[tokio::test]
async fn what_is_sensitive_is_open_to_the_new_token_and_not_to_the_old_one() {
    let app = TestApp::start().await;
    let (ada, _) = signed_in(&app).await;
    app.clock.advance(TimeDelta::minutes(6));

    let refused = ada.delete_me("*").await;
    let stepped_up = ada.step_up(PASSWORD).await.ok();
    let still = ada.delete_me("*").await;

    for answer in [refused, still] {
        answer.is_problem(401, "insufficient_user_authentication");
    }
    with(&app, &stepped_up).delete_me("*").await.no_content();
}

/// The time is that of the session: copied, as that of the sign-in was, and never renewed.
#[tokio::test]
async fn a_refresh_copies_the_time_of_the_password_and_never_renews_it() {
    let app = TestApp::start().await;
    let (ada, login) = signed_in(&app).await;
    let refresh = async |tokens: &Value| {
        let tokens = app
            .anonymous()
            .refresh(text(&tokens["refresh_token"]))
            .await;
        tokens.ok()
    };
    let began = app.clock.now().timestamp();
    app.clock.advance(TimeDelta::minutes(6));
    let first = refresh(&login).await;
    let time = async |tokens: &Value| {
        verified(&app, text(&tokens["access_token"])).await["auth_time"].clone()
    };
    assert_eq!(time(&first).await, json!(began));
    with(&app, &first)
        .delete_me("*")
        .await
        .is_problem(401, "insufficient_user_authentication");

    ada.step_up(PASSWORD).await.ok();
    let stepped_up = app.clock.now().timestamp();
    app.clock.advance(TimeDelta::minutes(4));
    let second = refresh(&first).await;
    app.clock.advance(TimeDelta::minutes(2));
    let third = refresh(&second).await;

    assert_eq!(time(&second).await, json!(stepped_up));
    assert_eq!(time(&third).await, json!(stepped_up));
    let late = with(&app, &third).delete_me("*").await;
    late.is_problem(401, "insufficient_user_authentication");
}

#[tokio::test]
async fn a_wrong_password_is_refused_as_a_sign_in_is_and_changes_nothing() {
    let app = TestApp::start().await;
    let (ada, _) = signed_in(&app).await;
    app.clock.advance(TimeDelta::minutes(6));

    for wrong in ["x", "a password of somebody else", &PASSWORD.to_uppercase()] {
        let refused = ada.step_up(wrong).await;

        refused.is_problem(401, "sign_in_refused");
        let challenge = refused.header("www-authenticate");
        assert_eq!(challenge, Some("Bearer realm=\"ashlar\""));
    }
    let sessions = ada.list_my_sessions("").await.ok();
    let own = &sessions["data"][0];
    assert_eq!(own["authenticated_at"], own["created_at"]);
}

#[tokio::test]
async fn a_body_is_told_all_its_faults() {
    let app = TestApp::start().await;
    let (ada, _) = signed_in(&app).await;
    for (body, at, code) in [
        (json!({}), "/password", "missing"),
        (json!({ "password": "" }), "/password", "invalid"),
        (
            json!({ "password": "é".repeat(129) }),
            "/password",
            "invalid",
        ),
        (
            json!({ "password": PASSWORD, "email": "a@b.c" }),
            "/email",
            "unknown_field",
        ),
    ] {
        let refused = ada.post("/api/v1/me/step-up", &body).await;

        refused.is_problem(422, "invalid");
        assert_eq!(refused.faults(), [(at.into(), code.into())]);
    }
}

/// Or whoever has an access token could guess on, from another quota.
#[tokio::test]
async fn a_step_up_counts_with_the_sign_ins_of_the_network() {
    let limits = [
        ("ASHLAR__LIMITS__SIGN_IN_PER_MINUTE", "60"),
        ("ASHLAR__LIMITS__SIGN_IN_BURST", "3"),
    ];
    let app = TestApp::start_with(&limits, |ports| ports).await;
    let (ada, _) = signed_in(&app).await;

    ada.step_up("a guess")
        .await
        .is_problem(401, "sign_in_refused");
    let other = "no password of mine at all";
    let refused = ada.change_my_password("another guess", other).await;
    refused.is_problem(422, "wrong_password");

    ada.step_up(PASSWORD).await.is_problem(429, "rate_limited");
    let login = app.anonymous().login("ada@example.org", PASSWORD).await;
    login.is_problem(429, "rate_limited");
    let change = ada.change_my_password(PASSWORD, other).await;
    change.is_problem(429, "rate_limited");
    ada.get_me().await.ok();
}

async fn signed_in(app: &TestApp) -> (Client, Value) {
    let ada: User = user(Status::Active);
    app.store(&ada).await;
    let login = app.anonymous().login(ada.email.as_str(), PASSWORD).await;
    let login = login.ok();
    (with(app, &login), login)
}

fn with(app: &TestApp, tokens: &Value) -> Client {
    app.anonymous().with_token(text(&tokens["access_token"]))
}
