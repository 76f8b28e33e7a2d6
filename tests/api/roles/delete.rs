use domain::roles::Permission;
use reqwest::Method;
use serde_json::json;
use support::factories::roles::create_role;
use support::factories::users::id_of;
use support::{Client, TestApp};
use uuid::Uuid;

async fn a_role(admin: &Client) -> Uuid {
    id_of(&admin.create_role(&create_role()).await.created())
}

#[tokio::test]
async fn a_deleted_role_is_gone_and_its_name_is_free() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let body = create_role();
    let id = id_of(&admin.create_role(&body).await.created());

    admin.delete_role(id, "\"1\"").await.no_content();

    admin.get_role(id).await.is_problem(404, "not_found");
    admin
        .delete_role(id, "*")
        .await
        .is_problem(404, "not_found");
    admin.create_role(&body).await.created();
}

#[tokio::test]
async fn a_role_that_somebody_has_stays_until_it_is_taken_from_them() {
    let app = TestApp::start().await;
    let (admin, ada) = (app.administrator().await, app.member().await);
    let body = create_role();
    let id = id_of(&admin.create_role(&body).await.created());
    let given = json!({ "roles": [body["name"]] });
    admin.assign_roles(ada.id(), "*", &given).await.ok();

    let refused = admin.delete_role(id, "*").await;
    refused.is_problem(409, "role_in_use");
    let taken = json!({ "roles": [] });
    admin.assign_roles(ada.id(), "*", &taken).await.ok();

    admin.delete_role(id, "*").await.no_content();
}

#[tokio::test]
async fn what_is_built_in_or_may_do_more_is_not_deleted() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let manager = app.holder_of(&[Permission::RolesManage]).await;
    let mut strong = create_role();
    strong["permissions"] = json!(["users:delete"]);
    let strong = id_of(&admin.create_role(&strong).await.created());
    let list = admin.list_roles("limit=1").await.ok();

    let built_in = admin.delete_role(id_of(&list["data"][0]), "*").await;
    let beyond = manager.delete_role(strong, "*").await;

    built_in.is_problem(409, "role_built_in");
    beyond.is_problem(403, "beyond_own_rights");
}

#[tokio::test]
async fn a_version_that_is_over_and_no_version_delete_nothing() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = a_role(&admin).await;

    let stale = admin.delete_role(id, "\"7\"").await;
    let request = admin.request(Method::DELETE, &format!("/api/v1/roles/{id}"));
    let blind = admin.send(request).await;

    stale.is_problem(412, "stale");
    blind.is_problem(428, "if_match_required");
    admin.get_role(id).await.ok();
}
