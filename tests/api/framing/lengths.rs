use support::TestApp;
use tokio::task::JoinSet;

use super::{is_cut_off, is_understood, only_answer, sign_in};

#[tokio::test]
async fn a_length_that_two_readers_may_read_differently_is_cut_off() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (case, lines) in [
        ("twice the same", "Content-Length: 2\r\nContent-Length: 2"),
        ("two lengths", "Content-Length: 2\r\nContent-Length: 3"),
        ("none, then one", "Content-Length: 0\r\nContent-Length: 2"),
        ("other letters", "Content-Length: 2\r\ncontent-LENGTH: 3"),
        ("a list", "Content-Length: 2, 2"),
        ("a plus", "Content-Length: +2"),
        ("a minus", "Content-Length: -2"),
        ("a minus before nothing", "Content-Length: -0"),
        ("hexadecimal", "Content-Length: 0x2"),
        ("a fraction", "Content-Length: 2.0"),
        ("an exponent", "Content-Length: 2e0"),
        ("an underscore", "Content-Length: 0_2"),
        ("a blank inside", "Content-Length: 2 2"),
        ("a blank before the colon", "Content-Length : 2"),
        ("a tab before the colon", "Content-Length\t: 2"),
        ("a vertical tab", "Content-Length: \u{b}2"),
        ("a NUL", "Content-Length: 2\0"),
        ("quotes", "Content-Length: \"2\""),
        ("other digits", "Content-Length: \u{662}"),
        ("nothing", "Content-Length:"),
        ("more than 64 bits", "Content-Length: 18446744073709551616"),
        ("on two lines", "Content-Length:\r\n 2"),
    ] {
        is_cut_off(&nobody, case, sign_in(lines, "{}")).await;
    }
}

/// RFC 9110, section 8.6: digits, with blanks around them as around any value.
#[tokio::test]
async fn a_length_that_is_odd_and_plain_is_read() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (case, lines) in [
        ("zeros before it", "Content-Length: 00000000000000000000002"),
        ("a tab before it", "Content-Length:\t2"),
        ("blanks behind it", "Content-Length: 2 \t"),
        ("no blank", "Content-Length:2"),
        ("other letters", "cONTENT-lENGTH: 2"),
    ] {
        is_understood(&nobody, case, sign_in(lines, "{}"), &[422]).await;
    }
}

/// Nobody waits for that many.
#[tokio::test]
async fn a_length_beyond_all_bounds_is_refused_at_once() {
    let app = TestApp::start().await;
    let mut at_once = JoinSet::new();
    for length in [u64::MAX, u64::MAX >> 1, 65_537] {
        let request = sign_in(&format!("Content-Length: {length}"), "{}");
        let nobody = app.anonymous();
        at_once.spawn(async move {
            let answer = only_answer(&nobody, "huge", request).await;

            answer.is_problem(413, "too_large");
            assert_eq!(answer.header("connection"), Some("close"));
        });
    }
    at_once.join_all().await;
}

/// CL.TE, TE.CL and TE.TE: what a proxy and we might choose differently.
#[tokio::test]
async fn two_framings_of_one_body_are_cut_off() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (case, lines) in [
        ("CL.TE", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
        ("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 5"),
        (
            "no length",
            "Content-Length: 0\r\nTransfer-Encoding: chunked",
        ),
        (
            "a wrong length",
            "Content-Length: x\r\nTransfer-Encoding: chunked",
        ),
        (
            "a wrong coding",
            "Content-Length: 5\r\nTransfer-Encoding: xchunked",
        ),
        ("no coding", "Content-Length: 5\r\nTransfer-Encoding:"),
        (
            "the same twice",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        ),
        (
            "two",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        ),
        (
            "two of two names",
            "Transfer-Encoding: chunked\r\ntransfer-encoding: x",
        ),
        (
            "a list with it twice",
            "Transfer-Encoding: chunked, chunked",
        ),
        (
            "a list with it first",
            "Transfer-Encoding: chunked, identity",
        ),
        (
            "a list with it last",
            "Transfer-Encoding: identity, chunked",
        ),
        ("compressed", "Transfer-Encoding: gzip, chunked"),
        ("only compressed", "Transfer-Encoding: gzip"),
        ("the identity", "Transfer-Encoding: identity"),
        ("an empty member first", "Transfer-Encoding: ,chunked"),
        ("an empty member last", "Transfer-Encoding: chunked,"),
        ("a longer name", "Transfer-Encoding: xchunked"),
        ("a parameter", "Transfer-Encoding: chunked;q=1"),
        ("quotes", "Transfer-Encoding: \"chunked\""),
        ("nothing", "Transfer-Encoding:"),
        ("a blank before the colon", "Transfer-Encoding : chunked"),
        ("a tab before the colon", "Transfer-Encoding\t: chunked"),
        ("a CR before the colon", "Transfer-Encoding\r: chunked"),
        ("a vertical tab", "Transfer-Encoding: \u{b}chunked"),
        ("a form feed", "Transfer-Encoding: \u{c}chunked"),
        ("a NUL", "Transfer-Encoding: chunked\0"),
        ("on two lines", "Transfer-Encoding:\r\n chunked"),
        (
            "behind a folded line",
            "X: x\r\n Transfer-Encoding: chunked",
        ),
        ("behind a bare CR", "X: x\rTransfer-Encoding: chunked"),
    ] {
        is_cut_off(&nobody, case, sign_in(lines, "0\r\n\r\n")).await;
    }
    let old = "POST /api/v1/auth/login HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    is_cut_off(&nobody, "HTTP/1.0", old).await;
}

#[tokio::test]
async fn one_framing_is_read_however_it_is_written() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (case, lines) in [
        // RFC 9112, section 7: names of codings have no letter case; blanks stand around any value.
        ("other letters", "TRANSFER-encoding: cHuNkEd"),
        ("a tab before it", "Transfer-Encoding:\tchunked"),
        ("blanks behind it", "Transfer-Encoding: chunked \t"),
        // RFC 9112, section 2.2: a line may end in a bare LF.
        ("behind a bare LF", "X: x\nTransfer-Encoding: chunked"),
    ] {
        let request = sign_in(lines, "2\r\n{}\r\n0\r\n\r\n");
        is_understood(&nobody, case, request, &[422]).await;
    }
    // A header of another name, which nobody here takes for that one.
    let other = sign_in("Transfer_Encoding: chunked\r\nContent-Length: 2", "{}");
    is_understood(&nobody, "an underscore", other, &[422]).await;
}
