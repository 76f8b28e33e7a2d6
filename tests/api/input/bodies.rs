use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use support::TestApp;

use super::corpus::texts;
use super::{SECRET, is_tame, operations};

#[tokio::test]
async fn no_value_of_a_field_makes_the_server_fail() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for operation in operations().iter().filter(|it| !it.fields.is_empty()) {
        let target = admin.some_user().await;
        for field in &operation.fields {
            for value in texts() {
                let body = operation.body_with(field, &value);
                let shown = format!("{} {field} {value:.60}", operation.id);

                let answer = admin.send(operation.request(&admin, target, body)).await;

                is_tame(&answer, &shown);
                if answer.problem_code().as_deref() == Some("invalid") {
                    let at = format!("/{field}");
                    let named = answer
                        .faults()
                        .iter()
                        .any(|(place, _)| place.starts_with(&at));
                    assert!(named, "{shown}: {}", answer.json());
                }
            }
        }
    }
}

#[tokio::test]
async fn every_field_refuses_what_is_of_another_kind() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for operation in &operations() {
        let target = admin.some_user().await;
        for field in &operation.fields {
            let is_list = operation.example[field].is_array();
            for value in [
                "null",
                "true",
                "0",
                "-1.5",
                "[]",
                "[\"a\"]",
                "{}",
                "{\"a\":{\"b\":[1]}}",
            ] {
                if is_list && value.starts_with('[') {
                    continue;
                }
                let body = operation.body_with(field, value);

                let answer = admin.send(operation.request(&admin, target, body)).await;

                answer.is_problem(422, "invalid");
                let fault = (format!("/{field}"), "wrong_type".to_owned());
                assert!(answer.faults().contains(&fault), "{} {value}", operation.id);
            }
            let right = if is_list { "[]" } else { "\"a\"" };
            let twice = operation.body_with(field, right);
            let twice = format!("{{\"{field}\":{right},{}", &twice[1..]);
            let answer = admin.send(operation.request(&admin, target, twice)).await;
            answer.is_problem(422, "invalid");
            assert_eq!(
                answer.faults(),
                [(format!("/{field}"), "duplicate".to_owned())]
            );
        }
    }
}

#[tokio::test]
async fn no_body_makes_the_server_fail() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for operation in operations().iter().filter(|it| !it.fields.is_empty()) {
        let target = admin.some_user().await;
        let own = operation.body_with("", "");
        let unknown = |value: &str| format!("{{\"unheard_of\":{value},{}", &own[1..]);
        for (body, status, code) in [
            ("[".repeat(1000), 400, "malformed_json"),
            ("{\"a\":".repeat(1000), 400, "malformed_json"),
            (
                format!("{}1{}", "[".repeat(1000), "]".repeat(1000)),
                422,
                "invalid",
            ),
            (format!("{own}{own}"), 400, "malformed_json"),
            (own.replace('"', "'"), 400, "malformed_json"),
            (format!("[{own}]"), 422, "invalid"),
            ("null".to_owned(), 422, "invalid"),
            ("7".to_owned(), 422, "invalid"),
            ("\"a\"".to_owned(), 422, "invalid"),
            (
                unknown(&format!("\"{}\"", "a".repeat(60_000))),
                422,
                "invalid",
            ),
            (
                unknown(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))),
                422,
                "invalid",
            ),
            (format!("{{\"{}\":1}}", "a".repeat(60_000)), 422, "invalid"),
            (
                format!("{{{}\"z\":1}}", "\"a\":1,".repeat(9_000)),
                422,
                "invalid",
            ),
            (" ".repeat(10_000_000), 413, "too_large"),
        ] {
            let answer = admin.send(operation.request(&admin, target, body)).await;

            assert!(
                answer.body.len() < 64 * 1024,
                "{}: a long answer",
                operation.id
            );
            is_tame(&answer, &operation.id);
            answer.is_problem(status, code);
        }
    }
}

/// They read no body, and so nothing has to happen to it.
#[tokio::test]
async fn a_body_that_nobody_asked_for_changes_nothing() {
    let app = TestApp::start().await;
    for operation in operations().iter().filter(|it| it.fields.is_empty()) {
        // One of them signs out.
        let admin = app.administrator().await;
        let target = admin.some_user().await;
        for length in [0, 1, 10_000_000] {
            let body = "{".repeat(length);

            let answer = admin.send(operation.request(&admin, target, body)).await;

            is_tame(&answer, &operation.id);
        }
    }
}

#[tokio::test]
async fn a_password_is_never_told_back() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let long = SECRET.repeat(10);
    for body in [
        format!("{{\"email\":\"a@example.org\",\"password\":\"{SECRET}\"}}"),
        format!("{{\"email\":\"a@example.org\",\"password\":\"{long}\"}}"),
        format!("{{\"email\":\"{SECRET}\",\"password\":\"\"}}"),
        format!("{{\"email\":7,\"password\":[\"{SECRET}\"]}}"),
        format!("{{\"email\":\"a@example.org\",\"password\":{{\"is\":\"{SECRET}\"}}}}"),
        format!("{{\"password\":\"{SECRET}\",\"password\":\"{SECRET}\"}}"),
        format!("{{\"email\":\"a@example.org\",\"password\":\"{SECRET}\",\"x\":\"{SECRET}\"}}"),
        format!("{{\"email\":\"a@example.org\",\"password\":\"{SECRET}"),
        format!("{{\"email\":\"a@example.org\",\"password\":\"{SECRET}\\ud800\"}}"),
        format!("\"{SECRET}\""),
        SECRET.to_owned(),
    ] {
        let request = nobody.request(Method::POST, "/api/v1/auth/login");
        let request = request.header(CONTENT_TYPE, "application/json");

        let answer = nobody.send(request.body(body.clone())).await;

        assert!(answer.status.is_client_error(), "{body}");
        is_tame(&answer, &body);
    }
}
