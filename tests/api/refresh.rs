use application::outbox::MailContent;
use application::{Clock, StoreError};
use chrono::TimeDelta;
use domain::users::{Status, User};
use reqwest::Method;
use serde_json::{Value, json};
use support::factories::users::{PASSWORD, user};
use support::{Answer, Client, Fault, Faults, Place, TestApp};

use super::tokens::{text, verified};

#[tokio::test]
async fn a_refresh_token_gets_an_access_token_and_its_successor() {
    let app = TestApp::start().await;
    let login = signed_in(&app).await;
    let before = verified(&app, text(&login["access_token"])).await;
    app.clock.advance(TimeDelta::hours(5));

    let answer = app.anonymous().refresh(token(&login)).await;

    let body = answer.ok();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 600);
    assert_eq!(
        body.as_object().map(serde_json::Map::len),
        Some(4),
        "{body}"
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("pragma"), Some("no-cache"));
    assert_ne!(token(&body), token(&login));
    let after = verified(&app, text(&body["access_token"])).await;
    let now = app.clock.now().timestamp();
    for same in ["sid", "sub", "auth_time", "client_id", "scope", "roles"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert_eq!(after["iat"], now);
    assert_ne!(after["jti"], before["jti"]);
    me(&app, &body).await.ok();
}

#[tokio::test]
async fn every_token_has_a_successor_until_the_session_is_over() {
    let app = TestApp::start().await;
    let mut tokens = signed_in(&app).await;

    for _ in 0..3 {
        app.clock
            .advance(TimeDelta::days(10) - TimeDelta::seconds(1));
        tokens = app.anonymous().refresh(token(&tokens)).await.ok();
    }
    app.clock.advance(TimeDelta::seconds(3));

    let refused = app.anonymous().refresh(token(&tokens)).await;
    refused.is_oauth_error("invalid_grant");
    is_void(&me(&app, &tokens).await);
}

#[tokio::test]
async fn an_unused_token_expires_after_two_weeks() {
    let app = TestApp::start().await;
    let (one, other) = (signed_in(&app).await, signed_in(&app).await);

    app.clock
        .advance(TimeDelta::days(14) - TimeDelta::microseconds(1));
    app.anonymous().refresh(token(&one)).await.ok();
    app.clock.advance(TimeDelta::microseconds(1));

    let refused = app.anonymous().refresh(token(&other)).await;
    refused.is_oauth_error("invalid_grant");
}

#[tokio::test]
async fn the_same_token_again_at_once_has_the_same_successor() {
    let app = TestApp::start().await;
    let login = signed_in(&app).await;
    let first = app.anonymous().refresh(token(&login)).await.ok();
    app.clock
        .advance(TimeDelta::seconds(30) - TimeDelta::microseconds(1));

    let second = app.anonymous().refresh(token(&login)).await.ok();

    assert_eq!(token(&second), token(&first));
    assert_ne!(second["access_token"], first["access_token"]);
    for tokens in [&first, &second] {
        me(&app, tokens).await.ok();
    }
}

#[tokio::test]
async fn the_same_token_again_later_ends_the_session() {
    let app = TestApp::start().await;
    let (login, other) = (signed_in(&app).await, signed_in(&app).await);
    let first = app.anonymous().refresh(token(&login)).await.ok();
    app.clock.advance(TimeDelta::seconds(30));

    let refused = app.anonymous().refresh(token(&login)).await;

    refused.is_oauth_error("invalid_grant");
    is_void(&me(&app, &first).await);
    let successor = app.anonymous().refresh(token(&first)).await;
    successor.is_oauth_error("invalid_grant");
    me(&app, &other).await.ok();
}

/// Once, however often the thief tries.
#[tokio::test]
async fn the_owner_is_told_of_a_token_that_came_again_later() {
    let app = TestApp::start().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let login = app.anonymous().login(ada.email.as_str(), PASSWORD).await;
    let login = login.ok();
    app.anonymous().refresh(token(&login)).await.ok();
    app.clock.advance(TimeDelta::seconds(30));

    for _ in 0..3 {
        let refused = app.anonymous().refresh(token(&login)).await;
        refused.is_oauth_error("invalid_grant");
    }
    app.deliver().await;

    let mails = app.mailer.taken_for(&ada.email);
    let told: Vec<_> = mails.iter().map(|it| &it.content).collect();
    assert!(matches!(told[..], [MailContent::RefreshReused]), "{told:?}");
}

#[tokio::test]
async fn the_same_token_again_after_its_successor_ends_the_session() {
    let app = TestApp::start().await;
    let login = signed_in(&app).await;
    let first = app.anonymous().refresh(token(&login)).await.ok();
    let second = app.anonymous().refresh(token(&first)).await.ok();

    let refused = app.anonymous().refresh(token(&login)).await;

    refused.is_oauth_error("invalid_grant");
    is_void(&me(&app, &second).await);
}

#[tokio::test]
async fn the_reuse_window_is_a_setting() {
    let none = ("ASHLAR__TOKENS__REFRESH_REUSE_SECONDS", "0");
    let app = TestApp::start_with(&[none], |ports| ports).await;
    let login = signed_in(&app).await;
    app.anonymous().refresh(token(&login)).await.ok();

    let again = app.anonymous().refresh(token(&login)).await;

    again.is_oauth_error("invalid_grant");
}

