use domain::roles::{Permission, RoleName};
use domain::users::Status;
use reqwest::Method;
use serde_json::json;
use support::TestApp;
use support::factories::users::{PASSWORD, display_name, user};

use super::NOBODY;

#[tokio::test]
async fn a_deleted_account_is_gone() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;
    let etag = admin.get_user(id).await.etag();

    admin.delete_user(id, &etag).await.no_content();

    admin.get_user(id).await.is_problem(404, "not_found");
    let again = admin.delete_user(id, "*").await;
    again.is_problem(404, "not_found");
}

#[tokio::test]
async fn everything_that_belongs_to_the_account_goes_with_it() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let tables = ["users", "credentials", "user_roles", "sessions"];
    let mut before = Vec::new();
    for table in tables {
        before.push(app.database.count(table).await);
    }
    let ada = user(Status::Active);
    let signed_in = app.sign_in(&ada).await;

    admin.delete_user(ada.id.0, "*").await.no_content();

    signed_in.get_me().await.is_problem(401, "invalid_token");
    let sign_in = app.anonymous().login(ada.email.as_str(), PASSWORD).await;
    sign_in.is_problem(401, "sign_in_refused");
    for (table, before) in tables.into_iter().zip(before) {
        assert_eq!(app.database.count(table).await, before, "{table}");
    }
}

#[tokio::test]
async fn the_address_is_free_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;
    let address = admin.get_user(id).await.ok()["email"].clone();
    admin.delete_user(id, "*").await.no_content();

    let created = admin
        .create_user(&json!({ "email": address, "display_name": display_name() }))
        .await;

    assert_ne!(created.created()["id"], json!(id));
}

#[tokio::test]
async fn a_version_that_is_over_deletes_nothing() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;
    let before = admin.get_user(id).await.etag();
    admin
        .update_user(id, &before, &json!({ "display_name": "Countess" }))
        .await
        .ok();

    let refused = admin.delete_user(id, &before).await;

    refused.is_problem(412, "stale");
    admin.get_user(id).await.ok();
}

#[tokio::test]
async fn who_names_no_version_deletes_nothing() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    let request = admin.request(Method::DELETE, &format!("/api/v1/users/{id}"));
    let refused = admin.send(request).await;

    refused.is_problem(428, "if_match_required");
    admin.get_user(id).await.ok();
}

#[tokio::test]
async fn an_account_that_nobody_has_cannot_be_deleted() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let refused = admin.delete_user(NOBODY, "*").await;

    refused.is_problem(404, "not_found");
}

#[tokio::test]
async fn nobody_deletes_their_own_account_here() {
    let app = TestApp::start().await;
    let deleter = app.holder_of(&[Permission::UsersDelete]).await;

    let refused = deleter.delete_user(deleter.id(), "*").await;

    refused.is_problem(409, "oneself");
    deleter.get_me().await.ok();
}

#[tokio::test]
async fn nobody_deletes_an_account_that_may_more_than_they() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let deleter = app.holder_of(&[Permission::UsersDelete]).await;
    let member = app.member().await;

    let refused = deleter.delete_user(admin.id(), "*").await;

    refused.is_problem(403, "beyond_own_rights");
    admin.get_me().await.ok();
    deleter.delete_user(member.id(), "*").await.no_content();
}

#[tokio::test]
async fn the_last_active_administrator_stays() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let holder = app.holder_of(Permission::ALL).await;
    // They cannot administer anything now.
    for status in [Status::Pending, Status::Deactivated] {
        app.store(&administrator(status)).await;
    }

    let refused = holder.delete_user(admin.id(), "*").await;

    refused.is_problem(409, "last_administrator");
    admin.get_me().await.ok();
}

#[tokio::test]
async fn an_administrator_can_be_deleted_while_another_one_is_active() {
    let app = TestApp::start().await;
    let (first, second) = (app.administrator().await, app.administrator().await);

    first.delete_user(second.id(), "*").await.no_content();

    second.get_me().await.is_problem(401, "invalid_token");
}

#[tokio::test]
async fn an_administrator_who_is_not_active_can_be_deleted() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    for status in [Status::Pending, Status::Deactivated] {
        let idle = administrator(status);
        app.store(&idle).await;

        admin.delete_user(idle.id.0, "*").await.no_content();
    }
}

fn administrator(status: Status) -> domain::users::User {
    let mut user = user(status);
    user.roles.insert(RoleName::administrator());
    user
}
