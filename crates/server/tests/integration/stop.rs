use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Instant;

use chrono::{TimeDelta, Utc};
use serde_json::json;

use crate::http::{Answer, connect, send};
use crate::lines::DEADLINE;
use crate::place::{PASSWORD, Place};
use crate::server::Server;

#[tokio::test]
async fn told_to_stop_a_server_answers_what_it_has_begun() {
    let place = Place::migrated().await;
    place.administrator("ada@example.org");
    let server = place.serve();
    let body = format!(r#"{{"email":"ada@example.org","password":"{PASSWORD}"}}"#);
    let mut stream = begun_sign_in(&server, body.len());

    server.program.terminate();
    wait_until_nobody_gets_in(&server);
    stream.write_all(body.as_bytes()).unwrap();
    let answer = Answer::read(&mut stream);

    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.json()["access_token"].is_string());
    server.program.ended().ok();
}

#[tokio::test]
async fn a_connection_without_a_request_does_not_hold_the_stop() {
    // An hour each: a server that waits for either would not end before the test gives up.
    let place = Place::new()
        .await
        .set("ASHLAR__SERVER__SHUTDOWN_TIMEOUT_MS", "3600000")
        .set("ASHLAR__SERVER__KEEP_ALIVE_MS", "3600000");
    let server = place.serve();
    let mut idle = connect(server.address);
    idle.write_all(b"GET /openapi.json HTTP/1.1\r\nHost: ashlar\r\n\r\n")
        .unwrap();
    let mut status = String::new();
    BufReader::new(&idle).read_line(&mut status).unwrap();
    assert_eq!(status, "HTTP/1.1 200 OK\r\n");

    let ended = server.stop();

    ended.ok();
}

#[tokio::test]
async fn a_request_that_does_not_end_is_given_up_in_time() {
    let place = Place::new()
        .await
        .set("ASHLAR__SERVER__SHUTDOWN_TIMEOUT_MS", "1000")
        .set("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "3600000");
    let server = place.serve();
    let _stream = begun_sign_in(&server, 100);

    let ended = server.stop();

    assert_eq!(ended.code, Some(0), "{ended:?}");
}

/// Its workers, and the connections that they have opened, are gone by then.
#[tokio::test]
async fn what_came_with_the_last_requests_is_written_down_after_them() {
    let place = Place::migrated().await.set("ASHLAR__SERVER__WORKERS", "4");
    place.administrator("ada@example.org");
    let server = place.serve();
    let token = server.sign_in("ada@example.org", PASSWORD);
    let expires_at = Utc::now() + TimeDelta::days(30);
    let key = json!({ "name": "Of a test", "scopes": ["users:read"], "expires_at": expires_at });
    let key = server.post("/api/v1/me/api-keys", Some(&token), &key);
    let key = key.json()["token"].as_str().map(ToOwned::to_owned);
    let key = format!(
        "Authorization: Bearer {}\r\n",
        key.expect("it is told once")
    );
    let address = server.address;
    // At once, so that more than one worker has connections.
    thread::scope(|scope| {
        for _ in 0..24 {
            scope.spawn(|| {
                let list = send(address, "GET", "/api/v1/users", &key, "");
                assert_eq!(list.status, 200, "{list:?}");
            });
        }
    });

    server.stop().ok();

    let server = place.serve();
    let token = server.sign_in("ada@example.org", PASSWORD);
    let keys = server.get("/api/v1/me/api-keys", Some(&token)).json();
    assert!(keys["data"][0]["last_used_at"].is_string(), "{keys}");
}

/// A request of which the server has read the head, as its 100 proves, and waits for the body.
fn begun_sign_in(server: &Server, length: usize) -> TcpStream {
    let mut stream = connect(server.address);
    let head = format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: ashlar\r\nConnection: close\r\nExpect: 100-continue\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("the server reads");
    // Nothing follows before the body does, so nothing is lost with the buffer.
    let mut lines = BufReader::new(&stream).lines();
    let mut line = || lines.next().expect("there is a line").expect("it is text");
    assert_eq!([line(), line()], ["HTTP/1.1 100 Continue", ""]);
    stream
}

/// It has stopped listening, so it has understood.
fn wait_until_nobody_gets_in(server: &Server) {
    let give_up = Instant::now() + DEADLINE;
    while TcpStream::connect(server.address).is_ok() {
        assert!(Instant::now() < give_up, "it still listens");
    }
}
