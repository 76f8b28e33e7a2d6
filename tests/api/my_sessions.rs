use application::StoreError;
use chrono::{DateTime, TimeDelta, Utc};
use domain::users::{Status, User};
use reqwest::Method;
use serde_json::{Value, json};
use support::factories::users::{PASSWORD, user};
use support::{Answer, Client, Fault, Faults, Place, TestApp};
use uuid::Uuid;

use super::tokens::{id, text, verified};

#[tokio::test]
async fn who_signs_out_is_out_and_with_them_their_refresh_token() {
    let app = TestApp::start().await;
    let ada = active(&app).await;
    let (here, there) = (login(&app, &ada).await, login(&app, &ada).await);

    let html = client(&app, &here).request(Method::POST, "/api/v1/auth/logout");
    let html = app
        .anonymous()
        .send(html.header("Accept", "text/html"))
        .await;
    html.is_problem(406, "not_acceptable");
    client(&app, &here).logout().await.no_content();

    is_void(&client(&app, &here).get_me().await);
    is_void(&client(&app, &here).logout().await);
    is_refused(&app, &here).await;
    client(&app, &there).get_me().await.ok();
    app.anonymous().refresh(refresh_token(&there)).await.ok();
}

#[tokio::test]
async fn revoking_a_token_of_either_kind_ends_its_session() {
    let app = TestApp::start().await;
    let ada = active(&app).await;
    for kind in ["access_token", "refresh_token"] {
        for hint in ["access_token", "refresh_token", "unheard_of"] {
            let tokens = login(&app, &ada).await;
            let parameters = [("token", text(&tokens[kind])), ("token_type_hint", hint)];

            let answer = app.anonymous().revoke_token(&parameters).await;

            assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
            is_void(&client(&app, &tokens).get_me().await);
            is_refused(&app, &tokens).await;
        }
    }
}

#[tokio::test]
async fn a_token_that_was_used_before_still_ends_its_session() {
    let app = TestApp::start().await;
    let ada = active(&app).await;
    let tokens = login(&app, &ada).await;
    let next = app.anonymous().refresh(refresh_token(&tokens)).await.ok();

    let spent = [("token", refresh_token(&tokens)), ("client_id", "ashlar")];
    let answer = app.anonymous().revoke_token(&spent).await;

    assert_eq!(answer.status, 200);
    is_refused(&app, &next).await;
}

#[tokio::test]
async fn revoking_what_is_no_token_is_a_success_and_revoking_nothing_is_none() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();

    for unknown in ["x", "a.b.c", "🗿"] {
        let answer = nobody.revoke_token(&[("token", unknown)]).await;
        assert_eq!(answer.status, 200, "{unknown}");
    }
    let nothing = nobody.revoke_token(&[]).await;
    nothing.is_oauth_error("invalid_request");
    let twice = nobody.revoke_token(&[("token", "x"), ("token", "x")]).await;
    twice.is_oauth_error("invalid_request");
    let another = [("token", "x"), ("client_id", "another")];
    let another = nobody.revoke_token(&another).await;
    another.is_oauth_error("invalid_client");
    let large = "b".repeat(100_000);
    let large = nobody.revoke_token(&[("token", &large)]).await;
    large.is_problem(413, "too_large");
    let as_json = nobody.post("/oauth/revoke", &json!({ "token": "x" })).await;
    as_json.is_problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn a_token_that_cannot_be_revoked_just_now_goes_on() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let ada = active(&app).await;
    let tokens = login(&app, &ada).await;
    let revoke = async || {
        let token = [("token", refresh_token(&tokens))];
        app.anonymous().revoke_token(&token).await
    };

    let failed = StoreError::Failed("innermost".into());
    faults.plan(Place::Commit, Fault::Answers(failed));
    revoke().await.is_problem(500, "internal");
    let away = StoreError::Unavailable("innermost".into());
    faults.plan(Place::Begin, Fault::Answers(away));
    revoke().await.is_problem(503, "unavailable");

    faults.mend();
    client(&app, &tokens).get_me().await.ok();
}

