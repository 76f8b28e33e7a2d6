//! Clients that are slow, silent, or do not listen: each loses its connection, and nobody waits for
//! it.

use support::TestApp;

const KEYS: &str = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n";
const OPTIONS: &str = "OPTIONS /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
const HALF: &[u8] = b"GET /.well-known/jwks.json HTTP/1.1\r\nHost";
const HOUR_MS: &str = "3600000";
/// Together, how long anybody may keep the server waiting; enough for a request that keeps nobody.
const SHORT: [(&str, &str); 2] = [
    ("ASHLAR__SERVER__HEADER_TIMEOUT_MS", "2000"),
    ("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "1000"),
];
const ENDLESS_KEEP_ALIVE: (&str, &str) = ("ASHLAR__SERVER__KEEP_ALIVE_MS", HOUR_MS);
/// Nobody is served before the one who is there has gone.
const ONE_AT_A_TIME: (&str, &str) = ("ASHLAR__SERVER__MAX_CONNECTIONS", "1");

#[tokio::test]
async fn who_never_ends_their_head_is_cut_off() {
    let app = TestApp::start_with(&SHORT, |ports| ports).await;
    let cut = async |begun: &str| {
        let mut connection = app.anonymous().connect().await;

        connection.send(begun.as_bytes()).await;

        let answer = connection.answer().await;
        assert_eq!(answer.status, 408, "{begun:?}");
        assert!(answer.body.is_empty(), "{begun:?}");
        connection.ends().await;
    };
    tokio::join!(cut(""), cut("GET"), cut("GET / HTTP/1.1\r\nHost: x\r\n"));
}

/// actix looks at the clock for the first head alone.
#[tokio::test]
async fn who_never_ends_a_later_head_is_cut_off() {
    let short = [SHORT[0], SHORT[1], ENDLESS_KEEP_ALIVE];
    let app = TestApp::start_with(&short, |ports| ports).await;
    let mut connection = app.anonymous().connect().await;
    connection.send(KEYS.as_bytes()).await;
    assert_eq!(connection.answer().await.status, 200);

    connection.send(HALF).await;

    connection.ends().await;
}

#[tokio::test]
async fn who_asks_for_nothing_more_is_let_go() {
    let keep_alive = ("ASHLAR__SERVER__KEEP_ALIVE_MS", "1000");
    let short = [SHORT[0], SHORT[1], keep_alive, ONE_AT_A_TIME];
    let app = TestApp::start_with(&short, |ports| ports).await;
    let mut connection = app.anonymous().connect().await;
    connection.send(KEYS.as_bytes()).await;
    assert_eq!(connection.answer().await.status, 200);

    connection.ends().await;

    assert_eq!(app.anonymous().get_key_set().await.status, 200);
}

#[tokio::test]
async fn who_does_not_read_their_answers_is_cut_off() {
    let short = [SHORT[0], SHORT[1], ENDLESS_KEEP_ALIVE, ONE_AT_A_TIME];
    let flood = async |request: &str| {
        let app = TestApp::start_with(&short, |ports| ports).await;
        let nobody = app.anonymous();
        let connection = nobody.connect().await;

        connection.flood(request.as_bytes()).await;

        assert_eq!(nobody.get_key_set().await.status, 200);
    };
    // Answers with a body, and without.
    tokio::join!(flood(KEYS), flood(OPTIONS));
}

/// They are given an hour: were anybody waiting for them, nobody would be answered.
#[tokio::test]
async fn others_do_not_notice() {
    let patient = [("ASHLAR__SERVER__HEADER_TIMEOUT_MS", HOUR_MS)];
    let app = TestApp::start_with(&patient, |ports| ports).await;
    let nobody = app.anonymous();
    let mut halves = Vec::new();
    for _ in 0..100 {
        let mut connection = nobody.connect().await;
        connection.send(HALF).await;
        halves.push(connection);
    }

    assert_eq!(nobody.get_key_set().await.status, 200);

    for half in &mut halves {
        half.send(b": x\r\n\r\n").await;
        assert_eq!(half.answer().await.status, 200);
    }
}
