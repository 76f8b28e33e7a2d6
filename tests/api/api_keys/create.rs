use chrono::{DateTime, TimeDelta, Utc};
use domain::roles::Permission;
use domain::users::Status;
use serde_json::{Value, json};
use support::TestApp;
use support::factories::api_keys::create_api_key;
use support::factories::users::{PASSWORD, id_of, user};

#[tokio::test]
async fn a_made_key_is_at_its_address_and_its_token_is_told_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let body = json!({
        "name": " Nightly ", "scopes": ["audit:read", "users:read", "audit:read"],
        "expires_at": app.in_days(30)
    });

    let created = admin.create_my_api_key(&body).await;

    let issued = created.created();
    let (key, token) = (&issued["api_key"], issued["token"].as_str().unwrap());
    let id = id_of(key);
    let location = created.header("location").unwrap();
    assert!(location.ends_with(&format!("/api/v1/me/api-keys/{id}")));
    assert_eq!(created.header("cache-control"), Some("no-store"));
    assert!(token.starts_with(&format!("ask_{}_", id.simple())));
    assert_eq!(key["name"], "Nightly");
    assert_eq!(key["scopes"], json!(["users:read", "audit:read"]));
    assert_eq!(key["last_used_at"], Value::Null);
    let shown = admin.get_my_api_key(id).await;
    assert_eq!(shown.ok(), *key);
    assert_eq!(shown.etag(), "\"1\"");
    let listed = admin.list_my_api_keys("").await.ok();
    assert_eq!(listed["data"], json!([key]));
    for answer in [shown.text(), listed.to_string()] {
        assert!(!answer.contains("ask_"), "{answer}");
    }
}

#[tokio::test]
async fn nobody_makes_a_key_that_may_do_what_they_may_not() {
    let app = TestApp::start().await;
    let reader = app.holder_of(&[Permission::UsersRead]).await;

    let refused = reader
        .create_my_api_key(&create_api_key(&[Permission::UsersDelete]))
        .await;
    let made = reader
        .create_my_api_key(&create_api_key(&[Permission::UsersRead]))
        .await;

    refused.is_problem(403, "beyond_own_rights");
    made.created();
    let told = "audit_events WHERE action = 'rights.exceeded'";
    assert_eq!(app.database.count(told).await, 1);
}

#[tokio::test]
async fn a_key_needs_a_password_that_was_just_given() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    app.clock.advance(TimeDelta::seconds(301));

    let late = ada.create_my_api_key(&create_api_key(&[])).await;
    let fresh = ada.step_up(PASSWORD).await.ok();
    let fresh = ada.with_token(fresh["access_token"].as_str().unwrap());

    late.is_problem(401, "insufficient_user_authentication");
    fresh
        .create_my_api_key(&create_api_key(&[]))
        .await
        .created();
}

#[tokio::test]
async fn nobody_has_more_keys_than_the_settings_allow() {
    let two = [("ASHLAR__API_KEYS__MOST_PER_OWNER", "2")];
    let app = TestApp::start_with(&two, |ports| ports).await;
    let ada = app.member().await;
    let (_, first) = ada.some_api_key(&[]).await;
    ada.some_api_key(&[]).await;

    let third = ada.create_my_api_key(&create_api_key(&[])).await;
    ada.delete_my_api_key(first, "*").await.no_content();

    third.is_problem(409, "too_many_api_keys");
    ada.some_api_key(&[]).await;
    app.member().await.some_api_key(&[]).await;
}

#[tokio::test]
async fn a_key_lives_no_longer_than_the_settings_allow() {
    let week = [("ASHLAR__API_KEYS__MAX_DAYS", "7")];
    let app = TestApp::start_with(&week, |ports| ports).await;
    let ada = app.member().await;
    let until = |expires_at: DateTime<Utc>| {
        let mut body = create_api_key(&[]);
        body["expires_at"] = json!(expires_at);
        body
    };
    let second = TimeDelta::seconds(1);

    for bad in [app.in_days(0), app.in_days(7) + second, app.in_days(-9)] {
        let refused = ada.create_my_api_key(&until(bad)).await;

        refused.is_problem(422, "invalid");
        let invalid = ("/expires_at".to_owned(), "invalid".to_owned());
        assert_eq!(refused.faults(), [invalid], "{bad}");
    }
    let made = ada.create_my_api_key(&until(app.in_days(7))).await;
    made.created();
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_key_is_told_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let body = json!({
        "name": "a\nb", "scopes": ["users:read", "users:fly"], "expires_at": "tomorrow", "id": 1
    });

    let refused = admin.create_my_api_key(&body).await;
    let nothing = admin.create_my_api_key(&json!({})).await;

    refused.is_problem(422, "invalid");
    let places: Vec<_> = refused.faults().into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["/expires_at", "/id", "/name", "/scopes/1"]);
    nothing.is_problem(422, "invalid");
    let places: Vec<_> = nothing.faults().into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["/expires_at", "/name", "/scopes"]);
}

#[tokio::test]
async fn what_is_kept_of_a_key_does_not_open_anything() {
    let app = TestApp::start().await;
    let ada = app.sign_in(&user(Status::Active)).await;
    let (program, _) = ada.some_api_key(&[]).await;
    let secret = program.token().split('_').nth(2).unwrap();

    let row = app.database.query("SELECT * FROM api_keys").await;

    assert_eq!(row.len(), 1);
    let shown = format!("{row:?}");
    assert!(
        !shown.contains(secret) && !shown.contains("ask_"),
        "{shown}"
    );
}
