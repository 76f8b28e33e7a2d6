//! What stands around every request: security headers, own addresses, `Accept`, and clients that
//! leave.

use domain::users::Status;
use reqwest::Method;
use reqwest::header::{ACCEPT, HOST};
use serde_json::json;
use support::factories::users::{create_user, id_of, user};
use support::{Fault, Faults, Place, TestApp};
use uuid::Uuid;

const KEYS: &str = "/.well-known/jwks.json";
const OWN: &str = "https://api.example.org";
const PUBLIC_URL: (&str, &str) = ("ASHLAR__SERVER__PUBLIC_URL", OWN);

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let app = TestApp::start().await;
    let (admin, nobody) = (app.administrator().await, app.anonymous());
    let id = id_of(&admin.create_user(&create_user()).await.created());
    let known = admin.get_user(id).await.etag();

    for answer in [
        nobody.get_key_set().await,
        nobody.get_document().await,
        nobody.get("/nowhere").await,
        nobody.get_me().await,
        nobody.login("ada", "").await,
        nobody.send(nobody.request(Method::OPTIONS, KEYS)).await,
        nobody.send(nobody.request(Method::HEAD, KEYS)).await,
        nobody.send(nobody.request(Method::PUT, KEYS)).await,
        admin.list_users("").await,
        admin.create_user(&create_user()).await,
        admin
            .send(
                admin
                    .request(Method::GET, "/api/v1/me")
                    .header("If-None-Match", &known),
            )
            .await,
        admin.delete_user(id, &known).await,
    ] {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'",
            ),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(
                answer.header(name),
                Some(value),
                "{name}: {}",
                answer.status
            );
        }
        assert_eq!(answer.header("server"), None);
        assert_eq!(answer.header("x-powered-by"), None);
        assert_eq!(answer.header("strict-transport-security"), None);
        let id = answer.header("x-request-id").expect("it has an id");
        assert!(id.parse::<Uuid>().is_ok(), "{id}");
    }
}

