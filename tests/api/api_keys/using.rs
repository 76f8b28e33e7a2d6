use application::api_keys::ApiKeyUses;
use application::{StoreError, System, SystemReason};
use chrono::{DateTime, TimeDelta, Utc};
use domain::roles::{Permission, RoleName};
use domain::users::Status;
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};
use support::factories::roles::create_role;
use support::factories::users::{id_of, user};
use support::{Client, Fault, Faults, Place, TestApp};
use uuid::Uuid;

#[tokio::test]
async fn a_key_may_do_what_its_scopes_and_its_owner_may() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (program, _) = admin.some_api_key(&[Permission::UsersRead]).await;

    let me = program.get_me().await.ok();
    let may = program.get_my_permissions().await.ok();
    let users = program.list_users("").await;
    let roles = program.list_roles("").await;

    assert_eq!(me["id"], json!(admin.id()));
    assert_eq!(may["permissions"], json!(["users:read"]));
    users.ok();
    roles.is_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn a_key_without_scopes_does_what_needs_no_permission() {
    let app = TestApp::start().await;
    let (program, _) = app.administrator().await.some_api_key(&[]).await;
    let renamed = json!({ "display_name": "Countess" });

    let changed = program.update_me("*", &renamed).await;
    let users = program.list_users("").await;

    assert_eq!(changed.ok()["display_name"], "Countess");
    users.is_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn what_its_owner_loses_a_key_loses_and_gets_back() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let mut ada = user(Status::Active);
    let role = app.role(&[Permission::UsersRead]).await;
    ada.roles.insert(role.clone());
    let (program, _) = app
        .sign_in(&ada)
        .await
        .some_api_key(&[Permission::UsersRead])
        .await;
    program.list_users("").await.ok();

    let none = json!({ "roles": [] });
    admin.assign_roles(ada.id.0, "*", &none).await.ok();
    let without = program.list_users("").await;
    let given = json!({ "roles": [role.as_str()] });
    admin.assign_roles(ada.id.0, "*", &given).await.ok();
    let again = program.list_users("").await;

    without.is_problem(403, "insufficient_scope");
    again.ok();
}

#[tokio::test]
async fn what_a_role_does_not_grant_any_more_its_holders_keys_do_not_either() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let mut body = create_role();
    body["permissions"] = json!(["users:read"]);
    let role = admin.create_role(&body).await.created();
    let mut ada = user(Status::Active);
    let name = RoleName::parse(role["name"].as_str().unwrap());
    ada.roles.insert(name.unwrap());
    let ada = app.sign_in(&ada).await;
    let (program, _) = ada.some_api_key(&[Permission::UsersRead]).await;
    program.list_users("").await.ok();

    let nothing = json!({ "permissions": [] });
    admin.update_role(id_of(&role), "*", &nothing).await.ok();

    let refused = program.list_users("").await;
    refused.is_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn a_key_is_void_when_its_time_is_over() {
    let app = TestApp::start().await;
    let (program, _) = app.member().await.some_api_key(&[]).await;
    program.get_me().await.ok();

    app.clock
        .advance(TimeDelta::days(30) + TimeDelta::minutes(1));

    program.get_me().await.is_problem(401, "invalid_token");
}

#[tokio::test]
async fn a_key_outlives_its_owners_sessions() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let (program, _) = ada.some_api_key(&[]).await;

    ada.logout().await.no_content();

    program.get_me().await.ok();
}

#[tokio::test]
async fn shutting_the_account_ends_its_keys_for_good() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = app.member().await;
    let (program, _) = ada.some_api_key(&[]).await;
    program.get_me().await.ok();

    admin.deactivate_user(ada.id(), "*").await.ok();
    let shut = program.get_me().await;
    admin.activate_user(ada.id(), "*").await.ok();
    let opened = program.get_me().await;

    shut.is_problem(401, "invalid_token");
    opened.is_problem(401, "invalid_token");
    assert_eq!(app.database.count("api_keys").await, 0);
}

#[tokio::test]
async fn deleting_the_account_ends_its_keys() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = app.member().await;
    let (program, _) = ada.some_api_key(&[]).await;
    program.get_me().await.ok();

    admin.delete_user(ada.id(), "*").await.no_content();

    program.get_me().await.is_problem(401, "invalid_token");
    assert_eq!(app.database.count("api_keys").await, 0);
}

