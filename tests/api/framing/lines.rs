use support::TestApp;

use super::{KEYS, answers, is_cut_off, is_understood, keys, only_answer};

#[tokio::test]
async fn a_header_that_is_none_is_cut_off() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (case, line) in [
        ("a folded line", "X: x\r\n y"),
        ("a line folded by a tab", "X: x\r\n\ty"),
        ("a blank before the colon", "X : x"),
        ("a tab before the colon", "X\t: x"),
        ("no name", ": x"),
        ("no colon", "X"),
        ("parentheses", "X(y): x"),
        ("an at", "X@y: x"),
        ("a slash", "X/y: x"),
        ("quotes", "\"X\": x"),
        ("braces", "{X}: x"),
        ("a blank inside", "X y: x"),
        ("other letters", "X\u{e9}: x"),
        ("a NUL in the name", "X\0: x"),
        ("a NUL in the value", "X: \0"),
        ("a bare CR in the name", "X\rY: x"),
        ("a bare CR in the value", "X: x\rY: y"),
        ("a bare CR and a blank", "X: x\r y"),
        ("a bare LF in the name", "X\nY: x"),
        ("a bell", "X: \u{7}"),
        ("an escape", "X: \u{1b}[0m"),
        ("a delete", "X: \u{7f}"),
        ("a vertical tab", "X: \u{b}"),
    ] {
        is_cut_off(&nobody, case, keys(&format!("Host: x\r\n{line}"))).await;
    }
}

#[tokio::test]
async fn odd_headers_are_read() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let ninety = "X: x\r\n".repeat(90);
    for (case, line) in [
        ("90 lines", ninety.trim_end()),
        ("every sign that a name may have", "!#$%&'*+-.^_`|~09Az: x"),
        // RFC 9110, section 5.5: opaque.
        ("other letters", "X: \u{e9}"),
        ("no value", "X:"),
        // RFC 9112, section 2.2: a line may end in a bare LF.
        ("a bare LF", "X: x\nY: y"),
    ] {
        is_understood(&nobody, case, keys(&format!("Host: x\r\n{line}")), &[200]).await;
    }
}

#[tokio::test]
async fn more_lines_than_anybody_needs_are_refused() {
    let app = TestApp::start().await;
    let request = keys(&format!("Host: x\r\n{}", "X: x\r\n".repeat(96).trim_end()));

    let answer = only_answer(&app.anonymous(), "97 lines", request).await;

    assert_eq!(answer.status, 431);
}

/// actix panics on it, for this connection alone.
#[tokio::test]
async fn a_name_beyond_64_kib_ends_the_connection_and_nothing_else() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let request = keys(&format!("Host: x\r\n{}: x", "X".repeat(65_536)));
    for _ in 0..3 {
        let answers = answers(&nobody, "a long name", request.as_bytes()).await;

        assert!(answers.is_empty(), "{answers:?}");
        assert_eq!(nobody.get_key_set().await.status, 200);
    }
}

#[tokio::test]
async fn what_is_another_protocol_is_cut_off() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (case, bytes) in [
        ("HTTP/0.9", &*format!("GET {KEYS}\r\n")),
        (
            "two blanks",
            &format!("GET  {KEYS} HTTP/1.1\r\nHost: x\r\n\r\n"),
        ),
        (
            "two blanks later",
            &format!("GET {KEYS}  HTTP/1.1\r\nHost: x\r\n\r\n"),
        ),
        (
            "a blank first",
            &format!(" GET {KEYS} HTTP/1.1\r\nHost: x\r\n\r\n"),
        ),
        (
            "a blank last",
            &format!("GET {KEYS} HTTP/1.1 \r\nHost: x\r\n\r\n"),
        ),
        ("tabs", &format!("GET\t{KEYS}\tHTTP/1.1\r\nHost: x\r\n\r\n")),
        (
            "small letters",
            &format!("GET {KEYS} http/1.1\r\nHost: x\r\n\r\n"),
        ),
        ("HTTP/1", &format!("GET {KEYS} HTTP/1\r\nHost: x\r\n\r\n")),
        (
            "HTTP/1.2",
            &format!("GET {KEYS} HTTP/1.2\r\nHost: x\r\n\r\n"),
        ),
        (
            "HTTP/1.10",
            &format!("GET {KEYS} HTTP/1.10\r\nHost: x\r\n\r\n"),
        ),
        (
            "HTTP/2.0",
            &format!("GET {KEYS} HTTP/2.0\r\nHost: x\r\n\r\n"),
        ),
        ("bare CR", &format!("GET {KEYS} HTTP/1.1\rHost: x\r\r")),
        ("no method", &format!(" {KEYS} HTTP/1.1\r\nHost: x\r\n\r\n")),
        (
            "a method with a sign",
            &format!("G(T {KEYS} HTTP/1.1\r\nHost: x\r\n\r\n"),
        ),
        (
            "a method with a NUL",
            &format!("G\0T {KEYS} HTTP/1.1\r\nHost: x\r\n\r\n"),
        ),
        ("HTTP/2's first bytes", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("an answer", "HTTP/1.1 200 OK\r\n\r\n"),
        ("a proxy's line", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n"),
        ("mail", "EHLO x\r\nMAIL FROM:<ada@example.org>\r\n"),
        ("Redis", "*1\r\n$4\r\nPING\r\n"),
        ("a selector", "/\r\n"),
        ("NULs", &"\0".repeat(100)),
    ] {
        is_cut_off(&nobody, case, bytes).await;
    }
    let client_hello = [
        b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03".as_slice(),
        &[0x8f; 32],
    ]
    .concat();
    is_cut_off(&nobody, "TLS", client_hello).await;
    for seed in 0..50_u32 {
        is_cut_off(&nobody, &format!("bytes of {seed}"), noise(seed)).await;
    }
}

/// A linear congruential generator: the same bytes each time.
fn noise(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    // No letter, or it might begin a method of its own.
    [0xff]
        .into_iter()
        .chain(std::iter::repeat_with(next).take(500))
        .collect()
}

#[tokio::test]
async fn odd_lines_are_read() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let plain = keys("Host: x");
    let long = "A".repeat(10_000);
    for (case, request, status) in [
        // RFC 9112, section 2.2.
        ("empty lines first", format!("\r\n\n{plain}"), 200),
        ("bare LF everywhere", plain.replace("\r\n", "\n"), 200),
        // RFC 9110, section 9.1: methods have letter case.
        ("a small method", plain.replace("GET", "get"), 405),
        ("a made-up method", plain.replace("GET", "F-O_O!"), 405),
        ("a long method", plain.replace("GET", &long), 405),
        ("TRACE", plain.replace("GET", "TRACE"), 405),
        ("HTTP/2's method", plain.replace("GET", "PRI"), 405),
    ] {
        is_understood(&nobody, case, request, &[status]).await;
    }
}