#[tokio::test]
async fn a_server_behind_https_tells_browsers_to_stay_there() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[PUBLIC_URL], |ports| faults.within(ports)).await;
    let member = app.member().await;

    let (fine, failed) = (member.get_me().await, member.get("/nowhere").await);
    faults.plan(Place::Standing, Fault::Panics("on purpose"));
    let lost = member.get_me().await;

    lost.is_problem(500, "internal");
    for answer in [fine, failed, lost] {
        let told = answer.header("strict-transport-security");
        assert_eq!(told, Some("max-age=31536000; includeSubDomains"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[tokio::test]
async fn its_own_addresses_do_not_follow_the_client() {
    let app = TestApp::start_with(&[PUBLIC_URL], |ports| ports).await;
    let admin = app.administrator().await;
    let lie = |method, path: &str| {
        let request = admin.request(method, path).header(HOST, "evil.example.org");
        let request = request.header("X-Forwarded-Host", "evil.example.org");
        let request = request.header("X-Forwarded-Proto", "gopher");
        request.header("Forwarded", "host=evil.example.org;proto=gopher")
    };

    let created = admin
        .send(lie(Method::POST, "/api/v1/users").json(&create_user()))
        .await;
    let listed = admin.send(lie(Method::GET, "/api/v1/users?limit=1")).await;
    let failed = admin.send(lie(Method::GET, "/nowhere")).await;

    let id = id_of(&created.created());
    let location = format!("{OWN}/api/v1/users/{id}");
    assert_eq!(created.header("location"), Some(&*location));
    let cursor = listed.ok()["page"]["next_cursor"]
        .as_str()
        .map(str::to_owned);
    let cursor = cursor.expect("there is another page");
    let link = format!("<{OWN}/api/v1/users?limit=1&cursor={cursor}>; rel=\"next\"");
    assert_eq!(listed.header("link"), Some(&*link));
    let problem = failed.is_problem(404, "not_found");
    assert_eq!(problem["type"], format!("{OWN}/problems/not_found"));
}

#[tokio::test]
async fn json_is_answered_to_whoever_accepts_it() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for path in ["/openapi.json", KEYS, "/api/v1/me", "/api/v1/users"] {
        let ask = |accept: &str| admin.request(Method::GET, path).header(ACCEPT, accept);
        for accept in [
            "*/*",
            "application/*",
            "application/json",
            "APPLICATION/JSON",
            "text/html, application/json;q=0.1",
            "text/html;q=0, */*;q=0.001",
            "application/json; charset=utf-8",
        ] {
            assert_eq!(admin.send(ask(accept)).await.status, 200, "{accept}");
        }
        for accept in [
            "text/html",
            "application/xml, image/*",
            "application/json;q=0",
            "application/json;q=0, */*",
            "application/json;q=0.000, text/html",
            "*/*;q=0",
            "nonsense",
        ] {
            admin
                .send(ask(accept))
                .await
                .is_problem(406, "not_acceptable");
        }
    }
}

#[tokio::test]
async fn who_leaves_before_the_end_leaves_nothing_behind() {
    let faults = Faults::default();
    // The end of the request must not be that of its time.
    let patient = [("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "3600000")];
    let app = TestApp::start_with(&patient, |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    let body = create_user().to_string();
    let length = body.len().to_string();
    let headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", &*length),
    ];
    faults.plan(Place::Commit, Fault::NeverAnswers);
    let mut request = admin.begin(Method::POST, "/api/v1/users", &headers).await;
    request.send(body.as_bytes()).await;
    faults.struck().await;

    drop(request);

    faults.no_transaction().await;
    faults.mend();
    assert_eq!(app.database.count("users").await, 1);
    let again: serde_json::Value = serde_json::from_str(&body).expect("it is JSON");
    assert_eq!(admin.create_user(&again).await.status, 201);
    assert_eq!(app.database.count("users").await, 2);
}

#[tokio::test]
async fn who_leaves_in_the_middle_of_a_body_was_never_there() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", "1000"),
    ];
    let body = create_user().to_string();

    let mut request = admin.begin(Method::POST, "/api/v1/users", &headers).await;
    request.send(body.as_bytes()).await;
    drop(request);

    assert_eq!(admin.get_me().await.status, 200);
    assert_eq!(app.database.count("users").await, 1);
}

/// Nobody knows what was meant, so it gets no problem document, only an end.
#[tokio::test]
async fn what_is_not_http_is_refused_at_the_door() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (path, headers) in [
        ("/ HTTP/1.1\r\nHost: other\r\nX:", vec![]),
        ("/?\"", vec![]),
        ("/\0", vec![]),
        (KEYS, vec![("Content-Length", "1"), ("Content-Length", "2")]),
        (KEYS, vec![("Content-Length", "-1")]),
        (
            KEYS,
            vec![("Transfer-Encoding", "chunked"), ("Content-Length", "5")],
        ),
        (KEYS, vec![("Transfer-Encoding", "gzip")]),
        (KEYS, vec![("A b", "c")]),
        (KEYS, vec![("A", "\0")]),
    ] {
        let mut request = nobody.begin(Method::POST, path, &headers).await;

        let answer = request.answer().await;

        assert_eq!(answer.status, 400, "{path} {headers:?}");
        request.ends().await;
    }
    let long = "a".repeat(200_000);
    let mut request = nobody.begin(Method::GET, KEYS, &[("A", &long)]).await;
    assert_eq!(request.answer().await.status, 431);
}

#[tokio::test]
async fn one_connection_serves_one_request_after_another() {
    let app = TestApp::start().await;
    let ada = app.sign_in(&user(Status::Active)).await;
    let mut first = ada.begin(Method::GET, "/api/v1/me", &[]).await;
    let shown = first.answer().await;

    first
        .send(b"GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n")
        .await;
    let keys = first.answer().await;
    first
        .send(b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await;
    let last = first.answer().await;

    assert_eq!(shown.ok()["id"], json!(ada.id()));
    assert!(keys.ok()["keys"].is_array());
    last.is_problem(404, "not_found");
    first.ends().await;
}
