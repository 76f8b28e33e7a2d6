//! The lines of the README do what it says, as they stand.

use std::process::Command;

use crate::first_start::printed_password;
use crate::place::Place;

#[tokio::test]
async fn the_tour_does_what_it_says() {
    let development = include_str!("../../../../config/development.toml");
    let place = Place::new()
        .await
        .file("config/development.toml", development);
    let first = place.serve().stop();
    let password = printed_password(first.ok()).unwrap();
    let server = place.serve();
    let script = format!("set -e\n{}", tour().join("\n"));
    let script = script.replace("127.0.0.1:8080", &server.address.to_string());

    let ran = Command::new("sh")
        .arg("-c")
        .arg(script)
        .current_dir(place.path(""))
        .env("PASSWORD", password)
        .output()
        .unwrap();

    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{ran:?}");
    for expected in [
        "\"total\":1",
        "\"status\":\"pending\"",
        "\"status\":\"active\"",
        "\"status\":\"deactivated\"",
        "Countess of Lovelace",
        "204 No Content",
        "{\"permissions\":[\"users:read\"]}",
        "}403\n",
        "\"refresh_token\":",
        "202 Accepted",
        "\"roles\":[\"administrator\",\"member\"]",
        "\"action\":\"users.roles_changed\"",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    assert!(!told.contains("/problems/"), "{told}");
}

/// The shell lines between "Run it" and "Test it", but for the one that starts the server.
fn tour() -> Vec<&'static str> {
    let readme = include_str!("../../../../README.md");
    let (_, rest) = readme.split_once("## Run it").expect("it is in the README");
    let (tour, _) = rest.split_once("## Test it").expect("it is in the README");
    let blocks = tour.split("```sh\n").skip(2);
    let blocks: Vec<_> = blocks.filter_map(|it| it.split("```").next()).collect();
    assert!(blocks.len() >= 4, "{blocks:?}");
    blocks
}
