//! What a change of an account is bound to before its body counts.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, IF_MATCH};
use serde_json::json;
use support::{Answer, Client, TestApp};
use uuid::Uuid;

use super::NOBODY;

const MERGE_PATCH: &str = "application/merge-patch+json";

#[tokio::test]
async fn any_of_the_named_versions_will_do() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    for (known, name) in [
        ("\"1\"", "One"),
        ("\"x\", \"2\"", "Two"),
        ("\"3\",\"7\"", "Three"),
        ("W/\"9\", \"4\"", "Four"),
        ("*", "Five"),
    ] {
        let updated = admin
            .update_user(id, known, &json!({ "display_name": name }))
            .await;

        assert_eq!(updated.ok()["display_name"], name);
    }
}

#[tokio::test]
async fn a_version_that_is_over_is_stale() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;
    let before = admin.get_user(id).await.etag();
    let patch = json!({ "display_name": "Countess" });
    let updated = admin.update_user(id, &before, &patch).await;

    // A weak tag is never the same as another one here (RFC 9110, section 13.1.1).
    for known in [before, format!("W/{}", updated.etag()), "\"x\"".to_owned()] {
        let refused = admin
            .update_user(id, &known, &json!({ "display_name": "Somebody" }))
            .await;

        refused.is_problem(412, "stale");
    }
    assert_eq!(admin.get_user(id).await.ok(), updated.ok());
}

#[tokio::test]
async fn who_names_no_version_is_asked_for_it() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    let request = admin.request(Method::PATCH, &format!("/api/v1/users/{id}"));
    let request = request.header(CONTENT_TYPE, MERGE_PATCH).body("{}");
    let refused = admin.send(request).await;

    refused.is_problem(428, "if_match_required");
}

#[tokio::test]
async fn what_is_no_list_of_versions_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    for known in ["", "1", "\"1", "\"1\" \"2\"", "'1'"] {
        let refused = admin.update_user(id, known, &json!({})).await;

        refused.is_problem(400, "invalid_parameter");
        assert_eq!(refused.faults(), [("If-Match".into(), "invalid".into())]);
    }
}

#[tokio::test]
async fn an_account_that_nobody_has_is_not_found() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let refused = admin
        .update_user(NOBODY, "\"1\"", &json!({ "display_name": "Ada" }))
        .await;

    refused.is_problem(404, "not_found");
}

#[tokio::test]
async fn another_media_type_than_a_merge_patch_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    for media_type in [
        "application/json",
        "application/json-patch+json",
        "application/merge-patch+json; charset=utf-16",
        "text/plain",
        "",
    ] {
        let refused = patch_as(&admin, id, media_type).await;

        refused.is_problem(415, "unsupported_media_type");
    }
    let untyped = admin.request(Method::PATCH, &format!("/api/v1/users/{id}"));
    let untyped = admin.send(untyped.header(IF_MATCH, "*").body("{}")).await;
    untyped.is_problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn the_media_type_is_read_as_the_standard_says() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    for media_type in [
        "Application/Merge-Patch+JSON",
        "application/merge-patch+json; charset=UTF-8",
        "application/merge-patch+json;charset=\"utf-8\"",
    ] {
        patch_as(&admin, id, media_type).await.ok();
    }
}

async fn patch_as(client: &Client, id: Uuid, media_type: &str) -> Answer {
    let request = client.request(Method::PATCH, &format!("/api/v1/users/{id}"));
    let request = request.header(IF_MATCH, "*");
    let request = request.header(CONTENT_TYPE, media_type).body("{}");
    client.send(request).await
}