#[tokio::test]
async fn ones_sessions_are_listed_and_no_others() {
    let app = TestApp::start().await;
    let (ada, bob) = (active(&app).await, active(&app).await);
    let (old, ended) = (login(&app, &ada).await, login(&app, &ada).await);
    client(&app, &ended).logout().await.no_content();
    app.clock.advance(TimeDelta::minutes(1));
    let (new, _) = (login(&app, &ada).await, login(&app, &bob).await);

    let answer = client(&app, &new).list_my_sessions("").await;

    let listed = answer.ok();
    let (old, new) = (sid(&app, &old).await, sid(&app, &new).await);
    let shown: Vec<_> = listed["data"].as_array().unwrap().iter().collect();
    let ids: Vec<Uuid> = shown.iter().map(|it| id(&it["id"])).collect();
    assert_eq!(ids, [new, old]);
    assert_eq!(
        (&shown[0]["current"], &shown[1]["current"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(shown[0]["created_at"], shown[0]["authenticated_at"]);
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
}

#[tokio::test]
async fn a_session_whose_time_is_over_is_not_listed() {
    let app = TestApp::start().await;
    let ada = active(&app).await;
    let mut tokens = login(&app, &ada).await;
    for _ in 0..2 {
        app.clock.advance(TimeDelta::days(10));
        tokens = refreshed(&app, &tokens).await.unwrap();
    }
    app.clock.advance(TimeDelta::days(10));
    let now = login(&app, &ada).await;

    assert_eq!(listed(&app, &now).await, [sid(&app, &now).await]);
}

/// To the microsecond.
#[tokio::test]
async fn a_session_is_listed_for_as_long_as_it_can_be_refreshed() {
    let app = TestApp::start().await;
    let ada = active(&app).await;
    let (stale, fresh) = (login(&app, &ada).await, login(&app, &ada).await);
    let of_stale = sid(&app, &stale).await;
    let of_fresh = sid(&app, &fresh).await;
    app.clock.advance(TimeDelta::days(13));
    let fresh = refreshed(&app, &fresh).await.unwrap();
    let day_less_an_instant = TimeDelta::days(1) - TimeDelta::microseconds(1);
    app.clock.advance(day_less_an_instant);
    let fresh = refreshed(&app, &fresh).await.unwrap();
    let before = listed(&app, &fresh).await;

    app.clock.advance(TimeDelta::microseconds(1));

    assert_eq!(before, [of_fresh, of_stale]);
    assert_eq!(listed(&app, &fresh).await, [of_fresh]);
    assert!(refreshed(&app, &stale).await.is_none());
}

/// A token that comes again within the reuse window has the same answer, and is no use of its own.
#[tokio::test]
async fn a_session_tells_when_it_was_last_given_an_access_token() {
    let app = TestApp::start().await;
    let ada = active(&app).await;
    let tokens = login(&app, &ada).await;
    let other = login(&app, &ada).await;
    let used = async || {
        let shown = client(&app, &other).list_my_sessions("").await.ok();
        let own = &shown["data"][1];
        [&own["created_at"], &own["last_used_at"]].map(time)
    };
    let [began, unused] = used().await;
    assert_eq!(unused, began);

    app.clock.advance(TimeDelta::minutes(5));
    let next = refreshed(&app, &tokens).await.unwrap();
    let first = used().await;
    app.clock.advance(TimeDelta::seconds(1));
    refreshed(&app, &tokens).await.unwrap();
    let again = used().await;
    app.clock.advance(TimeDelta::minutes(4));
    client(&app, &next).get_me().await.ok();
    client(&app, &next).step_up(PASSWORD).await.ok();
    let stepped_up = used().await;

    assert_eq!(first, [began, began + TimeDelta::minutes(5)]);
    assert_eq!(again, first);
    let last = began + TimeDelta::minutes(9) + TimeDelta::seconds(1);
    assert_eq!(stepped_up, [began, last]);
}

#[tokio::test]
async fn the_list_goes_on_where_the_page_before_ended() {
    let app = TestApp::start().await;
    let (ada, bob) = (active(&app).await, active(&app).await);
    let mut tokens = Vec::new();
    for _ in 0..5 {
        tokens.push(login(&app, &ada).await);
    }
    let ada = client(&app, &tokens[4]);

    let mut seen = Vec::new();
    let mut query = "limit=2".to_owned();
    loop {
        let page = ada.list_my_sessions(&query).await.ok();
        seen.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| id(&it["id"])),
        );
        let Some(cursor) = page["page"]["next_cursor"].as_str() else {
            break;
        };
        query = format!("limit=2&cursor={cursor}");
    }

    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|one, next| one > next), "{seen:?}");
    let bob = client(&app, &login(&app, &bob).await);
    let refused = bob.list_my_sessions(&query).await;
    refused.is_problem(400, "invalid_parameter");
    let refused = ada.list_my_sessions("limit=0").await;
    refused.is_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn one_can_end_any_session_of_ones_own_and_nobody_elses() {
    let app = TestApp::start().await;
    let (ada, bob) = (active(&app).await, active(&app).await);
    let (here, there) = (login(&app, &ada).await, login(&app, &ada).await);
    let bobs = login(&app, &bob).await;
    let ada = client(&app, &here);
    let (own, other) = (sid(&app, &there).await, sid(&app, &bobs).await);

    ada.end_my_session(own).await.no_content();

    is_void(&client(&app, &there).get_me().await);
    is_refused(&app, &there).await;
    for not_found in [own, other, Uuid::nil()] {
        let refused = ada.end_my_session(not_found).await;
        refused.is_problem(404, "not_found");
    }
    client(&app, &bobs).get_me().await.ok();
    let present = sid(&app, &here).await;
    ada.end_my_session(present).await.no_content();
    is_void(&ada.get_me().await);
}

