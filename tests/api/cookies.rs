//! The refresh token in a cookie, for pages in browsers (RFC 6265bis; Fetch standard, CORS protocol).

use application::{Clock, StoreError};
use chrono::TimeDelta;
use domain::users::{Status, User};
use reqwest::Method;
use reqwest::header::{COOKIE, ORIGIN};
use serde_json::json;
use support::factories::users::{PASSWORD, user};
use support::{Answer, Fault, Faults, Place, TestApp, at_once};

use super::tokens::{text, verified};

const PAGE: &str = "https://app.example.org";
const PAGES: (&str, &str) = ("ASHLAR__CORS__ALLOWED_ORIGINS", PAGE);
const DROPPED: &str = "__Host-refresh=; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=0";

#[tokio::test]
async fn a_sign_in_by_cookie_gives_no_script_the_refresh_token() {
    let app = start().await;
    let ada = active(&app).await;

    let answer = login(&app, &ada).await;

    let body = answer.ok();
    let token = token(&answer);
    assert_eq!(token.len(), 43);
    assert_eq!(
        answer.header("set-cookie"),
        Some(&*format!(
            "__Host-refresh={token}; HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=1209600"
        ))
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let members = body.as_object().expect("it is an object").keys();
    let members: Vec<_> = members.map(String::as_str).collect();
    let expected = ["access_token", "expires_in", "status", "token_type"];
    assert_eq!(members, expected);
    app.anonymous().refresh(&token).await.ok();
}

#[tokio::test]
async fn who_asks_for_the_body_gets_no_cookie() {
    let app = start().await;
    let ada = active(&app).await;
    let credentials = |transport: &str| json!({ "email": ada.email.as_str(), "password": PASSWORD, "transport": transport });
    let sign_in = async |transport: &str| {
        let body = credentials(transport);
        app.anonymous().post("/api/v1/auth/login", &body).await
    };

    let answer = sign_in("body").await;

    assert_eq!(answer.header("set-cookie"), None);
    assert!(answer.ok()["refresh_token"].is_string());
    for unheard_of in ["", "Cookie", "header"] {
        let refused = sign_in(unheard_of).await;
        refused.is_problem(422, "invalid");
        assert_eq!(refused.faults(), [("/transport".into(), "invalid".into())]);
    }
}

#[tokio::test]
async fn the_cookie_gets_an_access_token_and_its_successor() {
    let app = start().await;
    let ada = active(&app).await;
    let signed_in = login(&app, &ada).await;
    let before = verified(&app, text(&signed_in.ok()["access_token"])).await;
    app.clock.advance(TimeDelta::hours(5));

    let answer = refresh(&app, &token(&signed_in)).await;

    let body = answer.ok();
    assert_eq!(
        body.as_object()
            .map(|it| it.keys().cloned().collect::<Vec<_>>()),
        signed_in
            .ok()
            .as_object()
            .map(|it| it.keys().cloned().collect())
    );
    assert_eq!(body["status"], "authenticated");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
    assert_eq!(
        answer.header("access-control-allow-credentials"),
        Some("true")
    );
    assert_ne!(token(&answer), token(&signed_in));
    let after = verified(&app, text(&body["access_token"])).await;
    for same in ["sid", "sub", "auth_time"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert_eq!(after["iat"], app.clock.now().timestamp());
    refresh(&app, &token(&answer)).await.ok();
}

#[tokio::test]
async fn a_cookie_ends_with_its_session_at_the_latest() {
    let app = start().await;
    let ada = active(&app).await;
    let mut answer = login(&app, &ada).await;

    for days in [10, 10] {
        app.clock.advance(TimeDelta::days(days));
        answer = refresh(&app, &token(&answer)).await;
    }
    app.clock.advance(TimeDelta::seconds(10));
    let last = refresh(&app, &token(&answer)).await;

    assert_eq!(max_age(&answer), 10 * 86_400);
    assert_eq!(max_age(&last), 10 * 86_400 - 10);
    app.clock.advance(TimeDelta::seconds(10));
    let same = refresh(&app, &token(&answer)).await;
    assert_eq!(token(&same), token(&last));
    assert_eq!(max_age(&same), 10 * 86_400 - 20);
}

#[tokio::test]
async fn only_a_page_of_an_allowed_origin_can_use_the_cookie() {
    let app = start().await;
    let ada = active(&app).await;
    let own = &app.settings.server.public_url;
    let mut cookie = token(&login(&app, &ada).await);
    let without_origin = |cookie: &str| {
        let request = app
            .anonymous()
            .request(Method::POST, "/api/v1/auth/refresh");
        request.header(COOKIE, format!("__Host-refresh={cookie}"))
    };

    let mut refusals = vec![app.anonymous().send(without_origin(&cookie)).await];
    let twice = without_origin(&cookie)
        .header(ORIGIN, PAGE)
        .header(ORIGIN, PAGE);
    refusals.push(app.anonymous().send(twice).await);
    for origin in [
        "",
        "null",
        "*",
        "https://evil.example.org",
        "https://app.example.org.evil.org",
        "https://evil.app.example.org",
        "https://app.example.org:8443",
        "http://app.example.org",
        "https://APP.example.org",
        "https://app.example.org/",
        &format!("{own}/"),
    ] {
        refusals.push(app.anonymous().refresh_session(origin, &cookie).await);
    }

    for refused in refusals {
        refused.is_problem(403, "origin_refused");
        assert_eq!(refused.header("set-cookie"), None);
    }
    for origin in [own, PAGE] {
        let answer = app.anonymous().refresh_session(origin, &cookie).await;
        answer.ok();
        cookie = token(&answer);
    }
}

#[tokio::test]
async fn an_origin_that_is_not_named_cannot_use_the_cookie() {
    let any = ("ASHLAR__CORS__ALLOWED_ORIGINS", "*");
    let app = TestApp::start_with(&[any], |ports| ports).await;
    let ada = active(&app).await;
    let cookie = token(&login(&app, &ada).await);

    for origin in [PAGE, "*"] {
        let refused = app.anonymous().refresh_session(origin, &cookie).await;
        refused.is_problem(403, "origin_refused");
    }
}

#[tokio::test]
async fn every_refused_cookie_has_the_same_answer_and_is_dropped() {
    let app = start().await;
    let ada = active(&app).await;
    let expired = token(&login(&app, &ada).await);
    app.clock.advance(TimeDelta::days(14));
    let spent = token(&login(&app, &ada).await);
    refresh(&app, &spent).await.ok();
    app.clock.advance(TimeDelta::seconds(30));
    let ended = login(&app, &ada).await;
    client(&app, &ended).logout().await.no_content();
    let good = token(&login(&app, &ada).await);
    let page = app.anonymous();
    let none = page.request(Method::POST, "/api/v1/auth/refresh");

    let none = page.send(none.header(ORIGIN, PAGE)).await;

    let told = |answer: &Answer| {
        let mut body = answer.json();
        body["instance"] = json!(null);
        body
    };
    let twice = format!("{good}; __Host-refresh={good}");
    let of_another_name = format!("x; __host-refresh={good}; __Host-refresh2={good}");
    let mut refusals = vec![none];
    for cookie in [
        "",
        "nobody-was-given-this",
        &expired,
        &spent,
        &token(&ended),
        &twice,
        &of_another_name,
    ] {
        refusals.push(refresh(&app, cookie).await);
    }
    for refused in &refusals {
        refused.is_problem(401, "refresh_refused");
        assert_eq!(told(refused), told(&refusals[0]));
        assert_eq!(refused.header("set-cookie"), Some(DROPPED));
        assert_eq!(
            refused.header("www-authenticate"),
            Some("Bearer realm=\"ashlar\"")
        );
    }
    refresh(&app, &format!("{good}; theme=dark")).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tabs_that_refresh_at_once_get_the_same_successor() {
    let app = start().await;
    let ada = active(&app).await;
    let cookie = token(&login(&app, &ada).await);
    let tabs = (0..4).map(|_| {
        let (page, cookie) = (app.anonymous(), cookie.clone());
        async move { page.refresh_session(PAGE, &cookie).await }
    });

    let answers = at_once(tabs).await;

    let successors: Vec<_> = answers.iter().map(token).collect();
    assert!(successors.iter().all(|it| *it == successors[0]));
    assert_ne!(successors[0], cookie);
    for answer in &answers {
        client(&app, answer).get_me().await.ok();
    }
    refresh(&app, &successors[0]).await.ok();
}

#[tokio::test]
async fn signing_out_drops_the_cookie_where_there_is_one() {
    let app = start().await;
    let ada = active(&app).await;
    let (by_cookie, other) = (login(&app, &ada).await, login(&app, &ada).await);
    let cookie = token(&by_cookie);
    let page = client(&app, &by_cookie);

    let sign_out = page.request(Method::POST, "/api/v1/auth/logout");
    let sign_out = sign_out.header(COOKIE, format!("__Host-refresh={cookie}"));
    let signed_out = page.send(sign_out).await;
    let without = client(&app, &other).logout().await;

    signed_out.no_content();
    assert_eq!(signed_out.header("set-cookie"), Some(DROPPED));
    without.no_content();
    assert_eq!(without.header("set-cookie"), None);
    refresh(&app, &cookie)
        .await
        .is_problem(401, "refresh_refused");
}

#[tokio::test]
async fn a_store_that_is_away_or_fails_drops_no_cookie() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[PAGES], |ports| faults.within(ports)).await;
    let ada = active(&app).await;
    let cookie = token(&login(&app, &ada).await);

    for (fault, status, code) in [
        (
            StoreError::Unavailable("innermost".into()),
            503,
            "unavailable",
        ),
        (StoreError::Failed("innermost".into()), 500, "internal"),
    ] {
        faults.plan(Place::Begin, Fault::Answers(fault));
        let answer = refresh(&app, &cookie).await;

        answer.is_problem(status, code);
        assert_eq!(answer.header("set-cookie"), None);
    }
    faults.mend();
    refresh(&app, &cookie).await.ok();
}

#[tokio::test]
async fn a_page_that_takes_no_json_spends_no_cookie() {
    let app = start().await;
    let ada = active(&app).await;
    let cookie = token(&login(&app, &ada).await);
    let page = app.anonymous();

    let html = page.request(Method::POST, "/api/v1/auth/refresh");
    let html = html.header(ORIGIN, PAGE).header("Accept", "text/html");
    let html = html.header(COOKIE, format!("__Host-refresh={cookie}"));
    let refused = page.send(html).await;

    refused.is_problem(406, "not_acceptable");
    assert_eq!(refused.header("set-cookie"), None);
    // Too late for a token that was used.
    app.clock.advance(TimeDelta::minutes(1));
    let successor = token(&refresh(&app, &cookie).await);
    refresh(&app, &successor).await.ok();
}

async fn start() -> TestApp {
    TestApp::start_with(&[PAGES], |ports| ports).await
}

async fn active(app: &TestApp) -> User {
    let ada = user(Status::Active);
    app.store(&ada).await;
    ada
}

async fn login(app: &TestApp, user: &User) -> Answer {
    let nobody = app.anonymous();
    nobody.login_by_cookie(user.email.as_str(), PASSWORD).await
}

async fn refresh(app: &TestApp, cookie: &str) -> Answer {
    app.anonymous().refresh_session(PAGE, cookie).await
}

fn client(app: &TestApp, signed_in: &Answer) -> support::Client {
    let body = signed_in.ok();
    app.anonymous().with_token(text(&body["access_token"]))
}

#[track_caller]
fn token(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie").expect("a cookie is set");
    let value = cookie.strip_prefix("__Host-refresh=").expect("it is ours");
    let (value, _) = value.split_once(';').expect("it has attributes");
    value.to_owned()
}

#[track_caller]
fn max_age(answer: &Answer) -> i64 {
    let cookie = answer.header("set-cookie").expect("a cookie is set");
    let (_, seconds) = cookie.split_once("Max-Age=").expect("it has an end");
    seconds.parse().expect("a number of seconds")
}
