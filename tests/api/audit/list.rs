use chrono::{SecondsFormat, TimeDelta};
use domain::roles::Permission;
use domain::users::Status;
use serde_json::{Value, json};
use support::factories::users::{PASSWORD, create_user, id_of, user};
use support::{Answer, Client, TestApp};
use uuid::Uuid;

fn actions(list: &Value) -> Vec<&str> {
    let events = list["data"].as_array().expect("a list has data").iter();
    events
        .map(|it| it["action"].as_str().expect("it is text"))
        .collect()
}

async fn listed(client: &Client, query: &str) -> Value {
    client.list_audit_events(query).await.ok()
}

#[tokio::test]
async fn an_event_says_who_did_what_to_whom() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let created = admin.create_user(&create_user()).await;

    let event = &listed(&admin, "").await["data"][0];
    assert_eq!(event["action"], "users.created");
    assert_eq!(event["outcome"], "done");
    let actor = json!({ "kind": "user", "id": admin.id(), "api_key_id": null });
    assert_eq!(event["actor"], actor);
    let id = id_of(&created.created());
    assert_eq!(event["target"], json!({ "kind": "user", "id": id }));
    let request = created.header("x-request-id").unwrap();
    assert_eq!(event["request_id"], request);
    assert_eq!(event["network"], "127.0.0.0/24");
}

/// Also of what was refused.
#[tokio::test]
async fn what_was_done_by_an_api_key_names_it_and_goes_on_to_when_the_key_is_gone() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (program, key) = admin.some_api_key(&[Permission::UsersCreate]).await;
    let taken = create_user();

    program.create_user(&taken).await.created();
    let refused = program.create_user(&taken).await;
    refused.is_problem(409, "email_taken");
    admin.delete_my_api_key(key, "*").await.no_content();

    let all = listed(&admin, "").await;
    let own = admin.list_my_audit_events("").await.ok();
    let expected = [
        ("api_keys.deleted", None),
        ("users.email_taken", Some(key)),
        ("users.created", Some(key)),
        ("api_keys.created", None),
    ];
    for list in [all, own] {
        assert_eq!(actions(&list)[..4], expected.map(|(action, _)| action));
        for (at, (_, key)) in expected.iter().enumerate() {
            let actor = json!({ "kind": "user", "id": admin.id(), "api_key_id": key });
            assert_eq!(list["data"][at]["actor"], actor);
        }
    }
}

#[tokio::test]
async fn a_taken_address_is_told_with_who_asked_for_it() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (taken, ada) = (create_user(), admin.some_user().await);
    admin.create_user(&taken).await.created();

    let again = admin.create_user(&taken).await;
    again.is_problem(409, "email_taken");
    let moved = json!({ "email": taken["email"] });
    let moved = admin.update_user(ada, "*", &moved).await;
    moved.is_problem(409, "email_taken");

    let listed = listed(&admin, "action=users.email_taken").await;
    let [moved, again] = [&listed["data"][0], &listed["data"][1]];
    assert_eq!(moved["target"], json!({ "kind": "user", "id": ada }));
    assert_eq!(again["target"], Value::Null);
    for event in [moved, again] {
        assert_eq!(event["outcome"], "refused");
        assert_eq!(event["actor"]["id"], json!(admin.id()));
    }
}

#[tokio::test]
async fn who_reaches_beyond_their_rights_is_told() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let deleter = app.holder_of(&[Permission::UsersDelete]).await;

    let refused = deleter.delete_user(admin.id(), "*").await;

    refused.is_problem(403, "beyond_own_rights");
    let event = &listed(&admin, "action=rights.exceeded").await["data"][0];
    assert_eq!(event["actor"]["id"], json!(deleter.id()));
    assert_eq!(event["target"]["id"], json!(admin.id()));
}

#[tokio::test]
async fn a_refused_sign_in_names_the_account_that_was_meant_if_there_is_one() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let nobody = app.anonymous();

    for address in [ada.email.as_str(), "nobody@example.org"] {
        let refused = nobody.login(address, "not the password").await;
        refused.is_problem(401, "sign_in_refused");
    }
    nobody.login(ada.email.as_str(), PASSWORD).await.ok();

    let list = listed(&admin, "").await;
    let expected = ["sign_in.succeeded", "sign_in.refused", "sign_in.refused"];
    assert_eq!(actions(&list), expected);
    let [succeeded, unknown, wrong] = [0, 1, 2].map(|at| &list["data"][at]);
    assert_eq!(succeeded["actor"]["id"], json!(ada.id.0));
    assert_eq!(succeeded["target"]["kind"], "session");
    assert_eq!(unknown["target"], Value::Null);
    assert_eq!(wrong["target"]["id"], json!(ada.id.0));
    for refused in [unknown, wrong] {
        let anonymous = json!({ "kind": "anonymous", "id": null, "api_key_id": null });
        assert_eq!(refused["actor"], anonymous);
    }
}

