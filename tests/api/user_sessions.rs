//! Others' sessions, by permission.

use domain::roles::Permission;
use domain::users::Status;
use serde_json::{Value, json};
use support::factories::users::user;
use support::{Answer, TestApp};
use uuid::Uuid;

const NOTHING: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_ffff);

#[tokio::test]
async fn who_may_sees_where_a_user_is_signed_in_page_by_page() {
    let app = TestApp::start().await;
    let support = app.holder_of(&[Permission::UsersSessions]).await;
    let ada = user(Status::Active);
    let client = app.sign_in(&ada).await;
    for _ in 0..2 {
        app.session_of(&ada).await;
    }
    let own = client.list_my_sessions("").await.ok();

    let all = support.list_user_sessions(ada.id.0, "").await.ok();
    let first = support.list_user_sessions(ada.id.0, "limit=2").await.ok();
    let next = first["page"]["next_cursor"]
        .as_str()
        .expect("there is more");
    let next = format!("limit=2&cursor={next}");
    let second = support.list_user_sessions(ada.id.0, &next).await.ok();

    assert_eq!(ids(&all), ids(&own));
    assert_eq!(ids(&all).len(), 3);
    assert_eq!([ids(&first), ids(&second)].concat(), ids(&all));
    let current = |it: &Value| it["current"] == true;
    assert!(!all["data"].as_array().expect("a list").iter().any(current));
    let elsewhere = support.list_user_sessions(support.id(), &next).await;
    elsewhere.is_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn ones_own_session_is_marked_in_this_list_too() {
    let app = TestApp::start().await;
    let support = app.holder_of(&[Permission::UsersSessions]).await;

    let own = support.list_user_sessions(support.id(), "").await.ok();

    assert_eq!(own["data"][0]["current"], json!(true));
}

#[tokio::test]
async fn every_session_of_the_user_ends_at_once_and_no_other() {
    let app = TestApp::start().await;
    let support = app.holder_of(&[Permission::UsersSessions]).await;
    let (ada, bob) = (user(Status::Active), app.member().await);
    let signed_in = [app.sign_in(&ada).await, app.session_of(&ada).await];

    support.end_user_sessions(ada.id.0).await.no_content();

    for client in signed_in {
        client.get_me().await.is_problem(401, "invalid_token");
    }
    bob.get_me().await.ok();
    let left = support.list_user_sessions(ada.id.0, "").await.ok();
    assert_eq!(left["data"], json!([]));
    support.end_user_sessions(ada.id.0).await.no_content();
    app.session_of(&ada).await.get_me().await.ok();
}

#[tokio::test]
async fn nobody_ends_the_sessions_of_who_may_do_more() {
    let app = TestApp::start().await;
    let support = app.holder_of(&[Permission::UsersSessions]).await;
    let admin = app.administrator().await;

    let refused = support.end_user_sessions(admin.id()).await;

    refused.is_problem(403, "beyond_own_rights");
    admin.get_me().await.ok();
    support.list_user_sessions(admin.id(), "").await.ok();
    support.end_user_sessions(support.id()).await.no_content();
    support.get_me().await.is_problem(401, "invalid_token");
}

#[tokio::test]
async fn nobody_has_no_sessions() {
    let app = TestApp::start().await;
    let support = app.holder_of(&[Permission::UsersSessions]).await;

    let refusals: [Answer; 2] = [
        support.list_user_sessions(NOTHING, "").await,
        support.end_user_sessions(NOTHING).await,
    ];
    let malformed = support.get("/api/v1/users/7/sessions").await;

    for refused in refusals {
        refused.is_problem(404, "not_found");
    }
    malformed.is_problem(400, "invalid_parameter");
}

fn ids(list: &Value) -> Vec<&Value> {
    let items = list["data"].as_array().expect("a list");
    items.iter().map(|it| &it["id"]).collect()
}
