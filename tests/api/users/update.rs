use application::Clock;
use chrono::TimeDelta;
use domain::roles::Permission;
use domain::users::Status;
use serde_json::{Value, json};
use support::TestApp;
use support::factories::users::{PASSWORD, create_user, display_name, email, user};

#[tokio::test]
async fn a_change_is_answered_and_kept() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;
    let before = admin.get_user(id).await;
    app.clock.advance(TimeDelta::seconds(1));
    let (address, name) = (email(), display_name());

    let updated = admin
        .update_user(
            id,
            &before.etag(),
            &json!({ "email": address.to_uppercase(), "display_name": name }),
        )
        .await;

    let mut expected = before.ok();
    expected["email"] = json!(address);
    expected["display_name"] = json!(name);
    expected["updated_at"] = json!(app.clock.now());
    assert_eq!(updated.ok(), expected);
    assert_ne!(updated.etag(), before.etag());
    let shown = admin.get_user(id).await;
    assert_eq!((shown.ok(), shown.etag()), (updated.ok(), updated.etag()));
}

#[tokio::test]
async fn what_is_absent_stays() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;
    let before = admin.get_user(id).await.ok();
    let name = display_name();

    let renamed = admin
        .update_user(id, "*", &json!({ "display_name": name }))
        .await
        .ok();
    let readdressed = admin
        .update_user(id, "*", &json!({ "email": email() }))
        .await
        .ok();

    assert_eq!(renamed["email"], before["email"]);
    assert_eq!(renamed["display_name"], name);
    assert_eq!(readdressed["display_name"], name);
    assert_ne!(readdressed["email"], before["email"]);
}

#[tokio::test]
async fn the_same_again_is_no_new_version() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;
    let before = admin.get_user(id).await;
    app.clock.advance(TimeDelta::seconds(1));
    let upper = before.ok()["email"].as_str().unwrap().to_uppercase();

    for patch in [
        json!({}),
        json!({ "email": upper }),
        json!({ "display_name": before.ok()["display_name"] }),
    ] {
        let updated = admin.update_user(id, &before.etag(), &patch).await;

        assert_eq!(updated.ok(), before.ok());
        assert_eq!(updated.etag(), before.etag());
    }
}

#[tokio::test]
async fn neither_name_nor_address_can_be_cleared() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;
    let before = admin.get_user(id).await;

    let refused = admin
        .update_user(id, "*", &json!({ "email": null, "display_name": null }))
        .await;

    refused.is_problem(422, "invalid");
    assert_eq!(
        refused.faults(),
        [
            ("/display_name".into(), "wrong_type".into()),
            ("/email".into(), "wrong_type".into()),
        ]
    );
    assert_eq!(admin.get_user(id).await.etag(), before.etag());
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_patch_is_told_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    let refused = admin
        .update_user(
            id,
            "*",
            &json!({ "email": "ada", "display_name": " ", "status": "active", "roles": [], "password": "x" }),
        )
        .await;

    refused.is_problem(422, "invalid");
    assert_eq!(
        refused.faults(),
        [
            ("/display_name".into(), "invalid".into()),
            ("/email".into(), "invalid".into()),
            ("/password".into(), "unknown_field".into()),
            ("/roles".into(), "unknown_field".into()),
            ("/status".into(), "unknown_field".into()),
        ]
    );
}

#[tokio::test]
async fn a_patch_that_is_no_object_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;

    for patch in [json!([]), json!("ada"), json!(7), Value::Null] {
        let refused = admin.update_user(id, "*", &patch).await;

        refused.is_problem(422, "invalid");
        assert_eq!(refused.faults(), [(String::new(), "wrong_type".into())]);
    }
}

#[tokio::test]
async fn another_address_ends_the_sessions_of_its_owner() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Active);
    let signed_in = app.sign_in(&ada).await;
    signed_in.get_me().await.ok();
    let address = email();

    admin
        .update_user(ada.id.0, "*", &json!({ "email": address }))
        .await
        .ok();

    signed_in.get_me().await.is_problem(401, "invalid_token");
    let nobody = app.anonymous();
    let old = nobody.login(ada.email.as_str(), PASSWORD).await;
    old.is_problem(401, "sign_in_refused");
    nobody.login(&address, PASSWORD).await.ok();
}

#[tokio::test]
async fn another_name_and_the_same_address_end_no_session() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Active);
    let signed_in = app.sign_in(&ada).await;
    let patch = json!({ "email": ada.email.as_str(), "display_name": display_name() });

    admin.update_user(ada.id.0, "*", &patch).await.ok();

    signed_in.get_me().await.ok();
}

#[tokio::test]
async fn an_address_that_another_has_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let taken = create_user();
    admin.create_user(&taken).await.created();
    let ada = user(Status::Active);
    let signed_in = app.sign_in(&ada).await;
    let before = admin.get_user(ada.id.0).await;
    let address = taken["email"].as_str().unwrap().to_uppercase();

    let refused = admin
        .update_user(
            ada.id.0,
            &before.etag(),
            &json!({ "email": address, "display_name": "Countess" }),
        )
        .await;

    refused.is_problem(409, "email_taken");
    let after = admin.get_user(ada.id.0).await;
    assert_eq!((after.ok(), after.etag()), (before.ok(), before.etag()));
    signed_in.get_me().await.ok();
}

#[tokio::test]
async fn an_address_that_was_given_up_is_free_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.some_user().await;
    let old = admin.get_user(id).await.ok()["email"].clone();
    admin
        .update_user(id, "*", &json!({ "email": email() }))
        .await
        .ok();

    let created = admin
        .create_user(&json!({ "email": old, "display_name": display_name() }))
        .await;

    created.created();
}

#[tokio::test]
async fn nobody_changes_an_account_that_may_more_than_they() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let updater = app.holder_of(&[Permission::UsersUpdate]).await;
    let mut equal = user(Status::Active);
    equal
        .roles
        .insert(app.role(&[Permission::UsersUpdate]).await);
    let mut other = user(Status::Deactivated);
    other.roles.insert(app.role(&[Permission::UsersRead]).await);
    app.store(&equal).await;
    app.store(&other).await;
    let patch = json!({ "display_name": "Countess" });

    // A stale tag would be told only to who may change the account.
    for tag in ["*", "\"7\""] {
        for id in [admin.id(), other.id.0] {
            let refused = updater.update_user(id, tag, &patch).await;

            refused.is_problem(403, "beyond_own_rights");
        }
    }
    updater.update_user(equal.id.0, "*", &patch).await.ok();
    assert_eq!(admin.get_me().await.etag(), "\"1\"");
}

#[tokio::test]
async fn who_may_change_accounts_may_change_their_own() {
    let app = TestApp::start().await;
    let updater = app.holder_of(&[Permission::UsersUpdate]).await;

    let answer = updater
        .update_user(updater.id(), "*", &json!({ "display_name": "Countess" }))
        .await;

    assert_eq!(answer.ok()["display_name"], "Countess");
    assert_eq!(updater.get_me().await.etag(), answer.etag());
}