#[tokio::test]
async fn a_stolen_refresh_token_is_told() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let tokens = app.anonymous().login(ada.email.as_str(), PASSWORD).await;
    let token = tokens.ok()["refresh_token"].as_str().unwrap().to_owned();
    app.anonymous().refresh(&token).await.ok();

    app.clock.advance(TimeDelta::minutes(5));
    let refused = app.anonymous().refresh(&token).await;

    refused.is_oauth_error("invalid_grant");
    let event = &listed(&admin, "").await["data"][0];
    assert_eq!(event["action"], "sessions.refresh_reused");
    assert_eq!(event["outcome"], "refused");
    assert_eq!(event["actor"]["kind"], "anonymous");
    assert_eq!(event["target"]["kind"], "session");
}

#[tokio::test]
async fn filters_hold_on_every_page_and_in_the_total() {
    let app = TestApp::start().await;
    let (admin, other) = (app.administrator().await, app.administrator().await);
    admin.some_user().await;
    app.clock.advance(TimeDelta::minutes(1));
    let since = application::Clock::now(&*app.clock);
    let since = since.to_rfc3339_opts(SecondsFormat::Micros, true);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.insert(0, admin.some_user().await);
        other.some_user().await;
        let renamed = json!({ "display_name": "Countess" });
        admin.update_user(ids[0], "*", &renamed).await.ok();
        app.clock.advance(TimeDelta::seconds(1));
    }
    let (actor, mut walked) = (admin.id(), Vec::new());
    let query = format!("actor={actor}&action=users.created&since={since}&limit=2&include=total");
    let mut next = Some(query.clone());

    while let Some(query) = next {
        let page = listed(&admin, &query).await;
        assert_eq!(page["page"]["total"], 3);
        let events = page["data"].as_array().unwrap().iter();
        walked.extend(events.map(|it| it["target"]["id"].as_str().unwrap().to_owned()));
        let cursor = page["page"]["next_cursor"].as_str();
        next = cursor.map(|it| format!("{query}&cursor={it}"));
    }

    assert_eq!(walked, ids.iter().map(Uuid::to_string).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cursor_of_other_filters_or_of_the_other_list_is_refused() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    admin.some_user().await;
    admin.some_user().await;
    let first = admin.list_audit_events("limit=1").await;
    let link = first.header("link").expect("there is more");
    assert!(link.ends_with("; rel=\"next\""), "{link}");
    let cursor = first.ok()["page"]["next_cursor"]
        .as_str()
        .unwrap()
        .to_owned();

    let filtered = format!("action=users.created&cursor={cursor}");
    for refused in [
        admin.list_audit_events(&filtered).await,
        admin
            .list_my_audit_events(&format!("cursor={cursor}"))
            .await,
    ] {
        refused.is_problem(400, "invalid_parameter");
        assert_eq!(refused.faults(), [("cursor".into(), "invalid".into())]);
    }
    let rest = admin.list_audit_events(&format!("cursor={cursor}")).await;
    assert_eq!(actions(&rest.ok()), ["users.created"]);
}

#[tokio::test]
async fn filters_that_cannot_be_read_are_told_all_at_once() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let query = "actor=ada&action=users.flown&since=yesterday&include=all&q=a";
    let refused = admin.list_audit_events(query).await;

    refused.is_problem(400, "invalid_parameter");
    let faults: Vec<_> = refused.faults().into_iter().map(|it| it.0).collect();
    assert_eq!(faults, ["action", "actor", "include", "q", "since"]);
}

#[tokio::test]
async fn nobody_reads_the_log_without_its_permission() {
    let app = TestApp::start().await;
    let all = Permission::ALL.iter().copied();
    let others: Vec<_> = all.filter(|it| *it != Permission::AuditRead).collect();
    let holder = app.holder_of(&others).await;

    let refused: Answer = holder.list_audit_events("").await;

    refused.is_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn a_log_without_events_is_an_empty_list() {
    let app = TestApp::start().await;
    let reader = app.holder_of(&[Permission::AuditRead]).await;

    let list = listed(&reader, "include=total").await;

    assert_eq!(list["data"], json!([]));
    assert_eq!(list["page"]["total"], 0);
    assert_eq!(list["page"]["has_more"], false);
}
