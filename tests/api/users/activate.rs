use application::Clock;
use chrono::TimeDelta;
use domain::roles::{Permission, RoleName};
use domain::users::Status;
use reqwest::Method;
use serde_json::json;
use support::TestApp;
use support::factories::users::{PASSWORD, user};

use super::NOBODY;

#[tokio::test]
async fn a_pending_and_a_deactivated_account_can_be_opened() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    app.clock.advance(TimeDelta::seconds(1));

    for status in [Status::Pending, Status::Deactivated] {
        let ada = user(status);
        app.store(&ada).await;
        let before = admin.get_user(ada.id.0).await;

        let activated = admin.activate_user(ada.id.0, &before.etag()).await;

        let mut expected = before.ok();
        expected["status"] = json!("active");
        expected["updated_at"] = json!(app.clock.now());
        assert_eq!(activated.ok(), expected);
        assert_ne!(activated.etag(), before.etag());
        assert_eq!(admin.get_user(ada.id.0).await.ok(), activated.ok());
        let signed_in = app.anonymous().login(ada.email.as_str(), PASSWORD).await;
        signed_in.ok();
    }
}

#[tokio::test]
async fn an_active_account_stays_as_it_is() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let member = app.member().await;
    let before = member.get_me().await;
    app.clock.advance(TimeDelta::seconds(1));

    let activated = admin.activate_user(member.id(), &before.etag()).await;

    assert_eq!(activated.ok(), before.ok());
    assert_eq!(activated.etag(), before.etag());
    member.get_me().await.ok();
}

#[tokio::test]
async fn a_version_that_is_over_opens_nothing() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    let refused = admin.activate_user(id, "\"7\"").await;

    refused.is_problem(412, "stale");
    assert_eq!(admin.get_user(id).await.ok()["status"], "pending");
}

#[tokio::test]
async fn who_names_no_version_opens_nothing() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    let request = admin.request(Method::POST, &format!("/api/v1/users/{id}/activate"));
    let refused = admin.send(request).await;

    refused.is_problem(428, "if_match_required");
    assert_eq!(admin.get_user(id).await.ok()["status"], "pending");
}

#[tokio::test]
async fn an_account_that_nobody_has_cannot_be_opened() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let refused = admin.activate_user(NOBODY, "*").await;

    refused.is_problem(404, "not_found");
}

#[tokio::test]
async fn nobody_opens_an_account_that_may_more_than_they() {
    let app = TestApp::start().await;
    let opener = app.holder_of(&[Permission::UsersActivate]).await;
    let mut admin = user(Status::Deactivated);
    admin.roles.insert(RoleName::administrator());
    let member = user(Status::Deactivated);
    app.store(&admin).await;
    app.store(&member).await;

    let refused = opener.activate_user(admin.id.0, "*").await;

    refused.is_problem(403, "beyond_own_rights");
    opener.activate_user(member.id.0, "*").await.ok();
}
