use domain::roles::Permission;
use domain::users::Status;
use reqwest::Method;
use serde_json::{Value, json};
use support::TestApp;
use support::factories::users::{PASSWORD, user};
use uuid::Uuid;

fn roles(names: &[&str]) -> Value {
    json!({ "roles": names })
}

#[tokio::test]
async fn given_roles_are_all_that_somebody_has_and_show_in_the_version() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let role = app.role(&[Permission::UsersRead]).await;
    let id = admin.some_user().await;
    let before = admin.get_user(id).await;

    let given = roles(&["member", role.as_str(), "member"]);
    let after = admin.assign_roles(id, &before.etag(), &given).await;

    let mut expected = ["member", role.as_str()];
    expected.sort_unstable();
    assert_eq!(after.ok()["roles"], json!(expected));
    assert_ne!(after.etag(), before.etag());
    assert_eq!(admin.get_user(id).await.ok(), after.ok());
    let none = admin.assign_roles(id, &after.etag(), &roles(&[])).await;
    assert_eq!(none.ok()["roles"], json!([]));
}

#[tokio::test]
async fn rights_change_at_once_and_the_session_goes_on() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let signed_in = app.anonymous().login(ada.email.as_str(), PASSWORD).await;
    let signed_in = signed_in.ok();
    let old = signed_in["access_token"].as_str().unwrap();
    let old = app.anonymous().with_token(old);
    let refused = old.list_users("").await;
    refused.is_problem(403, "insufficient_scope");

    let promoted = admin
        .assign_roles(ada.id.0, "*", &roles(&["administrator"]))
        .await;
    promoted.ok();

    old.get_me().await.is_problem(401, "invalid_token");
    let token = signed_in["refresh_token"].as_str().unwrap();
    let fresh = app.anonymous().refresh(token).await.ok();
    let fresh = fresh["access_token"].as_str().unwrap();
    app.anonymous().with_token(fresh).list_users("").await.ok();
}

#[tokio::test]
async fn the_same_roles_again_void_nothing() {
    let app = TestApp::start().await;
    let (admin, ada) = (app.administrator().await, app.member().await);
    let before = ada.get_me().await;

    let same = admin.assign_roles(ada.id(), "*", &roles(&["member"])).await;

    assert_eq!(same.etag(), before.etag());
    assert_eq!(ada.get_me().await.ok(), before.ok());
}

#[tokio::test]
async fn a_role_that_there_is_not_is_told_with_its_place() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    let unknown = admin
        .assign_roles(id, "*", &roles(&["member", "pilot"]))
        .await;
    let nameless = admin.assign_roles(id, "*", &roles(&["member", "No"])).await;
    let missing = admin.assign_roles(id, "*", &json!({})).await;
    let too_many: Vec<_> = (0..21).map(|it| format!("r{it}")).collect();
    let too_many = json!({ "roles": too_many });
    let too_many = admin.assign_roles(id, "*", &too_many).await;

    for (refused, place) in [
        (unknown, "/roles"),
        (nameless, "/roles/1"),
        (missing, "/roles"),
        (too_many, "/roles"),
    ] {
        refused.is_problem(422, "invalid");
        let faults = refused.faults();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].0, place);
    }
    let stays = admin.get_user(id).await.ok();
    assert_eq!(stays["roles"], json!(["member"]));
}

#[tokio::test]
async fn nobody_grants_beyond_their_rights_nor_to_who_may_do_more() {
    let app = TestApp::start().await;
    let (admin, ada) = (app.administrator().await, app.member().await);
    let assigner = app
        .holder_of(&[Permission::RolesAssign, Permission::UsersRead])
        .await;
    let reader = app.role(&[Permission::UsersRead]).await;
    let deleter = app.role(&[Permission::UsersDelete]).await;
    let reader = roles(&[reader.as_str()]);
    let deleter = roles(&[deleter.as_str()]);
    let administrator = roles(&["administrator"]);

    for (whom, given) in [
        (ada.id(), &deleter),
        (ada.id(), &administrator),
        (assigner.id(), &deleter),
        (assigner.id(), &administrator),
        (admin.id(), &reader),
        (admin.id(), &roles(&[])),
    ] {
        let refused = assigner.assign_roles(whom, "*", given).await;

        refused.is_problem(403, "beyond_own_rights");
    }
    assigner.assign_roles(ada.id(), "*", &reader).await.ok();
}

#[tokio::test]
async fn the_last_active_administrator_stays_one() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let refused = admin
        .assign_roles(admin.id(), "*", &roles(&["member"]))
        .await;
    refused.is_problem(409, "last_administrator");
    let second = app.administrator().await;
    let demoted = admin
        .assign_roles(admin.id(), "*", &roles(&["member"]))
        .await;

    demoted.ok();
    let refused = second.assign_roles(second.id(), "*", &roles(&[])).await;
    refused.is_problem(409, "last_administrator");
}

#[tokio::test]
async fn a_version_that_is_over_no_version_and_nobody_get_no_roles() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;
    let path = format!("/api/v1/users/{id}/roles");

    let stale = admin.assign_roles(id, "\"7\"", &roles(&[])).await;
    let request = admin.request(Method::PUT, &path).json(&roles(&[]));
    let blind = admin.send(request).await;
    let nobody = admin.assign_roles(Uuid::nil(), "*", &roles(&[])).await;

    stale.is_problem(412, "stale");
    blind.is_problem(428, "if_match_required");
    nobody.is_problem(404, "not_found");
}