#[tokio::test]
async fn whatever_is_wrong_with_a_key_has_one_answer() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let (program, _) = ada.some_api_key(&[]).await;
    let (gone, id) = ada.some_api_key(&[]).await;
    ada.delete_my_api_key(id, "*").await.no_content();
    program.get_me().await.ok();
    let good = program.token().to_owned();
    let parts: Vec<_> = good.split('_').collect();
    let [_, id, secret, checksum] = parts[..] else {
        panic!("{good}")
    };
    // Of another key, and so with a checksum that is right for it.
    let (other, _) = app.member().await.some_api_key(&[]).await;
    let spliced = other.token().rsplit_once('_').unwrap().0.to_owned();

    for wrong in [
        "ask_".to_owned(),
        gone.token().to_owned(),
        format!("ask_{id}_{secret}_00000000"),
        format!("ask_{id}_{secret}"),
        format!("ask_{id}_{checksum}_{secret}"),
        format!("{spliced}_{checksum}"),
        good.to_uppercase(),
        good.replace("ask_", "ASK_"),
        good.trim_start_matches("ask_").to_owned(),
        format!("{good}0"),
        format!("{good} {good}"),
    ] {
        let refused = app.anonymous().with_token(&wrong).get_me().await;

        let problem = refused.is_problem(401, "invalid_token");
        assert_eq!(problem["detail"], "sign in again for another one");
        let challenge = "Bearer realm=\"ashlar\", error=\"invalid_token\"";
        assert_eq!(refused.header("www-authenticate"), Some(challenge));
    }
    program.get_me().await.ok();
}

#[tokio::test]
async fn a_key_is_taken_from_the_header_alone() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let (program, _) = app.member().await.some_api_key(&[]).await;
    let key = program.token();
    let me = || nobody.request(Method::GET, "/api/v1/me");

    for request in [
        me().header("X-API-Key", key),
        me().header(AUTHORIZATION, key),
        me().header(AUTHORIZATION, format!("ApiKey {key}")),
        me().header("Cookie", format!("api_key={key}")),
        me().query(&[("access_token", key)]),
        me().query(&[("api_key", key)]),
    ] {
        let refused = nobody.send(request).await;

        refused.is_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_key_that_is_refused_writes_nothing() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let (program, key) = ada.some_api_key(&[]).await;
    let (gone, id) = ada.some_api_key(&[]).await;
    ada.delete_my_api_key(id, "*").await.no_content();
    let events = app.database.count("audit_events").await;

    for _ in 0..3 {
        gone.get_me().await.is_problem(401, "invalid_token");
    }
    write_uses(&app).await;

    assert_eq!(app.database.count("audit_events").await, events);
    program.get_me().await.ok();
    assert_eq!(
        ada.get_my_api_key(key).await.ok()["last_used_at"],
        Value::Null
    );
}

/// As the server does it each minute.
async fn write_uses(app: &TestApp) {
    let by = System::acting(app.ports.ids.next(), SystemReason::Upkeep);
    let written = ApiKeyUses::new(&app.ports).write(&by).await;
    written.expect("the database is there");
}

#[tokio::test]
async fn when_a_key_was_used_is_told_to_the_minute_and_is_no_other_version() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let (program, key) = ada.some_api_key(&[]).await;
    program.get_me().await.ok();
    app.clock.advance(TimeDelta::minutes(7));
    let used = used_at(&app, &program, &ada, key).await;
    app.clock.advance(TimeDelta::minutes(2));
    let again = used_at(&app, &program, &ada, key).await;

    assert_eq!(again - used, TimeDelta::minutes(2));
    let late = application::Clock::now(&*app.clock) - again;
    assert!(late >= TimeDelta::zero() && late < TimeDelta::minutes(1));
    assert_eq!(ada.get_my_api_key(key).await.etag(), "\"1\"");
}

async fn used_at(app: &TestApp, program: &Client, owner: &Client, key: Uuid) -> DateTime<Utc> {
    program.get_me().await.ok();
    write_uses(app).await;
    let shown = owner.get_my_api_key(key).await.ok();
    let used = shown["last_used_at"].as_str().expect("it was used");
    used.parse().expect("it is a time")
}

#[tokio::test]
async fn while_the_feed_is_silent_the_database_is_asked_about_keys() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let (program, _) = app.member().await.some_api_key(&[]).await;
    program.get_my_permissions().await.ok();
    let gone = StoreError::Unavailable("gone".into());

    faults.plan(Place::Standing, Fault::Answers(gone));
    let refused = program.get_my_permissions().await;
    faults.mend();

    refused.is_problem(503, "unavailable");
    program.get_my_permissions().await.ok();
}

/// Whoever has got hold of it could have a new password sent to themselves.
#[tokio::test]
async fn a_key_cannot_take_over_its_owner_who_may_do_more() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (program, _) = admin.some_api_key(&[Permission::UsersUpdate]).await;
    let address = json!({ "email": "thief@example.org" });

    let refused = program.update_user(admin.id(), "*", &address).await;

    refused.is_problem(403, "beyond_own_rights");
}

#[tokio::test]
async fn sessions_are_listed_by_key_with_none_of_them_current() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (program, _) = admin.some_api_key(&[Permission::UsersSessions]).await;

    let listed = program.list_user_sessions(admin.id(), "").await.ok();

    assert_eq!(listed["data"][0]["current"], false);
}
