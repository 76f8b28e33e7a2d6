//! A server that cannot start says why in one line, and does not keep its operator waiting.

use std::net::TcpListener;

use crate::place::Place;
use crate::server::port_of_our_own;

const HOUR_MS: &str = "3600000";

#[tokio::test]
async fn a_taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let place = Place::new()
        .await
        .set("ASHLAR__SERVER__BIND", &address)
        .set("ASHLAR__LOG__FILTER", "error");
    place.run(&["migrate", "up"]).ok();
    place.administrator("ada@example.org");

    let failed = place.run(&["serve"]);

    let why = format!("cannot listen on {address}: Address already in use");
    assert!(failed.failed().starts_with(&why), "{failed:?}");
}

#[test]
fn postgres_where_nobody_listens_is_given_up_in_time() {
    let port = port_of_our_own();

    let failed = unreachable(port).run(&["serve"]);

    let why = failed.failed();
    assert!(
        why.contains("within 2s") && why.contains("connection refused"),
        "{why}"
    );
    assert!(!why.contains("hush"), "{why}");
}

#[test]
fn postgres_that_does_not_answer_is_given_up_in_time() {
    // It takes connections in and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();

    let failed = unreachable(silent.local_addr().unwrap().port()).run(&["serve"]);

    let why = failed.failed();
    assert!(
        why.contains("within 2s") && why.contains("no answer"),
        "{why}"
    );
    assert!(!why.contains("hush"), "{why}");
}

#[test]
fn each_verb_with_a_database_gives_up_as_well() {
    for (verb, code) in [
        ("migrate status", 2),
        ("migrate up", 2),
        ("users create-admin --email ada@example.org", 1),
    ] {
        let place = unreachable(port_of_our_own());
        let arguments: Vec<_> = verb.split_whitespace().collect();

        let failed = place.run(&arguments);

        assert!(
            failed.failed_with(code).contains("connection refused"),
            "{verb}: {failed:?}"
        );
    }
}

#[test]
fn a_url_that_cannot_be_read_is_refused_without_repeating_it() {
    let place = Place::bare().set(
        "ASHLAR__DATABASE__URL",
        "postgres://ada:hush@host:port/ashlar",
    );

    let failed = place.run(&["serve"]);

    let why = failed.failed();
    assert!(
        why.contains("database.url") && !why.contains("hush"),
        "{why}"
    );
}

#[test]
fn a_database_file_that_cannot_be_made_is_told() {
    let place = Place::bare().file("data", "a file where a folder should be");

    let failed = place.run(&["serve"]);

    assert!(
        failed.failed().starts_with("data cannot be opened: "),
        "{failed:?}"
    );
}

#[test]
fn a_log_filter_that_is_none_is_told() {
    let place = Place::bare().set("ASHLAR__LOG__FILTER", "info,=");

    let failed = place.run(&["serve"]);

    assert!(failed.failed().starts_with("log.filter"), "{failed:?}");
}

#[tokio::test]
async fn a_key_that_is_none_is_told_and_not_shown() {
    let body = "MIGHAgEAMBMGByqGSM49".repeat(6);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    let place = Place::new()
        .await
        .set("ASHLAR__TOKENS__SIGNING_KEY", &pem)
        .set("ASHLAR__LOG__FILTER", "error");

    let failed = place.run(&["serve"]);

    let why = failed.failed();
    assert!(
        why.starts_with("tokens.signing_key: ") && !why.contains("MIGH"),
        "{why}"
    );
}

/// PostgreSQL there, or nobody. To wait for a connection as long as a request may would not end before the test
/// gives up.
fn unreachable(port: u16) -> Place {
    let url = format!("postgres://ada:hush@127.0.0.1:{port}/ashlar");
    Place::bare()
        .set("ASHLAR__DATABASE__URL", &url)
        .set("ASHLAR__DATABASE__CONNECT_TIMEOUT_MS", "2000")
        .set("ASHLAR__DATABASE__ACQUIRE_TIMEOUT_MS", HOUR_MS)
        .set("ASHLAR__LOG__FILTER", "error")
}
