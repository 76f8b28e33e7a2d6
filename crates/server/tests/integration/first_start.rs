use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::place::Place;
use crate::server::{Server, port_of_our_own};

const ADMINISTRATOR: &str = "admin@example.org";

/// The printed password, if there is one.
pub(crate) fn printed_password(out: &str) -> Option<&str> {
    let mut lines = out
        .lines()
        .filter_map(|it| it.trim().strip_prefix("password "));
    let password = lines.next().map(str::trim);
    assert_eq!(lines.next(), None, "it is printed once: {out}");
    password
}

#[tokio::test]
async fn the_first_start_prints_a_password_that_signs_in() {
    let place = Place::new().await;

    let first = place.serve().stop();

    let password = printed_password(first.ok()).unwrap();
    assert!(first.out.contains(ADMINISTRATOR), "{first:?}");
    assert!(password.len() >= 32, "{password}");
    let server = place.serve();
    let token = server.sign_in(ADMINISTRATOR, password);
    let users = server.get("/api/v1/users", Some(&token)).json();
    assert_eq!(users["data"].as_array().unwrap().len(), 1, "{users}");
    assert_eq!(users["data"][0]["email"], ADMINISTRATOR);
}

#[tokio::test]
async fn the_password_is_printed_once_and_never_logged() {
    let place = Place::new().await.set("ASHLAR__LOG__FILTER", "debug");

    let first = place.serve().stop();

    let password = printed_password(first.ok()).unwrap();
    assert_eq!(first.out.matches(password).count(), 1, "{first:?}");
    assert!(!first.errors.contains(password), "{first:?}");
    assert!(!first.errors.contains(ADMINISTRATOR), "{first:?}");
}

#[tokio::test]
async fn the_second_start_prints_nothing() {
    let place = Place::new().await;
    place.serve().stop().ok();

    let second = place.serve().stop();

    assert_eq!(second.ok(), "");
}

#[tokio::test]
async fn without_a_verb_it_serves() {
    let place = Place::new().await;

    let server = Server::start(place.command(&[]));

    assert_eq!(server.get("/openapi.json", None).status, 200);
}

#[tokio::test]
async fn where_somebody_has_an_account_none_is_made() {
    let place = Place::migrated().await;
    place.administrator("ada@example.org");

    let first = place.serve().stop();

    assert_eq!(first.ok(), "");
}

#[tokio::test]
async fn keys_that_are_made_are_for_their_owner_alone() {
    let place = Place::new().await;

    place.serve().stop().ok();

    let folder = place.path("data/keys");
    assert_eq!(mode(&folder), 0o700);
    let mut names = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let entry = entry.unwrap();
        assert_eq!(mode(&entry.path()), 0o600, "{entry:?}");
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["master.key"]);
}

#[tokio::test]
async fn keys_that_are_made_are_kept() {
    let place = Place::new().await;
    let first = place.serve();
    let keys = first.get("/.well-known/jwks.json", None).json();
    first.stop().ok();

    let second = place.serve();

    assert_eq!(second.get("/.well-known/jwks.json", None).json(), keys);
}

#[tokio::test]
async fn without_settings_the_database_is_a_file_below_data() {
    let place = Place::bare().set("ASHLAR__SERVER__BIND", "127.0.0.1:0");
    let place = place.set("ASHLAR__LOG__FORMAT", "json");

    place.serve().stop().ok();

    let start = std::fs::read(place.path("data/ashlar.db")).unwrap();
    assert!(start.starts_with(b"SQLite format 3\0"));
}

#[tokio::test]
async fn production_prints_nothing_and_makes_nobody() {
    let place = Place::new().await.in_production();
    let bind = format!("127.0.0.1:{}", port_of_our_own());
    let place = place.set("ASHLAR__SERVER__BIND", &bind);

    let first = place.serve().stop();

    assert_eq!(first.ok(), "");
    assert!(!place.path("data/keys").exists());
    // Development makes one where there is none, and so it shows that there was none.
    let later = place
        .set("ASHLAR__ENVIRONMENT", "development")
        .serve()
        .stop();
    assert!(printed_password(later.ok()).is_some());
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("it is there").permissions().mode() & 0o777
}
