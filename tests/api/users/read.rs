use domain::roles::Permission;
use domain::users::Status;
use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;
use serde_json::json;
use support::factories::users::user;
use support::{Answer, Client, TestApp};
use uuid::Uuid;

use super::NOBODY;

#[tokio::test]
async fn an_account_is_shown_as_it_is() {
    let app = TestApp::start().await;
    let reader = app.holder_of(&[Permission::UsersRead]).await;
    let mut ada = user(Status::Deactivated);
    ada.roles.insert(app.role(&[Permission::UsersRead]).await);
    app.store(&ada).await;

    let shown = reader.get_user(ada.id.0).await;

    let roles: Vec<_> = ada.roles.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown.ok(),
        json!({
            "id": ada.id.0,
            "email": ada.email.as_str(),
            "display_name": ada.display_name.as_str(),
            "status": "deactivated",
            "roles": roles,
            "created_at": ada.created_at,
            "updated_at": ada.updated_at,
        })
    );
    assert_eq!(shown.header("cache-control"), Some("private, no-cache"));
    assert_eq!(shown.etag(), "\"1\"");
}

#[tokio::test]
async fn an_account_that_nobody_has_is_not_found() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let refused = admin.get_user(NOBODY).await;

    refused.is_problem(404, "not_found");
}

#[tokio::test]
async fn an_id_in_another_form_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.id();

    for text in [
        "ada".to_owned(),
        "1".to_owned(),
        id.simple().to_string(),
        format!("%7B{id}%7D"),
        format!("urn:uuid:{id}"),
        format!("{id}0"),
        format!("{id}%00"),
        "%ff".to_owned(),
    ] {
        let refused = admin.get(&format!("/api/v1/users/{text}")).await;

        refused.is_problem(400, "invalid_parameter");
        assert_eq!(refused.faults(), [("id".into(), "invalid".into())]);
    }
}

#[tokio::test]
async fn a_parameter_that_is_unknown_here_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let refused = admin
        .get(&format!("/api/v1/users/{}?fields=email", admin.id()))
        .await;

    refused.is_problem(400, "invalid_parameter");
    assert_eq!(refused.faults(), [("fields".into(), "unknown".into())]);
}

#[tokio::test]
async fn head_answers_as_get_does_without_the_body() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let shown = admin.get_user(admin.id()).await;

    let head = admin.request(Method::HEAD, &path(admin.id()));
    let head = admin.send(head).await;

    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    assert_eq!(head.etag(), shown.etag());
    for header in ["content-type", "content-length", "cache-control"] {
        assert_eq!(head.header(header), shown.header(header), "{header}");
    }
}

#[tokio::test]
async fn head_of_an_account_that_nobody_has_is_not_found() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let head = admin.request(Method::HEAD, &path(NOBODY));
    let head = admin.send(head).await;

    assert_eq!(head.status, 404);
    assert!(head.body.is_empty());
}

#[tokio::test]
async fn who_has_this_version_already_gets_no_body() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let shown = admin.get_user(admin.id()).await;
    let tag = shown.etag();

    for known in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"x\", {tag}"),
        format!("{tag},\"x\""),
        format!("\"a,b\" , W/{tag}"),
        "*".to_owned(),
    ] {
        let answer = get_unless(&admin, &known).await;

        answer.not_modified();
        assert_eq!(answer.etag(), tag, "{known}");
        assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    }
}

#[tokio::test]
async fn who_has_another_version_gets_this_one() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let shown = admin.get_user(admin.id()).await.ok();

    for known in ["\"0\"", "\"2\"", "W/\"2\", \"3\"", "1", "", "\"1"] {
        let answer = get_unless(&admin, known).await;

        assert_eq!(answer.ok(), shown, "{known}");
    }
}

#[tokio::test]
async fn a_version_that_is_over_is_not_taken_for_this_one() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let before = admin.get_user(admin.id()).await.etag();
    let renamed = admin
        .update_user(admin.id(), &before, &json!({ "display_name": "Countess" }))
        .await;

    let answer = get_unless(&admin, &before).await;

    assert_eq!(answer.ok(), renamed.ok());
    get_unless(&admin, &answer.etag()).await.not_modified();
}

async fn get_unless(client: &Client, known: &str) -> Answer {
    let request = client.request(Method::GET, &path(client.id()));
    client.send(request.header(IF_NONE_MATCH, known)).await
}

fn path(id: Uuid) -> String {
    format!("/api/v1/users/{id}")
}
