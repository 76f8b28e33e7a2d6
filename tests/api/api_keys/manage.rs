use chrono::TimeDelta;
use domain::roles::Permission;
use domain::users::Status;
use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;
use serde_json::json;
use support::TestApp;
use support::factories::users::user;

#[tokio::test]
async fn the_keys_of_others_are_not_there() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.member().await, app.administrator().await);
    let (program, key) = ada.some_api_key(&[]).await;
    let renamed = json!({ "name": "Mine" });

    for id in [key, app.ports.ids.next()] {
        let shown = bob.get_my_api_key(id).await;
        let changed = bob.update_my_api_key(id, "*", &renamed).await;
        let deleted = bob.delete_my_api_key(id, "*").await;

        for refused in [shown, changed, deleted] {
            refused.is_problem(404, "not_found");
        }
    }
    let listed = bob.list_my_api_keys("").await.ok();
    assert_eq!(listed["data"], json!([]));
    program.get_me().await.ok();
}

#[tokio::test]
async fn a_change_is_the_next_version_and_the_same_again_is_none() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let (_, key) = ada.some_api_key(&[]).await;
    let renamed = json!({ "name": "Nightly" });

    let once = ada.update_my_api_key(key, "\"1\"", &renamed).await;
    let again = ada.update_my_api_key(key, "\"2\"", &renamed).await;
    let stale = ada.update_my_api_key(key, "\"1\"", &renamed).await;

    assert_eq!(once.ok()["name"], "Nightly");
    assert_eq!(
        (once.etag(), again.etag()),
        ("\"2\"".into(), "\"2\"".into())
    );
    assert_eq!(again.ok(), once.ok());
    stale.is_problem(412, "stale");
    let known = ada.request(Method::GET, &format!("/api/v1/me/api-keys/{key}"));
    let known = ada.send(known.header(IF_NONE_MATCH, "\"2\"")).await;
    known.not_modified();
}

#[tokio::test]
async fn nothing_is_changed_blindly() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let (_, key) = ada.some_api_key(&[]).await;
    let path = format!("/api/v1/me/api-keys/{key}");

    let changed = ada.request(Method::PATCH, &path);
    let changed = changed.header("Content-Type", "application/merge-patch+json");
    let changed = ada.send(changed.body("{}")).await;
    let deleted = ada.send(ada.request(Method::DELETE, &path)).await;
    let stale = ada.delete_my_api_key(key, "\"7\"").await;

    changed.is_problem(428, "if_match_required");
    deleted.is_problem(428, "if_match_required");
    stale.is_problem(412, "stale");
    ada.get_my_api_key(key).await.ok();
}

#[tokio::test]
async fn a_change_that_is_not_valid_is_told() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let (_, key) = ada.some_api_key(&[]).await;
    let body = json!({ "name": null, "scopes": ["users:fly"], "expires_at": app.in_days(300) });

    let refused = ada.update_my_api_key(key, "*", &body).await;

    refused.is_problem(422, "invalid");
    let places: Vec<_> = refused.faults().into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["/expires_at", "/name", "/scopes/0"]);
}

#[tokio::test]
async fn who_lets_a_key_do_more_needs_a_recent_password_and_the_permissions() {
    let app = TestApp::start().await;
    let mut ada = user(Status::Active);
    ada.roles.insert(app.role(&[Permission::UsersRead]).await);
    let ada_long_ago = app.sign_in(&ada).await;
    let (program, key) = ada_long_ago.some_api_key(&[]).await;
    let more = json!({ "scopes": ["users:read"] });
    let beyond = json!({ "scopes": ["users:read", "users:delete"] });
    let less = json!({ "scopes": [] });
    app.clock.advance(TimeDelta::seconds(301));
    let ada = app.session_of(&ada).await;

    let late = ada_long_ago.update_my_api_key(key, "*", &more).await;
    late.is_problem(401, "insufficient_user_authentication");
    let exceeding = ada.update_my_api_key(key, "*", &beyond).await;
    exceeding.is_problem(403, "beyond_own_rights");
    program
        .list_users("")
        .await
        .is_problem(403, "insufficient_scope");

    ada.update_my_api_key(key, "*", &more).await.ok();
    program.list_users("").await.ok();
    ada_long_ago.update_my_api_key(key, "*", &less).await.ok();
    program
        .list_users("")
        .await
        .is_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn a_deleted_key_opens_nothing_from_that_moment_on() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let (program, key) = ada.some_api_key(&[]).await;
    program.get_me().await.ok();

    ada.delete_my_api_key(key, "\"1\"").await.no_content();

    program.get_me().await.is_problem(401, "invalid_token");
    ada.get_my_api_key(key).await.is_problem(404, "not_found");
    ada.delete_my_api_key(key, "*")
        .await
        .is_problem(404, "not_found");
}

#[tokio::test]
async fn a_walk_over_the_pages_meets_each_key_once_newest_first() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.member().await, app.member().await);
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(ada.some_api_key(&[]).await.1.to_string());
    }
    made.reverse();

    let (mut met, mut query) = (Vec::new(), "limit=2".to_owned());
    let first = ada.list_my_api_keys(&query).await.ok();
    loop {
        let page = ada.list_my_api_keys(&query).await;
        let body = page.ok();
        for key in body["data"].as_array().unwrap() {
            met.push(key["id"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = body["page"]["next_cursor"].as_str() else {
            break;
        };
        assert!(page.header("link").is_some());
        query = format!("limit=2&cursor={cursor}");
    }

    assert_eq!(met, made);
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    let anothers = bob.list_my_api_keys(&format!("cursor={cursor}")).await;
    anothers.is_problem(400, "invalid_parameter");
}
