use domain::roles::{Permission, RoleName};
use domain::users::Status;
use reqwest::Method;
use support::TestApp;
use support::factories::users::{PASSWORD, user};

use super::NOBODY;

#[tokio::test]
async fn an_active_and_a_pending_account_can_be_shut() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    for status in [Status::Active, Status::Pending] {
        let ada = user(status);
        app.store(&ada).await;
        let before = admin.get_user(ada.id.0).await;

        let deactivated = admin.deactivate_user(ada.id.0, &before.etag()).await;

        assert_eq!(deactivated.ok()["status"], "deactivated");
        assert_ne!(deactivated.etag(), before.etag());
        let shown = admin.get_user(ada.id.0).await;
        assert_eq!(shown.ok(), deactivated.ok());
        assert_eq!(shown.etag(), deactivated.etag());
    }
}

#[tokio::test]
async fn an_account_that_is_shut_stays_as_it_is() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Deactivated);
    app.store(&ada).await;
    let before = admin.get_user(ada.id.0).await;
    app.clock.advance(chrono::TimeDelta::seconds(1));

    let deactivated = admin.deactivate_user(ada.id.0, &before.etag()).await;

    assert_eq!(deactivated.ok(), before.ok());
    assert_eq!(deactivated.etag(), before.etag());
}

#[tokio::test]
async fn its_owner_is_signed_out_at_once_and_cannot_sign_in() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Active);
    let signed_in = app.sign_in(&ada).await;
    signed_in.get_me().await.ok();

    admin.deactivate_user(ada.id.0, "*").await.ok();

    signed_in.get_me().await.is_problem(401, "invalid_token");
    let sign_in = app.anonymous().login(ada.email.as_str(), PASSWORD).await;
    sign_in.is_problem(401, "sign_in_refused");
}

#[tokio::test]
async fn who_is_let_in_again_has_to_sign_in_again() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Active);
    let signed_in = app.sign_in(&ada).await;
    let shut = admin.deactivate_user(ada.id.0, "*").await;

    let opened = admin.activate_user(ada.id.0, &shut.etag()).await;

    assert_eq!(opened.ok()["status"], "active");
    signed_in.get_me().await.is_problem(401, "invalid_token");
    let answer = app.anonymous().login(ada.email.as_str(), PASSWORD).await;
    let token = answer.ok()["access_token"].as_str().unwrap().to_owned();
    let again = app.anonymous().with_token(&token);
    assert_eq!(again.get_me().await.ok(), opened.ok());
}

#[tokio::test]
async fn nobody_shuts_their_own_account_here() {
    let app = TestApp::start().await;
    let shutter = app.holder_of(&[Permission::UsersActivate]).await;

    let refused = shutter.deactivate_user(shutter.id(), "*").await;

    refused.is_problem(409, "oneself");
    shutter.get_me().await.ok();
}

#[tokio::test]
async fn the_last_active_administrator_stays_active() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let holder = app.holder_of(Permission::ALL).await;
    let mut idle = user(Status::Pending);
    idle.roles.insert(RoleName::administrator());
    app.store(&idle).await;

    let refused = holder.deactivate_user(admin.id(), "*").await;

    refused.is_problem(409, "last_administrator");
    assert_eq!(admin.get_me().await.etag(), "\"1\"");
    holder.deactivate_user(idle.id.0, "*").await.ok();
}

#[tokio::test]
async fn of_two_administrators_one_can_be_shut_and_then_no_more() {
    let app = TestApp::start().await;
    let holder = app.holder_of(Permission::ALL).await;
    let (first, second) = (app.administrator().await, app.administrator().await);

    first.deactivate_user(second.id(), "*").await.ok();
    let refused = holder.deactivate_user(first.id(), "*").await;

    refused.is_problem(409, "last_administrator");
    second.get_me().await.is_problem(401, "invalid_token");
    first.get_me().await.ok();
}

#[tokio::test]
async fn a_version_that_is_over_shuts_nothing() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let member = app.member().await;

    let refused = admin.deactivate_user(member.id(), "\"7\"").await;

    refused.is_problem(412, "stale");
    member.get_me().await.ok();
}

#[tokio::test]
async fn who_names_no_version_shuts_nothing() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let member = app.member().await;

    let path = format!("/api/v1/users/{}/deactivate", member.id());
    let refused = admin.send(admin.request(Method::POST, &path)).await;

    refused.is_problem(428, "if_match_required");
    member.get_me().await.ok();
}

#[tokio::test]
async fn an_account_that_nobody_has_cannot_be_shut() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let refused = admin.deactivate_user(NOBODY, "*").await;

    refused.is_problem(404, "not_found");
}

#[tokio::test]
async fn nobody_shuts_an_account_that_may_more_than_they() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let shutter = app.holder_of(&[Permission::UsersActivate]).await;
    let member = app.member().await;

    let refused = shutter.deactivate_user(admin.id(), "*").await;

    refused.is_problem(403, "beyond_own_rights");
    admin.get_me().await.ok();
    shutter.deactivate_user(member.id(), "*").await.ok();
}
