//! Lists and documents are compressed for who asks; a single thing, whose ETag is strong, and a secret never are.

use domain::users::Status;
use reqwest::Method;
use reqwest::header::ACCEPT_ENCODING;
use support::factories::users::{PASSWORD, user};
use support::{Answer, Client, TestApp};

const LIST: &str = "/api/v1/users";

#[tokio::test]
async fn a_list_is_compressed_as_it_is_asked_for() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let plain = get(&admin, LIST, "identity").await;

    for encoding in ["gzip", "br"] {
        let answer = get(&admin, LIST, encoding).await;

        assert_eq!(answer.header("content-encoding"), Some(encoding));
        assert_eq!(answer.ok(), plain.ok());
    }
    assert_eq!(plain.header("content-encoding"), None);
}

#[tokio::test]
async fn a_cache_is_told_that_the_encoding_was_asked_for() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    for encoding in ["identity", "gzip", "br;q=0.5, gzip;q=0"] {
        let answer = get(&admin, LIST, encoding).await;

        let varies = answer.header("vary").unwrap_or_default();
        let names = varies.to_ascii_lowercase();
        assert!(names.contains("accept-encoding"), "{encoding}: {varies}");
    }
}

#[tokio::test]
async fn who_takes_no_encoding_at_all_gets_nothing() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;

    let answer = get(&admin, LIST, "identity;q=0, zstd").await;

    answer.is_problem(406, "not_acceptable");
}

/// RFC 9112, section 6.1: HTTP/1.0 knows no chunks.
#[tokio::test]
async fn an_old_client_gets_no_chunks() {
    let app = TestApp::start().await;
    let request = "GET /openapi.json HTTP/1.0\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n";

    let answers = app
        .anonymous()
        .connect()
        .await
        .exchange(request.as_bytes())
        .await;

    let [answer] = &answers[..] else {
        panic!("{answers:?}")
    };
    assert_eq!(answer.header("transfer-encoding"), None);
    assert_eq!(answer.header("content-encoding"), None);
    assert_eq!(answer.ok(), api::document());
}

#[tokio::test]
async fn a_problem_of_a_list_is_not_compressed() {
    let app = TestApp::start().await;
    let member = app.member().await;

    let answer = get(&member, LIST, "gzip").await;

    answer.is_problem(403, "insufficient_scope");
    assert_eq!(answer.header("content-encoding"), None);
}

#[tokio::test]
async fn documents_are_compressed_under_a_weak_tag() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for path in [
        "/openapi.json",
        "/docs",
        "/docs/swagger-ui-bundle.js",
        "/problems",
    ] {
        let plain = get(&nobody, path, "identity").await;

        let answer = get(&nobody, path, "gzip").await;

        assert_eq!(answer.header("content-encoding"), Some("gzip"), "{path}");
        assert_eq!(answer.body, plain.body);
        assert_eq!(answer.etag(), plain.etag());
        assert!(answer.etag().starts_with("W/\""));
    }
}

#[tokio::test]
async fn a_single_thing_and_a_secret_are_never_compressed() {
    let app = TestApp::start().await;
    let ada = user(Status::Active);
    let client = app.sign_in(&ada).await;
    let credentials = serde_json::json!({ "email": ada.email.as_str(), "password": PASSWORD });
    let login = app.anonymous().request(Method::POST, "/api/v1/auth/login");
    let login = login.header(ACCEPT_ENCODING, "gzip").json(&credentials);

    let login = app.anonymous().send(login).await;
    let me = get(&client, "/api/v1/me", "gzip").await;
    let permissions = get(&client, "/api/v1/me/permissions", "gzip").await;

    for answer in [login, me, permissions] {
        answer.ok();
        assert_eq!(answer.header("content-encoding"), None);
        assert!(answer.header("content-length").is_some());
    }
}

async fn get(client: &Client, path: &str, encoding: &str) -> Answer {
    let request = client.request(Method::GET, path);
    client.send(request.header(ACCEPT_ENCODING, encoding)).await
}
