use support::TestApp;
use tokio::task::JoinSet;

use super::{KEYS, answers, is_refused, is_the_last, is_understood, keys, sign_in};

const SMUGGLED: &str = "DELETE /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

/// Each body has one end, and what stands before it is data, whoever reads it.
#[tokio::test]
async fn a_request_inside_a_body_is_never_answered() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let length = format!("Content-Length: {}\r\n\r\n{SMUGGLED}", SMUGGLED.len());
    let chunked = format!(
        "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{SMUGGLED}\r\n0\r\n\r\n",
        SMUGGLED.len()
    );
    for body in [length, chunked] {
        for (line, status) in [
            ("POST /api/v1/auth/login HTTP/1.1", 415),
            ("POST /nowhere HTTP/1.1", 404),
            ("GET /nowhere HTTP/1.1", 404),
            (&format!("GET {KEYS} HTTP/1.1"), 200),
            (&format!("PUT {KEYS} HTTP/1.1"), 405),
            ("GET /api/v1/me HTTP/1.1", 401),
            (&format!("OPTIONS {KEYS} HTTP/1.1"), 204),
        ] {
            let request = format!("{line}\r\nHost: x\r\n{body}");
            is_the_last(&nobody, &request, &request, status).await;
        }
    }
}

#[tokio::test]
async fn requests_on_one_connection_are_answered_in_their_order() {
    let app = TestApp::start().await;
    let keys = keys("Host: x");
    let login = sign_in("Content-Length: 2", "{}");
    let head = "GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\n";
    let chunked = sign_in("Transfer-Encoding: chunked", "1\r\n{\r\n0\r\n\r\n");
    let requests = format!("{keys}{login}{head}{chunked}").repeat(25);

    let expected = [200, 422, 401, 400].repeat(25);

    is_understood(&app.anonymous(), "a hundred", requests, &expected).await;
}

/// RFC 9112, section 9.6: what comes behind the last request is not processed.
#[tokio::test]
async fn nothing_follows_the_last_request() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let old = format!("GET {KEYS} HTTP/1.0\r\n");
    for (case, last) in [
        ("close", keys("Host: x\r\nConnection: close")),
        (
            "close among others",
            keys("Host: x\r\nConnection: x, CLOSE, keep-alive"),
        ),
        (
            "close on another line",
            keys("Host: x\r\nConnection: x\r\nConnection: close"),
        ),
        ("HTTP/1.0", format!("{old}\r\n")),
        (
            "HTTP/1.0 and close",
            format!("{old}Connection: close\r\n\r\n"),
        ),
    ] {
        let request = format!("{last}{}", keys("Host: x").repeat(2));

        let answers = answers(&nobody, case, request.as_bytes()).await;

        let (first, others) = answers.split_first().expect("it is answered");
        assert_eq!(first.status, 200, "{case}");
        for other in others {
            other.is_problem(400, "bad_request");
        }
    }
    // RFC 9112, section 9.3.
    let kept = format!("{old}Connection: keep-alive\r\n\r\n");
    is_understood(&nobody, "HTTP/1.0 and keep-alive", kept, &[200]).await;
}

/// RFC 9110, section 10.1.1.
#[tokio::test]
async fn what_is_expected_is_answered_or_ignored() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let login = |expect: &str| sign_in(&format!("Expect: {expect}\r\nContent-Length: 2"), "{}");
    for (case, request, statuses) in [
        ("its one value", login("100-continue"), &[100, 422][..]),
        ("other letters", login("100-CONTINUE"), &[100, 422]),
        ("among others", login("x, 100-continue"), &[100, 422]),
        (
            "without a body",
            keys("Host: x\r\nExpect: 100-continue"),
            &[100, 200],
        ),
        ("something else", login("200-ok"), &[422]),
        ("nothing", login(""), &[422]),
    ] {
        is_understood(&nobody, case, request, statuses).await;
    }
}

/// RFC 9110, section 7.8: a server may ignore the wish for another protocol.
#[tokio::test]
async fn no_other_protocol_is_spoken() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (case, lines) in [
        (
            "h2c",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
        ),
        ("TLS", "Connection: Upgrade\r\nUpgrade: TLS/1.2"),
        ("nothing", "Connection: Upgrade"),
    ] {
        is_understood(&nobody, case, keys(&format!("Host: x\r\n{lines}")), &[200]).await;
    }
    let login = sign_in(
        "Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2",
        "{}",
    );
    is_understood(&nobody, "h2c and a body", login, &[422]).await;
}

/// With that header actix reads to the end of the connection, whatever length is told.
#[tokio::test]
async fn a_body_without_an_end_is_refused() {
    let app = TestApp::start().await;
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket";
    let login = |length| format!("{upgrade}\r\n{length}");
    // actix reads on for a second where it has not seen the end of a body.
    let mut at_once = JoinSet::new();
    for (case, request) in [
        ("GET", keys(&format!("Host: x\r\n{upgrade}"))),
        (
            "other letters",
            keys("Host: x\r\nUpgrade: x\r\nUpgrade: \tWebSocket "),
        ),
        ("no length", sign_in(upgrade, "")),
        ("no body", sign_in(&login("Content-Length: 0"), "")),
        ("a length", sign_in(&login("Content-Length: 2"), "{}")),
        (
            "chunks",
            sign_in(&login("Transfer-Encoding: chunked"), "0\r\n\r\n"),
        ),
    ] {
        let nobody = app.anonymous();
        at_once.spawn(async move { is_refused(&nobody, case, request).await });
    }
    at_once.join_all().await;
}
