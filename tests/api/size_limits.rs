//! How long an address, the headers and a body may be.

use domain::users::Status;
use reqwest::Method;
use serde_json::json;
use support::factories::users::{PASSWORD, user};
use support::{Answer, Client, Fault, Faults, Place, TestApp};

const KEYS: &str = "/.well-known/jwks.json";
const URI: (&str, &str) = ("ASHLAR__SERVER__URI_LIMIT_BYTES", "256");
const HEAD: (&str, &str) = ("ASHLAR__SERVER__HEAD_LIMIT_BYTES", "1024");

#[tokio::test]
async fn an_address_may_be_as_long_as_the_limit() {
    let app = TestApp::start_with(&[URI], |ports| ports).await;
    let nobody = app.anonymous();

    let longest = nobody.get(&with_query(256)).await;
    let longer = nobody.get(&with_query(257)).await;

    longest.is_problem(400, "invalid_parameter");
    longer.is_problem(414, "uri_too_long");
    nobody.get_key_set().await.ok();
}

#[tokio::test]
async fn the_headers_may_be_as_long_as_the_limit_together() {
    let app = TestApp::start_with(&[HEAD], |ports| ports).await;
    let nobody = app.anonymous();
    let own = "host".len() + nobody.host().len() + "x-a".len() + "x-a".len();

    let fill = "a".repeat((1_024 - own) / 2);
    let rest = "a".repeat(1_024 - own - fill.len());
    let fits = begin(&nobody, &[("X-A", &fill), ("X-A", &rest)]).await;
    let too_much = begin(&nobody, &[("X-A", &fill), ("X-A", &format!("{rest}a"))]).await;

    fits.ok();
    too_much.is_problem(431, "headers_too_large");
}

#[tokio::test]
async fn what_is_too_long_is_not_looked_at() {
    let faults = Faults::default();
    let one = ("ASHLAR__SERVER__MAX_IN_FLIGHT", "1");
    let app = TestApp::start_with(&[URI, HEAD, one], |ports| faults.within(ports)).await;
    let (ada, nobody) = (app.member().await, app.anonymous());
    faults.plan(Place::Standing, Fault::WaitsUntilMended);
    let held = tokio::spawn({
        let ada = ada.clone();
        async move { ada.get_me().await }
    });
    faults.struck().await;

    let long = "a".repeat(2_000);
    for path in [format!("/nowhere/{long}"), format!("/api/v1/me?{long}")] {
        for client in [&nobody, &ada] {
            let request = client.request(Method::PUT, &path).header("X-A", &long);
            client.send(request).await.is_problem(414, "uri_too_long");
        }
    }
    for path in ["/nowhere", "/api/v1/me"] {
        let request = nobody.request(Method::PUT, path).header("X-A", &long);
        nobody
            .send(request)
            .await
            .is_problem(431, "headers_too_large");
        nobody.get(path).await.is_problem(503, "overloaded");
    }
    faults.mend();
    held.await.expect("it ends").ok();
}

#[tokio::test]
async fn an_operation_may_have_a_limit_of_its_own_for_its_bodies() {
    let settings = [
        ("ASHLAR__SERVER__BODY_LIMIT_BYTES", "2048"),
        ("ASHLAR__LIMITS__BODIES", "login=1024, updateMe = 4096"),
    ];
    let app = TestApp::start_with(&settings, |ports| ports).await;
    let ada = user(Status::Active);
    let client = app.sign_in(&ada).await;
    let admin = app.administrator().await;
    let login = json!({ "email": ada.email.as_str(), "password": PASSWORD }).to_string();
    let patch = json!({ "display_name": "Ada" }).to_string();

    for (size, status) in [(1_024, 200), (1_025, 413)] {
        let answer = send(&client, Method::POST, "/api/v1/auth/login", &login, size).await;
        assert_eq!(answer.status, status, "login of {size}");
    }
    for (size, status) in [(4_096, 200), (4_097, 413)] {
        let answer = send(&client, Method::PATCH, "/api/v1/me", &patch, size).await;
        assert_eq!(answer.status, status, "patch of {size}");
    }
    for (size, code) in [(2_048, "invalid"), (2_049, "too_large")] {
        let answer = send(&admin, Method::POST, "/api/v1/users", "{}", size).await;
        assert_eq!(answer.problem_code().as_deref(), Some(code), "of {size}");
    }
}

/// A path and query of that many bytes.
fn with_query(length: usize) -> String {
    let known = format!("{KEYS}?");
    format!("{known}{}", "a".repeat(length - known.len()))
}

async fn begin(client: &Client, headers: &[(&str, &str)]) -> Answer {
    client
        .begin(Method::GET, KEYS, headers)
        .await
        .answer()
        .await
}

/// The body with as many blanks behind it as it takes to that size.
async fn send(client: &Client, method: Method, path: &str, body: &str, size: usize) -> Answer {
    let media_type = match method {
        Method::PATCH => "application/merge-patch+json",
        _ => "application/json",
    };
    let request = client.request(method, path).header("If-Match", "*");
    let request = request.header("Content-Type", media_type);
    client.send(request.body(format!("{body:<size$}"))).await
}
