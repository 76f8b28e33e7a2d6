use support::TestApp;

use super::{is_the_last, is_understood, only_answer, sign_in};

const CHUNKED: &str = "Transfer-Encoding: chunked";

#[tokio::test]
async fn chunks_that_cannot_be_read_are_refused() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (case, body) in [
        ("no size", "\r\n{}\r\n0\r\n\r\n"),
        ("a minus", "-2\r\n{}\r\n0\r\n\r\n"),
        ("a plus", "+2\r\n{}\r\n0\r\n\r\n"),
        ("a prefix", "0x2\r\n{}\r\n0\r\n\r\n"),
        ("a blank before it", " 2\r\n{}\r\n0\r\n\r\n"),
        ("a blank inside", "2 2\r\n{}\r\n0\r\n\r\n"),
        ("an underscore", "0_2\r\n{}\r\n0\r\n\r\n"),
        ("a comma", "2,2\r\n{}\r\n0\r\n\r\n"),
        ("no digit", "g\r\n{}\r\n0\r\n\r\n"),
        ("other digits", "\u{662}\r\n{}\r\n0\r\n\r\n"),
        ("more than 64 bits", "10000000000000002\r\n{}\r\n0\r\n\r\n"),
        ("too short a size", "1\r\n{}\r\n0\r\n\r\n"),
        ("no end of the chunk", "2\r\n{}0\r\n\r\n"),
        ("LF behind the size", "2\n{}\r\n0\r\n\r\n"),
        ("LF behind the chunk", "2\r\n{}\n0\r\n\r\n"),
        ("CR behind the size", "2\r{}\r\n0\r\n\r\n"),
        ("CR behind the chunk", "2\r\n{}\r0\r\n\r\n"),
        ("LF behind the extension", "2;a=b\n{}\r\n0\r\n\r\n"),
        ("a control character", "2;a=\u{1}\r\n{}\r\n0\r\n\r\n"),
        ("a NUL", "2;a=\0\r\n{}\r\n0\r\n\r\n"),
        ("LF behind the last size", "2\r\n{}\r\n0\n\n"),
        ("CR in the end", "2\r\n{}\r\n0\r\n\r\r\n"),
    ] {
        let answer = only_answer(&nobody, case, sign_in(CHUNKED, body)).await;
        answer.is_problem(400, "bad_request");
    }
}

/// Their end is where everybody sees it; what is beside the data is not read.
#[tokio::test]
async fn odd_chunks_are_read() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let zeros = format!("{}2\r\n{{}}\r\n0\r\n\r\n", "0".repeat(1_000));
    let one_extension = format!("2;{}\r\n{{}}\r\n0\r\n\r\n", "a".repeat(200_000));
    let many = format!("{}0\r\n\r\n", "1;a=b\r\n \r\n".repeat(5_000));
    let trailers = format!("2\r\n{{}}\r\n0\r\n{}\r\n", "X: x\r\n".repeat(5_000));
    for (case, status, body) in [
        ("zeros before the size", 422, &*zeros),
        ("an extension", 422, "2;a=b;c=\"d\"\r\n{}\r\n0\r\n\r\n"),
        ("a long extension", 422, &one_extension),
        ("many extensions", 400, &many),
        // RFC 9112, section 7.1.1: blanks before an extension are to be ignored.
        ("blanks behind the size", 422, "2 \t\r\n{}\r\n0\r\n\r\n"),
        ("zeros as the last size", 422, "2\r\n{}\r\n000\r\n\r\n"),
        ("a trailer", 422, "2\r\n{}\r\n0\r\nX: x\r\n\r\n"),
        ("many trailers", 422, &trailers),
    ] {
        is_understood(&nobody, case, sign_in(CHUNKED, body), &[status]).await;
    }
}

/// RFC 9110, section 6.5.1: what decides about the framing or the caller may not come so late.
#[tokio::test]
async fn trailers_change_nothing() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let token = format!("Authorization: Bearer {}", member.token());
    for trailer in [
        "Content-Length: 50",
        "Transfer-Encoding: chunked",
        "Host: a/b",
        "Content-Encoding: gzip",
        "X-Request-Id: 00000000-0000-0000-0000-000000000000",
        &token,
    ] {
        let request = format!(
            "GET /api/v1/me HTTP/1.1\r\nHost: x\r\n{CHUNKED}\r\n\r\n0\r\n{trailer}\r\n\r\n"
        );
        is_the_last(&member, trailer, request, 401).await;
    }
}

/// It is the trailers' part that goes on: nobody answers what stands in it.
#[tokio::test]
async fn without_the_last_line_the_body_goes_on() {
    let app = TestApp::start().await;
    for end in ["0\r\n", "0\r\nX: x\n\n", "0\r\n\n"] {
        let body = format!("2\r\n{{}}\r\n{end}GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        let request = sign_in(CHUNKED, &body);
        is_understood(&app.anonymous(), end, request, &[422]).await;
    }
}

#[tokio::test]
async fn a_chunk_that_never_ends_is_not_waited_for() {
    let short = [("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "200")];
    let app = TestApp::start_with(&short, |ports| ports).await;
    for (case, body) in [
        ("the largest", "ffffffffffffffff\r\n{}"),
        ("an extension", "2;a"),
        ("a trailer", "2\r\n{}\r\n0\r\nX: "),
    ] {
        let request = sign_in(CHUNKED, body);
        let connection = app.anonymous().connect().await;

        let answers = connection.exchange(request.as_bytes()).await;

        assert_eq!(answers.len(), 1, "{case}");
        answers[0].is_problem(408, "body_timed_out");
    }
}

/// The answer is on its way when the chunks turn out to be none: it stays the only one.
#[tokio::test]
async fn chunks_that_nobody_reads_are_not_answered_twice() {
    let app = TestApp::start().await;
    for body in ["zz\r\n", "2\r\n{}zz", "0\r\n\r\r"] {
        let request = format!("POST /nowhere HTTP/1.1\r\nHost: x\r\n{CHUNKED}\r\n\r\n{body}");

        let answer = only_answer(&app.anonymous(), body, request).await;

        answer.is_problem(404, "not_found");
    }
}
