use domain::roles::{Permission, RoleName};
use domain::users::Status;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use support::factories::roles::create_role;
use support::factories::users::{id_of, user};
use support::{Client, TestApp};
use uuid::Uuid;

/// A new role that grants these.
async fn granting(admin: &Client, permissions: &[&str]) -> (Uuid, RoleName) {
    let mut body = create_role();
    body["permissions"] = json!(permissions);
    let role = admin.create_role(&body).await.created();
    let name = role["name"]
        .as_str()
        .and_then(|it| RoleName::parse(it).ok());
    (id_of(&role), name.expect("it has a name"))
}

/// Of the role, by name.
async fn id_of_role(admin: &Client, name: &str) -> Uuid {
    let list = admin.list_roles("limit=100").await.ok();
    let roles = list["data"].as_array().expect("a list has data");
    let found = roles.iter().find(|it| it["name"] == name);
    id_of(found.expect("it is there"))
}

#[tokio::test]
async fn what_a_role_grants_holds_for_its_holders_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (id, name) = granting(&admin, &["users:read"]).await;
    let mut ada = user(Status::Active);
    ada.roles.insert(name);
    let ada = app.sign_in(&ada).await;
    ada.list_users("").await.ok();
    let refused = ada.list_audit_events("").await;
    refused.is_problem(403, "insufficient_scope");

    let change = json!({ "permissions": ["audit:read"] });
    let changed = admin.update_role(id, "\"1\"", &change).await;

    assert_eq!(changed.etag(), "\"2\"");
    assert_eq!(changed.ok()["permissions"], json!(["audit:read"]));
    ada.list_audit_events("").await.ok();
    let refused = ada.list_users("").await;
    refused.is_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn what_is_absent_or_the_same_stays_without_a_new_version() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (id, _) = granting(&admin, &["users:read"]).await;
    let before = admin.get_role(id).await;

    for same in [json!({}), json!({ "permissions": ["users:read"] })] {
        let after = admin.update_role(id, "*", &same).await;

        assert_eq!(after.ok(), before.ok());
        assert_eq!(after.etag(), before.etag());
    }
    let described = json!({ "description": "Reads" });
    let described = admin.update_role(id, "*", &described).await;
    assert_eq!(described.ok()["permissions"], json!(["users:read"]));
    assert_eq!(described.etag(), "\"2\"");
}

#[tokio::test]
async fn what_is_built_in_stays() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    for name in ["administrator", "member"] {
        let id = id_of_role(&admin, name).await;
        let emptied = json!({ "permissions": [] });

        let refused = admin.update_role(id, "*", &emptied).await;

        refused.is_problem(409, "role_built_in");
    }
}

#[tokio::test]
async fn nobody_changes_a_role_or_lets_it_grant_beyond_their_rights() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let manager = app.holder_of(&[Permission::RolesManage]).await;
    let (strong, _) = granting(&admin, &["users:delete"]).await;
    let (weak, _) = granting(&admin, &[]).await;

    let lessened = json!({ "permissions": [] });
    let lessened = manager.update_role(strong, "*", &lessened).await;
    let raised = json!({ "permissions": ["users:delete"] });
    let raised = manager.update_role(weak, "*", &raised).await;
    let described = json!({ "description": "Weak" });
    let described = manager.update_role(weak, "*", &described).await;

    lessened.is_problem(403, "beyond_own_rights");
    raised.is_problem(403, "beyond_own_rights");
    described.ok();
}

#[tokio::test]
async fn a_version_that_is_over_and_no_version_change_nothing() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (id, _) = granting(&admin, &[]).await;
    let path = format!("/api/v1/roles/{id}");

    let stale = admin.update_role(id, "\"7\"", &json!({})).await;
    let request = admin.request(Method::PATCH, &path);
    let request = request.header(CONTENT_TYPE, "application/merge-patch+json");
    let blind = admin.send(request.body("{}")).await;
    let gone = admin.update_role(Uuid::nil(), "*", &json!({})).await;

    stale.is_problem(412, "stale");
    blind.is_problem(428, "if_match_required");
    gone.is_problem(404, "not_found");
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_change_is_told_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (id, _) = granting(&admin, &[]).await;
    let change = json!({ "name": "other", "description": null, "permissions": ["a"] });

    let refused = admin.update_role(id, "*", &change).await;

    refused.is_problem(422, "invalid");
    let places: Vec<_> = refused.faults().into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["/description", "/name", "/permissions/0"]);
    let shown: Value = admin.get_role(id).await.ok();
    assert_eq!(shown["permissions"], json!([]));
}
