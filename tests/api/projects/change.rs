use domain::roles::Permission;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::json;
use support::TestApp;
use support::factories::users::id_of;
use uuid::Uuid;

use super::begun;

#[tokio::test]
async fn a_changed_project_has_another_version() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let id = id_of(&begun(&ada).await);
    let change = json!({ "name": "Viaduct", "description": "", "status": "archived" });

    let changed = ada.update_project(id, "\"1\"", &change).await;

    assert_eq!(changed.etag(), "\"2\"");
    let changed = changed.ok();
    assert_eq!(changed["name"], "Viaduct");
    assert_eq!(changed["description"], "");
    assert_eq!(changed["status"], "archived");
    assert_eq!(ada.get_project(id).await.ok(), changed);
}

#[tokio::test]
async fn what_is_absent_or_the_same_stays_without_a_new_version() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let before = begun(&ada).await;
    let id = id_of(&before);

    for same in [
        json!({}),
        json!({ "name": before["name"], "status": "active" }),
    ] {
        let after = ada.update_project(id, "*", &same).await;

        assert_eq!(after.etag(), "\"1\"");
        assert_eq!(after.ok(), before);
    }
}

#[tokio::test]
async fn nobody_changes_what_is_anothers() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let before = begun(&ada).await;
    let id = id_of(&before);
    let change = json!({ "name": "Mine" });

    for other in [
        app.member().await,
        app.holder_of(&[Permission::ProjectsReadAll]).await,
        app.administrator().await,
    ] {
        let refused = other.update_project(id, "*", &change).await;

        refused.is_problem(404, "not_found");
    }
    assert_eq!(ada.get_project(id).await.ok(), before);
}

#[tokio::test]
async fn a_version_that_is_over_and_no_version_change_nothing() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let id = id_of(&begun(&ada).await);

    let stale = ada.update_project(id, "\"7\"", &json!({})).await;
    let request = ada.request(Method::PATCH, &format!("/api/v1/projects/{id}"));
    let request = request.header(CONTENT_TYPE, "application/merge-patch+json");
    let blind = ada.send(request.body("{}")).await;
    let gone = ada.update_project(Uuid::nil(), "*", &json!({})).await;

    stale.is_problem(412, "stale");
    blind.is_problem(428, "if_match_required");
    gone.is_problem(404, "not_found");
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_change_is_told_at_once() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let before = begun(&ada).await;
    let id = id_of(&before);
    let change =
        json!({ "name": null, "description": "\u{202E}", "status": "lost", "owner_id": ada.id() });

    let refused = ada.update_project(id, "*", &change).await;

    refused.is_problem(422, "invalid");
    let places: Vec<_> = refused.faults().into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["/description", "/name", "/owner_id", "/status"]);
    assert_eq!(ada.get_project(id).await.ok(), before);
}
