use domain::users::Status;
use serde_json::{Value, json};
use support::TestApp;
use support::factories::users::{PASSWORD, user};

fn actions(list: &Value) -> Vec<&str> {
    let events = list["data"].as_array().expect("a list has data").iter();
    events
        .map(|it| it["action"].as_str().expect("it is text"))
        .collect()
}

#[tokio::test]
async fn everybody_sees_what_they_have_done_and_nothing_else() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    app.anonymous()
        .login(ada.email.as_str(), PASSWORD)
        .await
        .ok();
    let caller = app.session_of(&ada).await;
    let renamed = json!({ "display_name": "Countess" });
    caller.update_me("*", &renamed).await.ok();
    let renamed = json!({ "display_name": "Lady" });
    admin.update_user(ada.id.0, "*", &renamed).await.ok();

    let own = caller.list_my_audit_events("").await.ok();

    assert_eq!(actions(&own), ["users.updated", "sign_in.succeeded"]);
    for event in own["data"].as_array().unwrap() {
        let ada = json!({ "kind": "user", "id": ada.id.0, "api_key_id": null });
        assert_eq!(event["actor"], ada);
    }
}

#[tokio::test]
async fn ones_own_list_has_pages() {
    let app = TestApp::start().await;
    let member = app.member().await;
    for name in ["One", "Two", "Three"] {
        let renamed = json!({ "display_name": name });
        member.update_me("*", &renamed).await.ok();
    }

    let first = member.list_my_audit_events("limit=2").await.ok();
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    let rest = member
        .list_my_audit_events(&format!("limit=2&cursor={cursor}"))
        .await
        .ok();

    assert_eq!(actions(&first).len(), 2);
    assert_eq!(actions(&rest).len(), 1);
    assert_eq!(rest["page"]["has_more"], false);
}

#[tokio::test]
async fn nobody_goes_on_in_the_list_of_another() {
    let app = TestApp::start().await;
    let (one, other) = (app.member().await, app.member().await);
    for name in ["One", "Two"] {
        let renamed = json!({ "display_name": name });
        one.update_me("*", &renamed).await.ok();
    }
    let first = one.list_my_audit_events("limit=1").await.ok();
    let cursor = first["page"]["next_cursor"].as_str().unwrap();

    let refused = other
        .list_my_audit_events(&format!("cursor={cursor}"))
        .await;

    refused.is_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn ones_own_list_knows_no_filters() {
    let app = TestApp::start().await;
    let member = app.member().await;

    let query = format!("actor={}", member.id());
    let refused = member.list_my_audit_events(&query).await;

    refused.is_problem(400, "invalid_parameter");
    assert_eq!(refused.faults(), [("actor".into(), "unknown".into())]);
}