#[tokio::test]
async fn one_can_end_all_other_sessions_at_once() {
    let app = TestApp::start().await;
    let (ada, bob) = (active(&app).await, active(&app).await);
    let (here, there) = (login(&app, &ada).await, login(&app, &ada).await);
    let bobs = login(&app, &bob).await;

    let done = client(&app, &here).end_my_other_sessions().await;

    done.no_content();
    is_refused(&app, &there).await;
    for tokens in [&here, &bobs] {
        client(&app, tokens).get_me().await.ok();
        app.anonymous().refresh(refresh_token(tokens)).await.ok();
    }
}

async fn active(app: &TestApp) -> User {
    let ada = user(Status::Active);
    app.store(&ada).await;
    ada
}

async fn login(app: &TestApp, user: &User) -> Value {
    let answer = app.anonymous().login(user.email.as_str(), PASSWORD).await;
    answer.ok()
}

/// What it is refreshed to; `None` when it is over.
async fn refreshed(app: &TestApp, tokens: &Value) -> Option<Value> {
    let answer = app.anonymous().refresh(refresh_token(tokens)).await;
    (answer.status == 200).then(|| answer.ok())
}

async fn listed(app: &TestApp, tokens: &Value) -> Vec<Uuid> {
    let shown = client(app, tokens).list_my_sessions("").await.ok();
    let sessions = shown["data"].as_array().expect("a page has data").iter();
    sessions.map(|it| id(&it["id"])).collect()
}

fn time(it: &Value) -> DateTime<Utc> {
    text(it).parse().expect("a time is one")
}

async fn sid(app: &TestApp, tokens: &Value) -> Uuid {
    let claims = verified(app, text(&tokens["access_token"])).await;
    id(&claims["sid"])
}

fn client(app: &TestApp, tokens: &Value) -> Client {
    let access_token = text(&tokens["access_token"]);
    app.anonymous().with_token(access_token)
}

fn refresh_token(tokens: &Value) -> &str {
    text(&tokens["refresh_token"])
}

#[track_caller]
fn is_void(answer: &Answer) {
    answer.is_problem(401, "invalid_token");
}

async fn is_refused(app: &TestApp, tokens: &Value) {
    let refused = app.anonymous().refresh(refresh_token(tokens)).await;
    refused.is_oauth_error("invalid_grant");
}
