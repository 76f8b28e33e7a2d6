//! More requests than the server works on at once.

use reqwest::Method;
use support::factories::users::{PASSWORD, create_user};
use support::{Fault, Faults, Place, TestApp};

const KEYS: &str = "/.well-known/jwks.json";
const USERS: &str = "/api/v1/users";
const ONE: (&str, &str) = ("ASHLAR__SERVER__MAX_IN_FLIGHT", "1");

#[tokio::test]
async fn one_request_too_many_is_refused_at_once_and_served_later() {
    let faults = Faults::default();
    // The places are those of all workers together.
    let settings = [
        ("ASHLAR__SERVER__MAX_IN_FLIGHT", "2"),
        ("ASHLAR__SERVER__WORKERS", "3"),
    ];
    let app = TestApp::start_with(&settings, |ports| faults.within(ports)).await;
    let (ada, nobody) = (app.member().await, app.anonymous());
    faults.plan(Place::Standing, Fault::WaitsUntilMended);
    let mut held = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let ada = ada.clone();
        held.spawn(async move { ada.get_me().await });
        faults.struck().await;
    }

    for refused in [
        nobody.get_key_set().await,
        nobody.get_me().await,
        nobody.get("/nowhere").await,
        nobody.login("ada@example.org", PASSWORD).await,
        nobody.send(nobody.request(Method::OPTIONS, KEYS)).await,
        ada.with_token("nonsense").get_me().await,
        ada.get_me().await,
    ] {
        refused.is_problem(503, "overloaded");
        assert_eq!(refused.header("retry-after"), Some("1"));
        assert_eq!(refused.header("ratelimit"), None);
    }
    faults.mend();
    for answer in held.join_all().await {
        answer.ok();
    }

    nobody.get_key_set().await.ok();
    ada.get_me().await.ok();
}

#[tokio::test]
async fn a_panic_gives_its_place_back() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[ONE], |ports| faults.within(ports)).await;
    let ada = app.member().await;
    faults.plan(Place::Standing, Fault::Panics("on purpose"));

    for _ in 0..3 {
        ada.get_me().await.is_problem(500, "internal");
    }
    faults.mend();

    ada.get_me().await.ok();
}

#[tokio::test]
async fn a_request_that_took_too_long_gives_its_place_back() {
    let faults = Faults::default();
    let short = ("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "100");
    let app = TestApp::start_with(&[ONE, short], |ports| faults.within(ports)).await;
    let ada = app.member().await;
    faults.plan(Place::Standing, Fault::NeverAnswers);

    for _ in 0..3 {
        ada.get_me().await.is_problem(503, "unavailable");
    }
}

#[tokio::test]
async fn who_leaves_gives_their_place_back() {
    let faults = Faults::default();
    // The end of the request must not be that of its time.
    let patient = ("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "3600000");
    let app = TestApp::start_with(&[ONE, patient], |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    let body = create_user().to_string();
    let length = body.len().to_string();
    let headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", &*length),
    ];
    faults.plan(Place::Commit, Fault::NeverAnswers);
    let mut request = admin.begin(Method::POST, USERS, &headers).await;
    request.send(body.as_bytes()).await;
    faults.struck().await;
    app.anonymous()
        .get_key_set()
        .await
        .is_problem(503, "overloaded");

    drop(request);

    faults.no_transaction().await;
    app.anonymous().get_key_set().await.ok();
}

/// A page could not tell why else.
#[tokio::test]
async fn a_page_can_read_that_it_was_too_much() {
    let faults = Faults::default();
    let friend = "https://app.example.org";
    let settings = [ONE, ("ASHLAR__CORS__ALLOWED_ORIGINS", friend)];
    let app = TestApp::start_with(&settings, |ports| faults.within(ports)).await;
    let ada = app.member().await;
    faults.plan(Place::Standing, Fault::WaitsUntilMended);
    let first = tokio::spawn({
        let ada = ada.clone();
        async move { ada.get_me().await }
    });
    faults.struck().await;

    let request = ada.request(Method::GET, KEYS).header("Origin", friend);
    let refused = ada.send(request).await;

    refused.is_problem(503, "overloaded");
    let allowed = refused.header("access-control-allow-origin");
    assert_eq!(allowed, Some(friend));
    faults.mend();
    first.await.expect("it ends").ok();
}
