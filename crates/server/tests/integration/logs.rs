use std::io::{Read, Write};

use serde_json::{Value, json};

use crate::place::{PASSWORD, Place};
use crate::server::Server;

const ADA: &str = "ada.lovelace@example.org";

#[tokio::test]
async fn every_line_is_json_and_the_answers_carry_their_requests_id() {
    let place = Place::new().await;
    let server = place.serve();

    let answers = [
        server.get("/openapi.json", None),
        server.get("/no/such/path", None),
        server.get("/api/v1/me", None),
    ];

    let lines = lines(&server.stop().errors);
    let logged: Vec<_> = answered(&lines)
        .map(|it| &it["span"]["request_id"])
        .collect();
    let sent = answers
        .each_ref()
        .map(|it| json!(it.header("x-request-id")));
    assert_eq!(logged, sent.each_ref());
    for line in &lines {
        for field in ["timestamp", "level", "message", "target"] {
            assert!(line[field].is_string(), "{field}: {line}");
        }
    }
}

#[tokio::test]
async fn a_server_that_lacks_nothing_warns_of_nothing() {
    let place = Place::migrated().await;
    let (server, _) = signed_in(&place);

    let lines = lines(&server.stop().errors);

    let alarming: Vec<_> = lines.iter().filter(|it| it["level"] != "INFO").collect();
    assert!(alarming.is_empty(), "{alarming:#?}");
}

#[tokio::test]
async fn the_line_of_a_signed_in_request_carries_the_users_id() {
    let place = Place::migrated().await;
    let (server, token) = signed_in(&place);
    let me = server.get("/api/v1/me", Some(&token)).json();

    let lines = lines(&server.stop().errors);

    let of = |operation: &str| {
        let mut found = answered(&lines).filter(|it| it["operation"] == operation);
        found.next().unwrap_or_else(|| panic!("no {operation}"))
    };
    assert_eq!(of("getMe")["span"]["user_id"], me["id"]);
    assert_eq!(of("login")["span"].get("user_id"), None);
}

#[tokio::test]
async fn the_line_of_a_request_carries_the_trace_that_it_belongs_to() {
    let place = Place::new().await;
    let server = place.serve();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    server.get_with(
        "/problems",
        &format!("traceparent: 00-{trace}-00f067aa0ba902b7-01\r\n"),
    );
    server.get_with("/problems", "traceparent: nonsense\r\n");
    server.get_with("/problems", "");

    let lines = lines(&server.stop().errors);
    let traces: Vec<_> = answered(&lines).map(|it| &it["span"]["trace_id"]).collect();
    assert_eq!(traces, [&json!(trace), &Value::Null, &Value::Null]);
}

