//! Failures that any operation can meet, seen at each one of the document.

use api::Operation;
use application::StoreError;
use domain::users::Status;
use reqwest::Method;
use serde_json::Value;
use support::factories::users::user;
use support::{Client, Contract, Fault, Faults, Place, RawRequest, TestApp};
use tokio::task::JoinSet;
use uuid::Uuid;

#[tokio::test]
async fn no_operation_with_a_token_tells_why_the_database_refused() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    faults.plan(
        Place::Standing,
        Fault::Answers(StoreError::Failed("innermost".into())),
    );

    for operation in secured() {
        let answer = admin.send(bare(&admin, operation)).await;

        let body = answer.is_problem(500, "internal");
        assert!(!body.to_string().contains("innermost"), "{body}");
    }
}

#[tokio::test]
async fn no_operation_with_a_token_answers_without_a_database() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    faults.plan(
        Place::Standing,
        Fault::Answers(StoreError::Unavailable("innermost".into())),
    );

    for operation in secured() {
        let answer = admin.send(bare(&admin, operation)).await;

        answer.is_problem(503, "unavailable");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
}

#[tokio::test]
async fn no_operation_waits_for_a_body_that_stalls() {
    let short = [("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "400")];
    let app = TestApp::start_with(&short, |ports| ports).await;
    let admin = app.administrator().await;
    let mut requests = JoinSet::new();
    for operation in with_body() {
        let admin = admin.clone();
        requests.spawn(async move {
            let mut request = begin(&admin, operation, ("Content-Length", "20")).await;

            request.send(b"{").await;

            request.answer().await.is_problem(408, "body_timed_out");
        });
    }
    assert!(!requests.is_empty());
    requests.join_all().await;
}

#[tokio::test]
async fn no_operation_can_be_called_without_end() {
    let once = [
        ("ASHLAR__LIMITS__SIGN_IN_BURST", "1"),
        ("ASHLAR__LIMITS__PUBLIC_BURST", "1"),
        ("ASHLAR__LIMITS__READ_BURST", "1"),
        ("ASHLAR__LIMITS__WRITE_BURST", "1"),
    ];
    let app = TestApp::start_with(&once, |ports| ports).await;
    let ada = user(Status::Active);
    app.store(&ada).await;

    for operation in Contract::ours().operations() {
        // Both have the quota of one user; the first one may sign out.
        let first = app.session_of(&ada).await;
        first.send(bare(&first, operation)).await;
        let second = app.session_of(&ada).await;
        let again = second.send(bare(&second, operation)).await;

        again.is_problem(429, "rate_limited");
        let class = format!("\"{}\";", operation.rate_class.name());
        let policy = again.header("ratelimit-policy");
        assert!(policy.is_some_and(|it| it.starts_with(&class)));
    }
}

#[tokio::test]
async fn no_operation_reads_what_is_too_long() {
    let short = [
        ("ASHLAR__SERVER__URI_LIMIT_BYTES", "256"),
        ("ASHLAR__SERVER__HEAD_LIMIT_BYTES", "2048"),
    ];
    let app = TestApp::start_with(&short, |ports| ports).await;
    let admin = app.administrator().await;
    let long = "a".repeat(2_048);

    for operation in Contract::ours().operations() {
        let address = bare(&admin, operation).query(&[("a", &long)]);
        let address = admin.send(address).await;
        let head = admin.send(bare(&admin, operation).header("A", &long)).await;

        address.is_problem(414, "uri_too_long");
        head.is_problem(431, "headers_too_large");
    }
}

#[tokio::test]
async fn no_operation_is_begun_when_too_many_are_at_work() {
    let faults = Faults::default();
    let one = [("ASHLAR__SERVER__MAX_IN_FLIGHT", "1")];
    let app = TestApp::start_with(&one, |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    faults.plan(Place::Standing, Fault::WaitsUntilMended);
    let holder = admin.clone();
    let held = tokio::spawn(async move { holder.get_me().await });
    faults.struck().await;

    for operation in Contract::ours().operations() {
        let refused = admin.send(bare(&admin, operation)).await;

        refused.is_problem(503, "overloaded");
        assert_eq!(refused.header("retry-after"), Some("1"));
    }
    faults.mend();
    held.await.expect("it ends").ok();
}

#[tokio::test]
async fn no_operation_is_for_web_sockets() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for operation in Contract::ours().operations() {
        let request = bare(&admin, operation).header("Upgrade", "websocket");

        let answer = admin.send(request).await;

        answer.is_problem(400, "bad_request");
    }
}

fn secured() -> impl Iterator<Item = &'static Operation> {
    Contract::ours().operations().filter(|it| !it.public)
}

fn with_body() -> impl Iterator<Item = &'static Operation> {
    let operations = Contract::ours().operations();
    operations.filter(|it| media_type(it).is_some())
}

fn media_type(operation: &Operation) -> Option<&'static String> {
    let content: &Value = &Contract::ours().entry(operation)["requestBody"]["content"];
    content.as_object()?.keys().next()
}

fn bare(client: &Client, operation: &Operation) -> reqwest::RequestBuilder {
    let method: Method = operation.method.as_str().parse().expect("a method is one");
    client.request(method, &path(operation))
}

async fn begin(client: &Client, operation: &Operation, framing: (&str, &str)) -> RawRequest {
    let method = operation.method.as_str().parse().expect("a method is one");
    let media_type = media_type(operation).expect("it takes a body");
    let headers = [("Content-Type", &**media_type), ("If-Match", "*"), framing];
    client.begin(method, &path(operation), &headers).await
}

fn path(operation: &Operation) -> String {
    operation.path.replace("{id}", &Uuid::nil().to_string())
}
