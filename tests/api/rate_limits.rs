//! Who calls too often is told to wait, and for how long.

use std::sync::Arc;

use api::Operations;
use application::{Allowance, Ports, RateLimit, RateLimitKey, RateLimiter, RateLimiterError};
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::roles::Permission;
use domain::users::Status;
use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;
use serde_json::Value;
use support::factories::users::{PASSWORD, create_user, user};
use support::{Answer, Fault, Faults, Place, TestApp};

const ME: &str = "/api/v1/me";

/// One a second of each class, and so many at once.
const SMALL: [(&str, &str); 8] = [
    ("ASHLAR__LIMITS__SIGN_IN_PER_MINUTE", "60"),
    ("ASHLAR__LIMITS__SIGN_IN_BURST", "2"),
    ("ASHLAR__LIMITS__PUBLIC_PER_MINUTE", "60"),
    ("ASHLAR__LIMITS__PUBLIC_BURST", "3"),
    ("ASHLAR__LIMITS__READ_PER_MINUTE", "60"),
    ("ASHLAR__LIMITS__READ_BURST", "4"),
    ("ASHLAR__LIMITS__WRITE_PER_MINUTE", "60"),
    ("ASHLAR__LIMITS__WRITE_BURST", "2"),
];

async fn limited() -> TestApp {
    TestApp::start_with(&SMALL, |ports| ports).await
}

#[tokio::test]
async fn who_reads_too_often_waits_and_reads_again() {
    let app = limited().await;
    let ada = app.member().await;

    for left in ["r=3;t=1", "r=2;t=2", "r=1;t=3", "r=0;t=4"] {
        let answer = ada.get_me().await;
        answer.ok();
        tells(&answer, "\"read\";q=4;w=4", &format!("\"read\";{left}"));
    }
    let refused = ada.get_me().await;
    app.clock.advance(TimeDelta::milliseconds(999));
    let still = ada.get_me().await;
    app.clock.advance(TimeDelta::milliseconds(1));
    let again = ada.get_me().await;

    for answer in [refused, still] {
        answer.is_problem(429, "rate_limited");
        assert_eq!(answer.header("retry-after"), Some("1"));
        tells(&answer, "\"read\";q=4;w=4", "\"read\";r=0;t=1");
    }
    again.ok();
    tells(&again, "\"read\";q=4;w=4", "\"read\";r=0;t=4");
}

#[tokio::test]
async fn each_class_has_a_limit_of_its_own() {
    let app = limited().await;
    let ada = user(Status::Active);
    let client = app.sign_in(&ada).await;
    let login = || client.login(ada.email.as_str(), PASSWORD);

    let answers = [
        (client.get_me().await, "\"read\";r=3;t=1"),
        (
            client.update_me("*", &Value::Null).await,
            "\"write\";r=1;t=1",
        ),
        (client.get_key_set().await, "\"public\";r=2;t=1"),
        (login().await, "\"sign_in\";r=1;t=1"),
        (client.get_me().await, "\"read\";r=2;t=2"),
    ];

    for (answer, left) in answers {
        assert_eq!(answer.header("ratelimit"), Some(left));
    }
    login().await.ok();
    login().await.is_problem(429, "rate_limited");
    client.get_key_set().await.ok();
}

#[tokio::test]
async fn an_operation_that_takes_a_password_counts_as_signing_in() {
    let document = api::document();
    let mut found = 0;
    for operation in Operations::of(&document).iter() {
        let method = operation.method.as_str().to_ascii_lowercase();
        let body = &document["paths"][&operation.path][method]["requestBody"]["content"];
        let bodies = body.as_object().into_iter().flat_map(|it| it.values());
        let takes_password = bodies
            .filter_map(|it| it["schema"]["$ref"].as_str()?.strip_prefix('#'))
            .filter_map(|it| document.pointer(it)?["properties"].as_object())
            .any(|it| it.keys().any(|name| name.contains("password")));
        if takes_password {
            assert_eq!(operation.rate_class.name(), "sign_in", "{}", operation.id);
            found += 1;
        }
    }
    assert!(found > 0, "one can sign in");
}

#[tokio::test]
async fn users_do_not_share_and_strangers_of_one_network_do() {
    let app = limited().await;
    let (ada, bob) = (app.member().await, app.member().await);
    let (nobody, liar) = (app.anonymous(), app.anonymous().with_token("a.b.c"));

    for _ in 0..4 {
        ada.get_me().await.ok();
    }
    nobody.get_key_set().await.ok();
    nobody.get_me().await.is_problem(401, "unauthenticated");
    liar.get_me().await.is_problem(401, "invalid_token");

    ada.get_me().await.is_problem(429, "rate_limited");
    for answer in [
        nobody.get_key_set().await,
        nobody.get_me().await,
        liar.get_me().await,
        liar.update_me("*", &Value::Null).await,
    ] {
        answer.is_problem(429, "rate_limited");
        tells(&answer, "\"public\";q=3;w=3", "\"public\";r=0;t=1");
    }
    bob.get_me().await.ok();
}

