use domain::roles::Permission;
use serde_json::json;
use support::TestApp;
use support::factories::roles::{create_role, role_name};
use support::factories::users::id_of;

#[tokio::test]
async fn a_made_role_is_at_its_address() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let name = role_name();
    let body = json!({
        "name": name, "description": " Reads ", "permissions": ["audit:read", "users:read", "audit:read"]
    });

    let created = admin.create_role(&body).await;

    let role = created.created();
    let location = created.header("location").unwrap();
    assert!(location.ends_with(&format!("/api/v1/roles/{}", id_of(&role))));
    assert_eq!(created.etag(), "\"1\"");
    assert_eq!(role["name"], json!(name));
    assert_eq!(role["description"], "Reads");
    assert_eq!(role["permissions"], json!(["users:read", "audit:read"]));
    assert_eq!(role["built_in"], false);
}

#[tokio::test]
async fn a_name_is_given_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let body = create_role();
    admin.create_role(&body).await.created();

    let again = admin.create_role(&body).await;
    let built_in = json!({ "name": "member", "permissions": [] });
    let built_in = admin.create_role(&built_in).await;

    again.is_problem(409, "role_name_taken");
    built_in.is_problem(409, "role_name_taken");
}

#[tokio::test]
async fn nobody_makes_a_role_that_grants_what_they_may_not_do() {
    let app = TestApp::start().await;
    let manager = app
        .holder_of(&[Permission::RolesManage, Permission::UsersRead])
        .await;
    let granting = |permission: &str| json!({ "name": role_name(), "permissions": [permission] });

    let refused = manager.create_role(&granting("users:delete")).await;
    let made = manager.create_role(&granting("users:read")).await;

    refused.is_problem(403, "beyond_own_rights");
    made.created();
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_role_is_told_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let body = json!({
        "name": "No name", "description": "a\nb", "permissions": ["users:read", "users:fly"], "built_in": true
    });

    let refused = admin.create_role(&body).await;
    let nothing = admin.create_role(&json!({})).await;

    refused.is_problem(422, "invalid");
    let places: Vec<_> = refused.faults().into_iter().map(|it| it.0).collect();
    let expected = ["/built_in", "/description", "/name", "/permissions/1"];
    assert_eq!(places, expected);
    nothing.is_problem(422, "invalid");
    let places: Vec<_> = nothing.faults().into_iter().map(|it| it.0).collect();
    assert_eq!(places, ["/name", "/permissions"]);
}
