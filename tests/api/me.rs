use application::Clock;
use chrono::TimeDelta;
use domain::roles::Permission;
use domain::users::Status;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH};
use serde_json::json;
use support::TestApp;
use support::factories::users::{email, user};

#[tokio::test]
async fn everybody_sees_their_own_account() {
    let app = TestApp::start().await;
    let ada = user(Status::Active);
    let signed_in = app.sign_in(&ada).await;

    let me = signed_in.get_me().await;

    assert_eq!(me.ok()["id"], json!(ada.id.0));
    assert_eq!(me.ok()["email"], ada.email.as_str());
    assert_eq!(me.ok()["roles"], json!(["member"]));
    assert_eq!(me.header("cache-control"), Some("private, no-cache"));
}

#[tokio::test]
async fn one_account_has_one_version_at_both_addresses() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let member = app.member().await;

    let first = member.get_me().await;
    let renamed = admin
        .update_user(
            member.id(),
            &first.etag(),
            &json!({ "display_name": "Countess" }),
        )
        .await;
    let again = member
        .update_me(&renamed.etag(), &json!({ "display_name": "Ada" }))
        .await;

    let shown = admin.get_user(member.id()).await;
    let me = member.get_me().await;
    assert_eq!((shown.ok(), shown.etag()), (again.ok(), again.etag()));
    assert_eq!((me.ok(), me.etag()), (again.ok(), again.etag()));
    assert_ne!(again.etag(), first.etag());
}

#[tokio::test]
async fn who_has_their_account_already_gets_no_body() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let etag = member.get_me().await.etag();

    for method in [Method::GET, Method::HEAD] {
        let request = member.request(method, "/api/v1/me");
        let answer = member.send(request.header(IF_NONE_MATCH, &etag)).await;

        answer.not_modified();
        assert_eq!(answer.etag(), etag);
    }
}

#[tokio::test]
async fn everybody_can_rename_themselves() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let before = member.get_me().await;
    app.clock.advance(TimeDelta::seconds(1));

    let renamed = member
        .update_me(&before.etag(), &json!({ "display_name": " Countess " }))
        .await;

    let mut expected = before.ok();
    expected["display_name"] = json!("Countess");
    expected["updated_at"] = json!(app.clock.now());
    assert_eq!(renamed.ok(), expected);
    assert_ne!(renamed.etag(), before.etag());
    assert_eq!(member.get_me().await.ok(), expected);
}

#[tokio::test]
async fn the_same_name_again_is_no_new_version() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let before = member.get_me().await;
    let name = before.ok()["display_name"].clone();

    for patch in [json!({}), json!({ "display_name": name })] {
        let renamed = member.update_me(&before.etag(), &patch).await;

        assert_eq!(renamed.ok(), before.ok());
        assert_eq!(renamed.etag(), before.etag());
    }
}

#[tokio::test]
async fn nothing_but_the_name_can_be_changed() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let before = admin.get_me().await;

    let refused = admin
        .update_me(
            "*",
            &json!({
                "display_name": null,
                "email": email(),
                "roles": [],
                "status": "pending",
                "password": "x",
            }),
        )
        .await;

    refused.is_problem(422, "invalid");
    assert_eq!(
        refused.faults(),
        [
            ("/display_name".into(), "wrong_type".into()),
            ("/email".into(), "unknown_field".into()),
            ("/password".into(), "unknown_field".into()),
            ("/roles".into(), "unknown_field".into()),
            ("/status".into(), "unknown_field".into()),
        ]
    );
    assert_eq!(admin.get_me().await.ok(), before.ok());
}

#[tokio::test]
async fn a_version_that_is_over_renames_nobody() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let before = member.get_me().await.etag();
    let patch = json!({ "display_name": "Countess" });
    let renamed = member.update_me(&before, &patch).await;

    let refused = member
        .update_me(&before, &json!({ "display_name": "Somebody" }))
        .await;

    refused.is_problem(412, "stale");
    assert_eq!(member.get_me().await.ok(), renamed.ok());
}

#[tokio::test]
async fn who_names_no_version_renames_nobody() {
    let app = TestApp::start().await;
    let member = app.member().await;

    let request = member.request(Method::PATCH, "/api/v1/me");
    let request = request.header(CONTENT_TYPE, "application/merge-patch+json");
    let refused = member.send(request.body("{}")).await;

    refused.is_problem(428, "if_match_required");
}

#[tokio::test]
async fn another_media_type_than_a_merge_patch_is_refused() {
    let app = TestApp::start().await;
    let member = app.member().await;

    let request = member.request(Method::PATCH, "/api/v1/me");
    let request = request.header(IF_MATCH, "*").json(&json!({}));
    let refused = member.send(request).await;

    refused.is_problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn everybody_sees_what_they_may_do() {
    let app = TestApp::start().await;
    let two = [Permission::UsersUpdate, Permission::UsersRead];
    let mut several = user(Status::Active);
    for permissions in [&two[..], &[Permission::UsersRead, Permission::UsersDelete]] {
        several.roles.insert(app.role(permissions).await);
    }
    let all: Vec<_> = Permission::ALL.iter().map(|it| it.name()).collect();

    for (client, permissions) in [
        (app.member().await, vec![]),
        (
            app.holder_of(&two).await,
            vec!["users:read", "users:update"],
        ),
        (
            app.sign_in(&several).await,
            vec!["users:read", "users:update", "users:delete"],
        ),
        (app.administrator().await, all),
    ] {
        let answer = client.get_my_permissions().await;

        assert_eq!(answer.ok(), json!({ "permissions": permissions }));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn permissions_are_answered_as_json_or_not_at_all() {
    let app = TestApp::start().await;
    let member = app.member().await;

    let request = member.request(Method::GET, "/api/v1/me/permissions");
    let refused = member.send(request.header(ACCEPT, "text/html")).await;

    refused.is_problem(406, "not_acceptable");
}

#[tokio::test]
async fn a_token_gives_the_rights_that_its_user_has_now() {
    let app = TestApp::start().await;
    let reader = app.holder_of(&[Permission::UsersRead]).await;
    reader.list_users("").await.ok();

    app.database.execute("DELETE FROM role_permissions").await;

    let permissions = reader.get_my_permissions().await.ok();
    assert_eq!(permissions, json!({ "permissions": [] }));
    let refused = reader.list_users("").await;
    refused.is_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn a_permission_that_this_version_does_not_know_grants_nothing() {
    let app = TestApp::start().await;
    let reader = app.holder_of(&[Permission::UsersRead]).await;

    app.database
        .execute(
            "UPDATE role_permissions SET permission = 'users:everything' \
             WHERE role_id IN (SELECT id FROM roles WHERE NOT built_in)",
        )
        .await;

    let permissions = reader.get_my_permissions().await.ok();
    assert_eq!(permissions, json!({ "permissions": [] }));
}

#[tokio::test]
async fn who_was_shut_out_or_deleted_has_nothing_of_their_own_any_more() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (shut, deleted) = (app.member().await, app.member().await);

    admin.deactivate_user(shut.id(), "*").await.ok();
    admin.delete_user(deleted.id(), "*").await.no_content();

    for gone in [shut, deleted] {
        for answer in [
            gone.get_me().await,
            gone.update_me("*", &json!({ "display_name": "Ada" })).await,
            gone.get_my_permissions().await,
        ] {
            answer.is_problem(401, "invalid_token");
        }
    }
}
