//! Several processes over one database know what any of them has revoked.

use chrono::{TimeDelta, Utc};
use domain::roles::Permission;
use serde_json::{Value, json};

use crate::place::{PASSWORD, Place};
use crate::server::Server;

const ADA: &str = "ada@example.org";

async fn two() -> (Place, Server, Server) {
    // They are asked as often as they answer.
    let place = Place::migrated()
        .await
        .set("ASHLAR__LIMITS__READ_BURST", "1000000");
    let place = place.set("ASHLAR__LIMITS__PUBLIC_BURST", "1000000");
    place.administrator(ADA);
    let (first, second) = (place.serve(), place.serve());
    (place, first, second)
}

#[tokio::test]
async fn a_session_that_ends_at_one_server_has_ended_at_all() {
    let (_place, first, second) = two().await;
    let token = first.sign_in(ADA, PASSWORD);
    assert_eq!(second.get("/api/v1/me", Some(&token)).status, 200);

    let body = Value::Object(serde_json::Map::default());
    let ended = first.post("/api/v1/auth/logout", Some(&token), &body);

    assert_eq!(ended.status, 204, "{ended:?}");
    assert_eq!(first.get("/api/v1/me", Some(&token)).status, 401);
    second.refuses_soon(&token);
}

#[tokio::test]
async fn a_password_set_on_the_command_line_ends_what_servers_hold() {
    let (place, first, second) = two().await;
    let token = first.sign_in(ADA, PASSWORD);

    let set = ["users", "set-password", "--email", ADA];
    place.run_reading(&set, "mortar, lime and sand").ok();

    first.refuses_soon(&token);
    second.refuses_soon(&token);
}

#[tokio::test]
async fn a_server_that_cannot_read_what_is_revoked_does_not_start() {
    let place = Place::migrated().await;
    place.administrator(ADA);
    let unknown = "INSERT INTO revocations (kind, subject, created_at) \
                   SELECT 'key', id, created_at FROM users";
    place.execute(unknown).await;

    let failed = place.run(&["serve"]);

    let line = failed.failed();
    assert!(line.starts_with("cannot load the revocations: "), "{line}");
}

/// Makes a key that may do everything.
#[track_caller]
fn key_of(server: &Server, token: &str) -> (String, String) {
    let scopes: Vec<_> = Permission::ALL.iter().map(|it| it.name()).collect();
    let expires_at = Utc::now() + TimeDelta::days(30);
    let body = json!({ "name": "Of a test", "scopes": scopes, "expires_at": expires_at });
    let made = server.post("/api/v1/me/api-keys", Some(token), &body);
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    let [id, key] = [&made["api_key"]["id"], &made["token"]].map(Value::as_str);
    (
        id.expect("it has an id").to_owned(),
        key.expect("it is told once").to_owned(),
    )
}

#[tokio::test]
async fn a_key_whose_owner_gets_a_password_on_the_command_line_is_void_at_all_servers() {
    let (place, first, second) = two().await;
    let token = first.sign_in(ADA, PASSWORD);
    let (_, key) = key_of(&first, &token);
    for server in [&first, &second] {
        assert_eq!(server.get("/api/v1/me", Some(&key)).status, 200);
    }

    let set = ["users", "set-password", "--email", ADA];
    place.run_reading(&set, "mortar, lime and sand").ok();

    first.refuses_soon(&key);
    second.refuses_soon(&key);
}

#[tokio::test]
async fn when_a_key_was_used_last_is_written_down_at_the_latest_by_a_server_that_stops() {
    let (_place, first, second) = two().await;
    let token = first.sign_in(ADA, PASSWORD);
    let (id, key) = key_of(&first, &token);
    let path = format!("/api/v1/me/api-keys/{id}");
    assert_eq!(second.get("/api/v1/me", Some(&key)).status, 200);
    assert!(first.get(&path, Some(&token)).json()["last_used_at"].is_null());

    second.stop().ok();

    assert!(first.get(&path, Some(&token)).json()["last_used_at"].is_string());
}

#[tokio::test]
async fn a_get_of_one_thing_with_a_token_or_a_key_sends_no_more_than_one_statement() {
    let place = Place::migrated().await;
    place.administrator(ADA);
    let place = place.set(
        "ASHLAR__LOG__FILTER",
        "info,ashlar_infrastructure=trace,ashlar_server=info",
    );
    let server = place.serve();
    let token = server.sign_in(ADA, PASSWORD);
    let me = server.get("/api/v1/me", Some(&token)).json();
    let id = me["id"].as_str().expect("an id is text");
    let (_, key) = key_of(&server, &token);
    let user = format!("/api/v1/users/{id}");
    // With a token also the first: nothing is read for it that later ones are spared. A key is read once.
    let calls = [
        (&token, "/api/v1/me", 1),
        (&token, "/api/v1/me/permissions", 0),
        (&token, "/api/v1/me/sessions", 1),
        (&token, &user, 1),
        (&key, "/api/v1/me/permissions", 1),
        (&key, "/api/v1/me/permissions", 0),
        (&key, "/api/v1/me", 1),
        (&key, &user, 1),
    ];

    let request = |n: usize| format!("01920000-0000-7000-8000-00000000000{n}");
    for (n, (bearer, path, _)) in calls.iter().enumerate() {
        let request = request(n);
        let headers = format!("Authorization: Bearer {bearer}\r\nX-Request-Id: {request}\r\n");
        assert_eq!(server.get_with(path, &headers).status, 200, "{path}");
    }

    let errors = server.stop().errors;
    for (n, (_, path, expected)) in calls.iter().enumerate() {
        let request = request(n);
        let of_request = errors.lines().filter(|it| it.contains(&request));
        let sent: Vec<_> = of_request
            .filter(|it| it.contains("\"message\":\"statement\""))
            .collect();
        assert_eq!(sent.len(), *expected, "{n}, {path}: {sent:#?}");
    }
}
