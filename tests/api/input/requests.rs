use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::json;
use support::{Answer, Client, TestApp};
use uuid::Uuid;

use super::corpus::{QUERY_VALUES, header_values};
use super::{is_tame, operations};

/// The values of a header are dealt out over so many operations.
const SHARES: usize = 8;

/// Every operation meets every header, and every header every value.
#[tokio::test]
async fn no_header_makes_the_server_fail() {
    let app = TestApp::start().await;
    let names = [
        "If-Match",
        "If-None-Match",
        "Accept",
        "Content-Type",
        "Authorization",
        "X-Request-Id",
        "Content-Encoding",
        "Origin",
        "Cookie",
        "traceparent",
        "Range",
        "Expect",
    ];
    let operations = operations();
    assert!(operations.len() >= SHARES, "some values would be left out");
    for (turn, operation) in operations.into_iter().enumerate() {
        // One of them signs out.
        let admin = app.administrator().await;
        let target = admin.some_user().await;
        for name in names {
            for value in header_values()
                .into_iter()
                .skip(turn % SHARES)
                .step_by(SHARES)
            {
                let value = HeaderValue::from_bytes(&value).expect("it can be sent");
                let path = operation.path.replace("{id}", &target.to_string());
                let request = admin.request(operation.method.clone(), &path);
                let request = match name {
                    "Content-Type" => request.header("If-Match", "\"7\"").body("{"),
                    "If-Match" => request.json(&json!({})),
                    _ => request.header("If-Match", "\"7\"").json(&json!({})),
                };

                let answer = admin.send(request.header(name, &value)).await;

                is_tame(&answer, &format!("{} {name}: {value:.60?}", operation.id));
            }
        }
    }
}

#[tokio::test]
async fn a_list_of_versions_that_is_none_is_named() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let conditional = operations().into_iter().filter(|it| it.conditional);
    for operation in conditional {
        let target = admin.some_user().await;
        for value in ["", "1", "\"1", "\"1\" \"2\"", "'1'", "**", "\u{fc}"] {
            let path = operation.path.replace("{id}", &target.to_string());
            let request = admin.request(operation.method.clone(), &path);

            let answer = admin.send(request.header("If-Match", value)).await;

            answer.is_problem(400, "invalid_parameter");
            let fault = ("If-Match".to_owned(), "invalid".to_owned());
            assert_eq!(answer.faults(), [fault], "{} {value}", operation.id);
        }
    }
}

#[tokio::test]
async fn no_query_makes_the_server_fail() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for operation in operations() {
        let at = operation.path.replace("{id}", &admin.id().to_string());
        for name in &operation.parameters {
            for value in QUERY_VALUES.iter().copied().chain([&*"x".repeat(5_000)]) {
                let path = format!("{at}?{name}={value}");

                let answer = raw(&admin, &operation.method, &path).await;

                is_tame(&answer, &path[..path.len().min(100)]);
                if answer.status == 400 {
                    let named = answer.faults().iter().any(|(place, _)| place == name);
                    assert!(named, "{path:.100}: {}", answer.json());
                }
            }
        }
    }
}

#[tokio::test]
async fn a_parameter_that_cannot_be_read_is_named() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let long = "x".repeat(8_000);
    for (name, value) in [
        ("limit", "-1"),
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "1e3"),
        ("limit", "1.0"),
        ("limit", "ten"),
        ("limit", ""),
        ("limit", "99999999999999999999"),
        ("cursor", "x"),
        ("cursor", ""),
        ("sort", ""),
        ("sort", "-"),
        ("sort", "password"),
        ("sort", "created_at,email"),
        ("q", ""),
        ("q", "%00"),
        ("q", "%ff"),
        ("q", &long),
        ("status", "nonsense"),
        ("role", "%27"),
        ("email", "ada"),
        ("include", "everything"),
    ] {
        let answer = admin.list_users(&format!("{name}={value}")).await;

        answer.is_problem(400, "invalid_parameter");
        let fault = (name.to_owned(), "invalid".to_owned());
        assert_eq!(answer.faults(), [fault], "{value:.60}");
    }
}

#[tokio::test]
async fn a_parameter_that_is_not_documented_is_refused_everywhere() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for operation in operations() {
        let target = admin.some_user().await;
        let path = operation.path.replace("{id}", &target.to_string());
        let request = admin.request(operation.method.clone(), &format!("{path}?unheard_of=1"));
        let request = request.header("If-Match", "*");
        // A page's cookie is refused before anything else.
        let request = request.header("Origin", &app.settings.server.public_url);

        let answer = admin.send(request).await;

        assert_eq!(answer.status, 400, "{}", operation.id);
        answer.is_problem(400, "invalid_parameter");
        let fault = ("unheard_of".to_owned(), "unknown".to_owned());
        assert_eq!(answer.faults(), [fault], "{}", operation.id);
    }
}

#[tokio::test]
async fn no_id_makes_the_server_fail() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let id = Uuid::nil();
    for operation in operations().iter().filter(|it| it.path.contains("{id}")) {
        for value in [
            "x",
            "0",
            "-1",
            "%00",
            "%ff",
            "%",
            "%zz",
            "%20",
            "..%2f..%2fetc",
            "%2e%2e",
            "'%20OR%201=1--",
            &id.simple().to_string(),
            &format!("%7B{id}%7D"),
            &format!("urn:uuid:{id}"),
            &format!("{id}%00"),
            &"x".repeat(5_000),
        ] {
            let path = operation.path.replace("{id}", value);

            let answer = raw(&admin, &operation.method, &path).await;

            is_tame(&answer, &path);
            answer.is_problem(400, "invalid_parameter");
            assert_eq!(
                answer.faults(),
                [("id".to_owned(), "invalid".to_owned())],
                "{path}"
            );
        }
        for value in ["", "..", "a/b", "%2f/%2f"] {
            let path = operation.path.replace("{id}", value);

            let answer = raw(&admin, &operation.method, &path).await;

            is_tame(&answer, &path);
        }
    }
}

#[tokio::test]
async fn no_name_in_a_path_makes_the_server_fail() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let named = operations();
    let named = named
        .iter()
        .filter(|it| it.path.contains('{') && !it.path.contains("{id}"));
    let mut asked = 0;
    for operation in named {
        for value in QUERY_VALUES
            .iter()
            .copied()
            .chain(["..", "%2e%2e%2f", "a/b", "%3Cb%3E"])
        {
            let start = operation.path.find('{').expect("it has a parameter");
            let path = format!("{}{value}", &operation.path[..start]).replace('#', "%23");

            let answer = raw(&nobody, &operation.method, &path).await;

            is_tame(&answer, &path);
            asked += 1;
        }
    }
    assert!(asked > 0, "no path has such a name");
}

async fn raw(client: &Client, method: &Method, path: &str) -> Answer {
    let headers = [("If-Match", "*")];
    let mut request = client.begin(method.clone(), path, &headers).await;
    request.answer().await
}
