//! Requests whose end, target or host another reader would see elsewhere (RFC 9112, section 11):
//! behind each of them comes [`NEXT`], and where there is doubt it must not be answered.

mod chunks;
mod hosts;
mod lengths;
mod lines;
mod smuggling;

use support::{Answer, Client};

use super::input::is_tame;

/// The last request of a connection, and one that no case asks itself.
const NEXT: &str = "GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// It is no HTTP: one bare 400, and the end.
async fn is_cut_off(client: &Client, case: &str, request: impl AsRef<[u8]>) {
    let answer = only_answer(client, case, request).await;
    assert_eq!(answer.status, 400, "{case}");
    assert!(answer.body.is_empty(), "{case}: {answer:?}");
}

/// It is HTTP that nobody should send: a problem, and the end. actix may have read [`NEXT`] already;
/// then it is refused, too, and never reaches its operation.
async fn is_refused(client: &Client, case: &str, request: impl AsRef<[u8]>) {
    let answers = answers(client, case, request.as_ref()).await;
    assert!((1..=2).contains(&answers.len()), "{case}: {answers:?}");
    for answer in answers {
        answer.is_problem(400, "bad_request");
    }
}

/// It can be read in one way only: answers of these statuses, and that of [`NEXT`].
async fn is_understood(client: &Client, case: &str, request: impl AsRef<[u8]>, expected: &[u16]) {
    let answers = answers(client, case, request.as_ref()).await;
    let (next, own) = answers.split_last().expect("it is answered");
    let statuses: Vec<_> = own.iter().map(|it| it.status.as_u16()).collect();
    assert_eq!(statuses, expected, "{case}: {answers:?}");
    next.is_problem(404, "not_found");
    assert_eq!(next.header("connection"), Some("close"), "{case}");
}

/// It is answered before its body was read, which ends the connection: [`NEXT`] is refused, if it is heard at all.
async fn is_the_last(client: &Client, case: &str, request: impl AsRef<[u8]>, expected: u16) {
    let answers = answers(client, case, request.as_ref()).await;
    let (own, others) = answers.split_first().expect("it is answered");
    assert_eq!(own.status, expected, "{case}: {answers:?}");
    assert_eq!(own.header("connection"), Some("close"), "{case}");
    for other in others {
        other.is_problem(400, "bad_request");
    }
}

/// There is an end, and [`NEXT`] is behind it.
async fn only_answer(client: &Client, case: &str, request: impl AsRef<[u8]>) -> Answer {
    let mut answers = answers(client, case, request.as_ref()).await;
    assert_eq!(answers.len(), 1, "{case}: {answers:?}");
    answers.remove(0)
}

/// Everything that comes back until the server ends the connection: never a failure of its own.
async fn answers(client: &Client, case: &str, request: &[u8]) -> Vec<Answer> {
    let connection = client.connect().await;
    let bytes = [request, NEXT.as_bytes()].concat();
    let answers = connection.exchange(&bytes).await;
    for answer in &answers {
        if answer.body.is_empty() {
            assert!(answer.status.as_u16() < 500, "{case}: {answer:?}");
            assert_eq!(answer.header("server"), None, "{case}");
        } else {
            is_tame(answer, case);
        }
    }
    answers
}

/// A sign-in with these lines in its head, and this behind it.
fn sign_in(lines: &str, body: &str) -> String {
    format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{lines}\r\n\r\n{body}"
    )
}

/// A request for the keys with these lines in its head, `Host` among them.
fn keys(lines: &str) -> String {
    let end = if lines.is_empty() { "" } else { "\r\n" };
    format!("GET {KEYS} HTTP/1.1\r\n{lines}{end}\r\n")
}

const KEYS: &str = "/.well-known/jwks.json";