#[tokio::test]
async fn every_refused_token_has_the_same_answer() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let expired = signed_in(&app).await;
    app.clock.advance(TimeDelta::days(14));
    let admin_again = app.administrator().await;
    let (ada, shut) = (active(&app).await, active(&app).await);
    let spent = login(&app, &ada).await;
    app.anonymous().refresh(token(&spent)).await.ok();
    app.clock.advance(TimeDelta::seconds(30));
    let ended = login(&app, &shut).await;
    admin_again.deactivate_user(shut.id.0, "*").await.ok();
    drop(admin);

    let unknown = app.anonymous().refresh("nobody-was-given-this").await;

    unknown.is_oauth_error("invalid_grant");
    for refused in [&expired, &spent, &spent, &ended] {
        let refused = app.anonymous().refresh(token(refused)).await;
        assert_eq!(refused.json(), unknown.json());
        refused.is_oauth_error("invalid_grant");
    }
    for odd in ["", " ", "🗿", "a b", &"a".repeat(60_000)] {
        let refused = app.anonymous().refresh(odd).await;
        assert!(refused.status == 400, "{}", refused.status);
    }
}

#[tokio::test]
async fn what_oauth_asks_for_is_needed_and_what_it_does_not_know_is_ignored() {
    let app = TestApp::start().await;
    let login = signed_in(&app).await;
    let token = token(&login);
    let grant = ("grant_type", "refresh_token");
    let given = ("refresh_token", token);
    for (parameters, code) in [
        (vec![], "invalid_request"),
        (vec![given], "invalid_request"),
        (vec![grant], "invalid_request"),
        (vec![grant, ("refresh_token", "")], "invalid_request"),
        (vec![grant, given, grant], "invalid_request"),
        (vec![grant, given, given], "invalid_request"),
        (
            vec![grant, given, ("a", "1"), ("a", "2")],
            "invalid_request",
        ),
        (
            vec![grant, given, ("client_id", "another")],
            "invalid_client",
        ),
        (vec![("client_id", "another")], "invalid_client"),
        (
            vec![("grant_type", "password"), given],
            "unsupported_grant_type",
        ),
        (vec![grant, given, ("scope", "full read")], "invalid_scope"),
    ] {
        let refused = app.anonymous().refresh_tokens(&parameters).await;

        refused.is_oauth_error(code);
        assert!(!refused.json().to_string().contains(token));
    }

    let known = [("client_id", "ashlar"), ("scope", "full"), ("audience", "")];
    let parameters = [&known[..], &[grant, given, ("unheard_of", "1")]].concat();
    app.anonymous().refresh_tokens(&parameters).await.ok();
}

#[tokio::test]
async fn no_form_makes_the_server_fail() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for body in [
        "%",
        "%zz=1",
        "a=%00",
        "a=%ff",
        "=",
        "&&&",
        "a&a",
        "{}",
        "🗿",
        &"a=1&".repeat(10_000),
        &"a".repeat(60_000),
    ] {
        let request = nobody.request(Method::POST, "/oauth/token");
        let request = request.header("content-type", "application/x-www-form-urlencoded");

        let refused = nobody.send(request.body(body.to_owned())).await;

        refused.is_oauth_error("invalid_request");
    }
    let large = nobody.request(Method::POST, "/oauth/token");
    let large = nobody.send(large.form(&[("a", "b".repeat(100_000))])).await;
    large.is_problem(413, "too_large");
    let parameters = json!({ "grant_type": "refresh_token" });
    let as_json = nobody.post("/oauth/token", &parameters).await;
    as_json.is_problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn a_store_that_is_away_spends_no_token() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let login = signed_in(&app).await;

    let failed = StoreError::Failed("innermost".into());
    faults.plan(Place::Commit, Fault::Answers(failed));
    let answer = app.anonymous().refresh(token(&login)).await;
    answer.is_problem(500, "internal");
    let away = StoreError::Unavailable("innermost".into());
    faults.plan(Place::Begin, Fault::Answers(away));
    let answer = app.anonymous().refresh(token(&login)).await;
    answer.is_problem(503, "unavailable");

    faults.mend();
    app.anonymous().refresh(token(&login)).await.ok();
}

#[tokio::test]
async fn no_token_is_kept() {
    let app = TestApp::start().await;
    let login = signed_in(&app).await;
    let next = app.anonymous().refresh(token(&login)).await.ok();

    let rows = app.database.query("SELECT hash, salt FROM refresh_tokens");
    let rows = rows.await;

    assert_eq!(rows.len(), 2);
    for row in &rows {
        for column in 0..2 {
            let kept: Vec<u8> = row.try_get_by_index(column).expect("bytes");
            assert_eq!(kept.len(), 32);
            for given in [token(&login), token(&next)] {
                assert!(!given.as_bytes().windows(32).any(|it| it == kept));
            }
        }
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

/// Somebody new, with the tokens of their sign-in.
async fn signed_in(app: &TestApp) -> Value {
    let user = active(app).await;
    login(app, &user).await
}

fn token(tokens: &Value) -> &str {
    text(&tokens["refresh_token"])
}

fn client(app: &TestApp, tokens: &Value) -> Client {
    let access_token = text(&tokens["access_token"]);
    app.anonymous().with_token(access_token)
}

async fn me(app: &TestApp, tokens: &Value) -> Answer {
    client(app, tokens).get_me().await
}

#[track_caller]
fn is_void(answer: &Answer) {
    answer.is_problem(401, "invalid_token");
}
