//! Every failure is a problem document (RFC 9457), whatever failed. What the infrastructure does
//! to a request is in `failures.rs`.

use api::Operations;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::json;
use support::factories::users::{PASSWORD, create_user, email};
use support::{Answer, Client, TestApp};
use uuid::Uuid;

const LOGIN: &str = "/api/v1/auth/login";
const JSON: (&str, &str) = ("Content-Type", "application/json");

#[tokio::test]
async fn an_unknown_path_is_not_found() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for path in [
        "/",
        "/nowhere",
        "/api/v1",
        "/api/v1/",
        "/api/v2/users",
        "/api/v1/users/",
        "/api/v1//users",
        "/API/V1/USERS",
        "/api/v1/users/1/2/3",
        "/api/v1/%75sers/x/y",
        "/.well-known",
        "/openapi.json/",
    ] {
        for client in [&app.anonymous(), &admin] {
            for method in [Method::GET, Method::POST, Method::OPTIONS, Method::TRACE] {
                let answer = client.send(client.request(method, path)).await;
                answer.is_problem(404, "not_found");
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_method_is_told_what_is_allowed() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let methods = [
        "GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "get", "BREW",
    ];
    for (path, known) in paths() {
        let mut allowed = known.clone();
        allowed.extend(known.contains(&"GET".to_owned()).then(|| "HEAD".to_owned()));
        allowed.push("OPTIONS".to_owned());
        allowed.sort();
        for method in methods
            .iter()
            .filter(|it| !allowed.iter().any(|known| known == *it))
        {
            let method: Method = method.parse().expect("a method is a token");

            let answer = nobody.send(nobody.request(method.clone(), &path)).await;

            answer.is_problem(405, "method_not_allowed");
            assert_eq!(
                answer.header("allow"),
                Some(&*allowed.join(", ")),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn options_tell_what_is_allowed() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (path, known) in paths() {
        let answer = nobody.send(nobody.request(Method::OPTIONS, &path)).await;

        answer.no_content();
        let allow = answer.header("allow").expect("OPTIONS is about this");
        let allow: Vec<_> = allow.split(", ").collect();
        assert!(
            known.iter().all(|it| allow.contains(&&**it)),
            "{path}: {allow:?}"
        );
        assert!(allow.contains(&"OPTIONS"), "{path}");
        let patch = known.iter().any(|it| it == "PATCH");
        let expected = patch.then_some("application/merge-patch+json");
        assert_eq!(answer.header("accept-patch"), expected, "{path}");
    }
}

#[tokio::test]
async fn head_answers_as_get_does_without_a_body() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = admin.id();
    for path in [
        "/openapi.json".to_owned(),
        "/docs".to_owned(),
        "/problems".to_owned(),
        "/problems/not_found".to_owned(),
        "/docs/swagger-ui-bundle.js".to_owned(),
        "/docs/nothing.js".to_owned(),
        "/.well-known/jwks.json".to_owned(),
        "/api/v1/me".to_owned(),
        "/api/v1/users?limit=5".to_owned(),
        format!("/api/v1/users/{id}"),
        format!("/api/v1/users/{}", Uuid::nil()),
        "/api/v1/users?limit=0".to_owned(),
    ] {
        let get = admin.get(&path).await;
        let head = admin.send(admin.request(Method::HEAD, &path)).await;

        assert_eq!(head.status, get.status, "{path}");
        assert!(head.body.is_empty(), "{path}");
        for name in ["content-type", "content-length", "etag", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
    let nothing_to_get = admin.send(admin.request(Method::HEAD, LOGIN)).await;
    assert_eq!(nothing_to_get.status, 405);
    assert_eq!(nothing_to_get.header("allow"), Some("OPTIONS, POST"));
}

#[tokio::test]
async fn a_body_that_is_not_json_is_malformed() {
    let app = TestApp::start().await;
    for body in [
        "",
        "{",
        "{\"email\":\"a\"",
        "email=a",
        "<a/>",
        "{}{}",
        "\u{feff}{}",
        "\0",
    ] {
        let answer = app.anonymous().send(login(&app, body)).await;

        let problem = answer.is_problem(400, "malformed_json");
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|it| it.contains("line 1")),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn only_its_own_media_type_is_taken() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let body = create_user().to_string();
    let create = || {
        admin
            .request(Method::POST, "/api/v1/users")
            .body(body.clone())
    };
    for other in [
        "text/plain",
        "application/merge-patch+json",
        "application/problem+json",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "application/jsonx",
        "json",
        "",
    ] {
        let answer = admin.send(create().header(CONTENT_TYPE, other)).await;

        answer.is_problem(415, "unsupported_media_type");
    }
    let none = admin.send(create()).await;
    none.is_problem(415, "unsupported_media_type");
    let two = create()
        .header(CONTENT_TYPE, JSON.1)
        .header(CONTENT_TYPE, JSON.1);
    admin
        .send(two)
        .await
        .is_problem(415, "unsupported_media_type");
    let patch = admin
        .request(Method::PATCH, "/api/v1/me")
        .header("If-Match", "*");
    let patched = admin.send(patch.json(&json!({}))).await;
    patched.is_problem(415, "unsupported_media_type");
    let spelled = create().header(CONTENT_TYPE, "Application/JSON ; Charset=\"UTF-8\"");
    assert_eq!(admin.send(spelled).await.status, 201);
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let app = TestApp::start().await;
    for encoding in ["gzip", "br", "deflate", "zstd", "identity, gzip", "x"] {
        let request = login(&app, "{}").header("Content-Encoding", encoding);

        let answer = app.anonymous().send(request).await;

        answer.is_problem(415, "unsupported_media_type");
    }
    let plain = login(&app, "{}").header("Content-Encoding", "identity");
    app.anonymous().send(plain).await.is_problem(422, "invalid");
}

#[tokio::test]
async fn a_body_that_says_to_be_too_large_is_refused_before_it_comes() {
    let app = TestApp::start().await;
    let limit = app.settings.server.body_limit_bytes;
    let length = (limit + 1).to_string();
    let headers = [JSON, ("Content-Length", &*length)];

    let mut request = app.anonymous().begin(Method::POST, LOGIN, &headers).await;

    request.answer().await.is_problem(413, "too_large");
    request.ends().await;
}

#[tokio::test]
async fn a_body_that_turns_out_too_large_is_refused() {
    let app = TestApp::start().await;
    let limit = app.settings.server.body_limit_bytes;
    let headers = [JSON, ("Transfer-Encoding", "chunked")];
    let mut request = app.anonymous().begin(Method::POST, LOGIN, &headers).await;

    // Not its end: the server has to say no on its own.
    request
        .send(format!("{:x}\r\n", limit + 1).as_bytes())
        .await;
    request.send(&vec![b' '; limit + 1]).await;

    request.answer().await.is_problem(413, "too_large");
    request.ends().await;
}

#[tokio::test]
async fn the_largest_body_is_read() {
    let app = TestApp::start().await;
    let limit = app.settings.server.body_limit_bytes;
    let body = json!({ "email": email(), "password": PASSWORD }).to_string();
    let whole = format!("{body}{}", " ".repeat(limit - body.len()));
    let headers = [JSON, ("Transfer-Encoding", "chunked")];

    let sized = app.anonymous().send(login(&app, &whole)).await;
    let mut chunked = app.anonymous().begin(Method::POST, LOGIN, &headers).await;
    let chunk = format!("{:x}\r\n{whole}\r\n0\r\n\r\n", whole.len());
    chunked.send(chunk.as_bytes()).await;

    sized.is_problem(401, "sign_in_refused");
    chunked.answer().await.is_problem(401, "sign_in_refused");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_request() {
    let app = TestApp::start().await;
    let headers = [JSON, ("Transfer-Encoding", "chunked")];
    let mut request = app.anonymous().begin(Method::POST, LOGIN, &headers).await;

    request.send(b"5\r\n{\"ema\r\nnot a length\r\n").await;

    request.answer().await.is_problem(400, "bad_request");
}

/// One order, whatever the bytes do: what is wrong first in it is told.
#[tokio::test]
async fn the_faults_of_a_request_are_told_in_one_order() {
    let app = TestApp::start().await;
    let (admin, member, nobody) = (
        app.administrator().await,
        app.member().await,
        app.anonymous(),
    );
    let all_wrong = |client: &Client, method, path: &str| {
        let request = client.request(method, path).header(ACCEPT, "text/html");
        request.header(CONTENT_TYPE, "text/plain").body("{")
    };
    let id = Uuid::nil().to_string();
    let user = format!("/api/v1/users/{id}");
    let update = |accept: &str, id: &str| {
        let request = admin.request(Method::PATCH, &format!("/api/v1/users/{id}"));
        request
            .header(ACCEPT, accept)
            .header(CONTENT_TYPE, "text/plain")
            .body("{")
    };
    let merge = |body: &'static str| {
        let request = admin
            .request(Method::PATCH, &user)
            .header("If-Match", "\"7\"");
        request
            .header(CONTENT_TYPE, "application/merge-patch+json")
            .body(body)
    };

    for (request, status, code) in [
        (
            all_wrong(&nobody, Method::PATCH, "/nowhere"),
            404,
            "not_found",
        ),
        (
            all_wrong(&nobody, Method::PUT, &user),
            405,
            "method_not_allowed",
        ),
        (
            all_wrong(&nobody, Method::PATCH, &user),
            401,
            "unauthenticated",
        ),
        (
            all_wrong(&member, Method::PATCH, &user),
            403,
            "insufficient_scope",
        ),
        (update("text/html", "x"), 406, "not_acceptable"),
        (update("*/*", "x"), 400, "invalid_parameter"),
        (update("*/*", &id), 428, "if_match_required"),
        (
            update("*/*", &id).header("If-Match", "*"),
            415,
            "unsupported_media_type",
        ),
        (merge("{"), 400, "malformed_json"),
        (merge("{\"email\":7}"), 422, "invalid"),
        (merge("{}"), 404, "not_found"),
    ] {
        admin.send(request).await.is_problem(status, code);
    }
    let path = format!("/api/v1/users/{}", member.id());
    let stale = admin
        .patch(&path, "\"7\"", &json!({ "display_name": "Ada" }))
        .await;
    stale.is_problem(412, "stale");
}

#[tokio::test]
async fn a_request_id_is_taken_over_if_it_is_a_uuid() {
    let app = TestApp::start().await;
    let own = "01936f5e-8c00-7000-8000-00000000002a";

    let failed = ask(&app, "/nowhere", own).await;
    let fine = ask(&app, "/.well-known/jwks.json", own).await;

    failed.is_problem(404, "not_found");
    assert_eq!(failed.header("x-request-id"), Some(own));
    assert_eq!(fine.header("x-request-id"), Some(own));
}

#[tokio::test]
async fn any_other_request_id_is_replaced() {
    let app = TestApp::start().await;
    for other in [
        "",
        "1",
        "../..",
        "<script>",
        &"a".repeat(5000),
        "0000-not-a-uuid",
        "ü",
    ] {
        let answer = ask(&app, "/nowhere", other).await;

        answer.is_problem(404, "not_found");
        let id = answer.header("x-request-id").expect("it has an id");
        let id: Uuid = id.parse().expect("the id is a UUID");
        assert_eq!(id.get_version_num(), 7);
    }
}

async fn ask(app: &TestApp, path: &str, id: &str) -> Answer {
    let nobody = app.anonymous();
    let request = nobody.request(Method::GET, path).header("X-Request-Id", id);
    nobody.send(request).await
}

fn login(app: &TestApp, body: &str) -> reqwest::RequestBuilder {
    let request = app.anonymous().request(Method::POST, LOGIN);
    request.header(CONTENT_TYPE, JSON.1).body(body.to_owned())
}

/// Every path of the document, filled in, with the methods that it knows.
fn paths() -> Vec<(String, Vec<String>)> {
    let operations = Operations::of(&api::document());
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for it in operations.iter() {
        let path = it.path.replace("{id}", &Uuid::nil().to_string());
        match all.iter_mut().find(|(known, _)| *known == path) {
            Some((_, methods)) => methods.push(it.method.to_string()),
            None => all.push((path, vec![it.method.to_string()])),
        }
    }
    assert!(!all.is_empty());
    all
}
