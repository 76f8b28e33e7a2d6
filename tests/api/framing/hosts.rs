use support::TestApp;

use super::{KEYS, is_cut_off, is_refused, is_understood, keys, only_answer};

#[tokio::test]
async fn a_host_that_is_none_is_refused() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (case, host) in [
        ("nothing", ""),
        ("only a port", ":80"),
        ("a path", "x/y"),
        ("a query", "x?y"),
        ("a fragment", "x#y"),
        ("a whole address", "http://x"),
        ("a user", "ada@x"),
        ("a user and a password", "ada:secret@x"),
        ("a blank", "x y"),
        ("a list", "x, y"),
        ("a backslash", "x\\y"),
        ("quotes", "\"x\""),
        ("markup", "<script>"),
        ("no port", "x:y"),
        ("a port with a sign", "x:+80"),
        ("a port beyond all", "x:65536"),
        ("two ports", "x:80:80"),
        ("half an address", "[::1"),
        ("something behind an address", "[::1]y"),
        ("escaped", "%00"),
        ("other letters", "\u{e9}"),
    ] {
        is_refused(&nobody, case, keys(&format!("Host: {host}"))).await;
    }
    // Nor is anything else said of it, and old clients may not either.
    let of_nowhere = "GET /nowhere HTTP/1.1\r\nHost: x/y\r\n\r\n";
    is_refused(&nobody, "no such path", of_nowhere).await;
    let old = format!("GET {KEYS} HTTP/1.0\r\nHost: x/y\r\n\r\n");
    is_refused(&nobody, "HTTP/1.0", old).await;
}

#[tokio::test]
async fn who_is_refused_is_told_that_it_was_the_last_request() {
    let app = TestApp::start().await;
    let mut connection = app.anonymous().connect().await;

    connection.send(keys("Host: x/y").as_bytes()).await;
    let answer = connection.answer().await;

    answer.is_problem(400, "bad_request");
    assert_eq!(answer.header("connection"), Some("close"));
    connection.ends().await;
}

#[tokio::test]
async fn no_host_and_two_hosts_are_cut_off() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (case, lines) in [
        ("none", ""),
        ("the same twice", "Host: x\r\nHost: x"),
        ("two", "Host: x\r\nHost: y"),
        ("two and other letters", "Host: x\r\nhOST: y"),
        ("on two lines", "Host: x\r\n y"),
        ("as a folded line", " Host: x"),
        ("a blank before the colon", "Host : x"),
    ] {
        is_cut_off(&nobody, case, keys(lines)).await;
    }
}

/// None of our addresses is made of it, so any will do.
#[tokio::test]
async fn every_host_is_served() {
    let app = TestApp::start().await;
    let long = "x".repeat(5_000);
    for host in [
        "x",
        "X.example.org.",
        "x:80",
        "x:",
        "x:00080",
        "127.0.0.1:1",
        "[::1]",
        "[::1]:80",
        "a_b",
        "a~b",
        &long,
    ] {
        is_understood(
            &app.anonymous(),
            host,
            keys(&format!("Host: {host}")),
            &[200],
        )
        .await;
    }
}

/// RFC 9112, section 3.2.
#[tokio::test]
async fn a_target_of_another_form_has_one_meaning() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let get = |target: &str| format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
    for (case, target, status) in [
        // Servers have to take whole addresses, and ours has one name only: `server.public_url`.
        (
            "another host",
            &*format!("http://evil.example.org{KEYS}"),
            200,
        ),
        ("https", &format!("HTTPS://evil.example.org:1{KEYS}"), 200),
        ("no path", "http://x", 404),
        ("a host alone", "x:80", 404),
        ("a star", "*", 404),
        ("no host", &format!("//evil.example.org{KEYS}"), 404),
        ("upwards", &format!("/..{KEYS}"), 404),
        ("escaped upwards", &format!("/%2e%2e{KEYS}"), 404),
        ("an escape that is none", "/%zz", 404),
        // The library drops a fragment before we see it.
        ("a fragment", &format!("{KEYS}#x"), 200),
    ] {
        is_understood(&nobody, case, get(target), &[status]).await;
    }
    for target in [
        &*format!("http://ada@x{KEYS}"),
        &format!("http://ada:secret@x{KEYS}"),
        &format!("ftp://x{KEYS}"),
        &format!("file://x{KEYS}"),
    ] {
        is_refused(&nobody, target, get(target)).await;
    }
    for target in [
        "", "x/y", "?x", "\\x", "/\0", "/\u{1}", "/\u{7f}", "/ x", "/\tx", "/<x>", "http://",
        "/\u{e9}",
    ] {
        is_cut_off(&nobody, target, get(target)).await;
    }
    let all = "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n";
    is_understood(&nobody, "a star, with OPTIONS", all, &[404]).await;
}

/// What follows would be the other side's: there is none.
#[tokio::test]
async fn nobody_is_connected_to_anybody() {
    let app = TestApp::start().await;
    for (target, status) in [("x:443", 404), (KEYS, 405)] {
        let request = format!("CONNECT {target} HTTP/1.1\r\nHost: x\r\n\r\n");

        let answer = only_answer(&app.anonymous(), target, request).await;

        assert_eq!(answer.status, status, "{target}");
    }
}