#[tokio::test]
async fn a_limit_is_judged_after_path_and_method_and_before_everything_else() {
    let app = limited().await;
    let (ada, nobody) = (app.member().await, app.anonymous());
    for _ in 0..4 {
        ada.get_me().await.ok();
        nobody.get_key_set().await;
    }

    let request = ada.request(Method::GET, "/api/v1/users?nonsense=1");
    let unreadable = ada.send(request.header("Accept", "text/html")).await;

    unreadable.is_problem(429, "rate_limited");
    for client in [&ada, &nobody] {
        let wrong = client.send(client.request(Method::PUT, ME)).await;
        wrong.is_problem(405, "method_not_allowed");
        let lost = client.get("/nowhere").await;
        lost.is_problem(404, "not_found");
        for answer in [wrong, lost] {
            assert_eq!(answer.header("ratelimit"), None);
        }
    }
    let asked = nobody.send(nobody.request(Method::OPTIONS, ME)).await;
    asked.is_problem(429, "rate_limited");
    let head = ada.send(ada.request(Method::HEAD, ME)).await;
    assert_eq!(head.status, 429);
}

#[tokio::test]
async fn every_answer_of_a_limited_operation_tells_what_is_left() {
    let faults = Faults::default();
    let app = TestApp::start_with(&SMALL, |ports| faults.within(ports)).await;
    let (ada, bob) = (
        app.member().await,
        app.holder_of(&[Permission::UsersRead]).await,
    );
    let tag = ada.get_me().await.etag();

    let known = ada.request(Method::GET, ME).header(IF_NONE_MATCH, tag);
    let known = ada.send(known).await;
    let forbidden = ada.list_users("").await;
    let unreadable = bob.list_users("limit=0").await;
    let missing = bob.get_user(uuid::Uuid::nil()).await;

    known.not_modified();
    assert_eq!(known.header("ratelimit"), Some("\"read\";r=2;t=2"));
    forbidden.is_problem(403, "insufficient_scope");
    assert_eq!(forbidden.header("ratelimit"), Some("\"read\";r=1;t=3"));
    unreadable.is_problem(400, "invalid_parameter");
    assert_eq!(unreadable.header("ratelimit"), Some("\"read\";r=3;t=1"));
    missing.is_problem(404, "not_found");
    assert_eq!(missing.header("ratelimit"), Some("\"read\";r=2;t=2"));
    let admin = app.administrator().await;
    faults.plan(Place::Begin, Fault::Panics("on purpose"));
    let lost = admin.create_user(&create_user()).await;
    lost.is_problem(500, "internal");
    assert_eq!(lost.header("ratelimit"), Some("\"write\";r=1;t=1"));
}

#[tokio::test]
async fn an_answer_that_came_too_late_tells_what_is_left() {
    let faults = Faults::default();
    let short = ("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "100");
    let settings = [&SMALL[..], &[short]].concat();
    let app = TestApp::start_with(&settings, |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    faults.plan(Place::Begin, Fault::NeverAnswers);

    let lost = admin.create_user(&create_user()).await;

    lost.is_problem(503, "unavailable");
    assert_eq!(lost.header("ratelimit"), Some("\"write\";r=1;t=1"));
}

#[tokio::test]
async fn who_is_not_judged_for_our_own_fault_has_spent_nothing() {
    let faults = Faults::default();
    let app = TestApp::start_with(&SMALL, |ports| faults.within(ports)).await;
    let ada = app.member().await;
    let gone = application::StoreError::Unavailable("gone".into());
    faults.plan(Place::Standing, Fault::Answers(gone));

    for _ in 0..10 {
        ada.get_me().await.is_problem(503, "unavailable");
    }
    faults.mend();

    tells(&ada.get_me().await, "\"read\";q=4;w=4", "\"read\";r=3;t=1");
}

#[tokio::test]
async fn a_time_of_day_that_is_set_back_locks_nobody_out() {
    let app = limited().await;
    let nobody = app.anonymous();
    for _ in 0..3 {
        nobody.get_key_set().await.ok();
    }

    app.clock.advance(TimeDelta::hours(-1));
    nobody.get_key_set().await.is_problem(429, "rate_limited");
    app.clock.advance(TimeDelta::seconds(1));

    nobody.get_key_set().await.ok();
}

#[tokio::test]
async fn no_rate_is_no_limit() {
    let mut off = SMALL;
    off[2].1 = "0";
    let app = TestApp::start_with(&off, |ports| ports).await;

    for _ in 0..10 {
        let answer = app.anonymous().get_key_set().await;
        answer.ok();
        assert_eq!(answer.header("ratelimit"), None);
        assert_eq!(answer.header("ratelimit-policy"), None);
    }
}

#[tokio::test]
async fn without_its_limiter_the_service_goes_on() {
    let without = |ports| Ports {
        limiter: Arc::new(NoStore),
        ..ports
    };
    let app = TestApp::start_with(&SMALL, without).await;
    let ada = app.member().await;

    for _ in 0..10 {
        let answer = ada.get_me().await;
        answer.ok();
        assert_eq!(answer.header("ratelimit"), None);
    }
}

struct NoStore;

#[async_trait]
impl RateLimiter for NoStore {
    async fn take(&self, _: &RateLimitKey, _: RateLimit) -> Result<Allowance, RateLimiterError> {
        Err(RateLimiterError("its store is gone".into()))
    }

    async fn give_back(&self, _: &RateLimitKey, _: RateLimit) -> Result<(), RateLimiterError> {
        Err(RateLimiterError("its store is gone".into()))
    }
}

#[track_caller]
fn tells(answer: &Answer, policy: &str, left: &str) {
    assert_eq!(answer.header("ratelimit-policy"), Some(policy));
    assert_eq!(answer.header("ratelimit"), Some(left));
}