/// actix panics at a header name that is longer than it thinks possible.
#[tokio::test]
async fn a_panic_is_one_line_without_what_it_said() {
    let place = Place::new().await;
    let server = place.serve();
    let mut stream = server.connect();
    let name = "x".repeat(65_536);

    let head = format!("GET / HTTP/1.1\r\nHost: x\r\n{name}: y\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("the server reads");
    let cut = stream.read_to_end(&mut Vec::new());
    server.get("/problems", None);

    // It may cut the connection before all of the request was read.
    assert!(cut.is_err() || cut.is_ok_and(|bytes| bytes == 0));
    let errors = server.stop().errors;
    let lines = lines(&errors);
    let panics = lines.iter().filter(|it| it["level"] == "ERROR");
    let told: Vec<_> = panics.map(|it| it["message"].as_str()).collect();
    assert_eq!(told, [Some("a thread panicked")]);
    assert!(errors.contains("decoder.rs"), "{errors}");
    assert!(!errors.contains("unwrap"), "{errors}");
}

/// Anybody could fill the disk otherwise.
#[tokio::test]
async fn a_made_up_method_is_not_written_down() {
    let place = Place::new().await;
    let server = place.serve();

    server.ask(&"A".repeat(10_000), "/problems");

    let errors = server.stop().errors;
    let lines = lines(&errors);
    let methods: Vec<_> = answered(&lines).map(|it| &it["span"]["method"]).collect();
    assert_eq!(methods, [&json!("other")]);
    assert!(!errors.contains("AAAAAAAAAAA"));
}

#[tokio::test]
async fn no_address_password_or_token_is_logged() {
    let place = Place::migrated().await.set("ASHLAR__LOG__FILTER", "debug");
    let (server, token) = signed_in(&place);
    let bob = json!({ "email": "bob.babbage@example.org", "display_name": "Bob Babbage" });
    let ada = Some(token.as_str());
    let right = "another dressed stone";

    server.log_in(ADA, "a wrong guess at it");
    server.log_in("nobody.known@example.org", right);
    assert_eq!(server.post("/api/v1/users", ada, &bob).status, 201);
    assert_eq!(server.post("/api/v1/users", ada, &bob).status, 409);
    let set = [
        "users",
        "set-password",
        "--email",
        "bob.babbage@example.org",
    ];
    let command = place.run_reading(&set, right);
    for query in [
        "q=ada.lovelace",
        "email=bob.babbage%40example.org",
        "q=%00babbage",
    ] {
        server.get(&format!("/api/v1/users?{query}"), ada);
    }
    server.get("/api/v1/me", Some("no.such.token"));

    command.ok();
    let errors = server.stop().errors + &command.errors;
    assert_eq!(answered(&lines(&errors)).count(), 9, "{errors}");
    let errors = errors.to_lowercase();
    for secret in [
        "lovelace",
        "babbage",
        "nobody.known",
        "example.org",
        "%40",
        PASSWORD,
        right,
        "a wrong guess",
        "no.such.token",
        "bearer",
        "$argon2",
    ] {
        assert!(!errors.contains(secret), "{secret} in {errors}");
    }
    let token = token.to_lowercase();
    for part in token.split('.') {
        assert!(!errors.contains(part), "a part of the token in {errors}");
    }
}

/// Once a minute, or whoever asks for too much would fill the log besides.
#[tokio::test]
async fn mail_that_is_not_sent_for_want_of_budget_is_told_once_and_without_an_address() {
    for (limit, keys) in [
        (
            "network_mail_per_minute",
            ["NETWORK_MAIL_PER_MINUTE", "NETWORK_MAIL_BURST"],
        ),
        ("mail_per_minute", ["MAIL_PER_MINUTE", "MAIL_BURST"]),
    ] {
        let place = keys.iter().fold(Place::migrated().await, |place, key| {
            place.set(&format!("ASHLAR__LIMITS__{key}"), "1")
        });
        let server = place.serve();
        for name in ["ada", "bob", "eve"] {
            let body = json!({ "email": format!("{name}.lovelace@example.org") });
            let asked = server.post("/api/v1/auth/password-resets", None, &body);
            assert_eq!(asked.status, 202);
        }

        let errors = server.stop().errors;

        let lines = lines(&errors);
        let told: Vec<_> = lines
            .iter()
            .filter(|it| it["message"] == "mail that was asked for is not sent")
            .collect();
        let [told] = told[..] else {
            panic!("{limit}: {told:?}")
        };
        assert_eq!(
            (&told["level"], &told["limit"]),
            (&json!("WARN"), &json!(limit))
        );
        assert_eq!(told["since_start"], 1);
        assert!(!errors.contains("lovelace") && !errors.contains("example.org"));
    }
}

fn signed_in(place: &Place) -> (Server, String) {
    place.administrator(ADA);
    let server = place.serve();
    let token = server.sign_in(ADA, PASSWORD);
    (server, token)
}

fn lines(errors: &str) -> Vec<Value> {
    let line = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    errors.lines().map(line).collect()
}

/// The one line of each request.
fn answered(lines: &[Value]) -> impl Iterator<Item = &Value> {
    lines.iter().filter(|it| it["message"] == "answered")
}
