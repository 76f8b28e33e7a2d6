//! Several servers that start at the same moment, as several instances do.

use crate::first_start::printed_password;
use crate::place::Place;
use crate::program::Program;
use crate::server::Server;

#[tokio::test]
async fn eight_servers_on_an_empty_database_agree_on_one_administrator() {
    let place = Place::new().await;

    let started: Vec<_> = (0..8)
        .map(|_| Program::start(place.command(&["serve"]), ""))
        .collect();
    let servers: Vec<_> = started.into_iter().map(Server::once_listening).collect();

    for server in &servers {
        assert_eq!(server.get("/openapi.json", None).status, 200);
    }
    let ended: Vec<_> = servers.into_iter().map(Server::stop).collect();
    let passwords: Vec<_> = ended
        .iter()
        .filter_map(|it| printed_password(it.ok()))
        .collect();
    let [password] = passwords[..] else {
        panic!("one is printed, not {}", passwords.len());
    };
    let server = place.serve();
    let token = server.sign_in("admin@example.org", password);
    let users = server.get("/api/v1/users", Some(&token)).json();
    assert_eq!(users["data"].as_array().unwrap().len(), 1, "{users}");
}

#[tokio::test]
async fn they_sign_with_the_same_key() {
    let place = Place::new().await;

    let started: Vec<_> = (0..8)
        .map(|_| Program::start(place.command(&["serve"]), ""))
        .collect();
    let servers: Vec<_> = started.into_iter().map(Server::once_listening).collect();

    let keys = |server: &Server| server.get("/.well-known/jwks.json", None).json();
    let first = keys(&servers[0]);
    assert_eq!(first["keys"].as_array().map(Vec::len), Some(1), "{first}");
    for server in &servers {
        assert_eq!(keys(server), first);
    }
}

#[tokio::test]
async fn who_migrates_at_the_same_time_finds_nothing_left_to_do() {
    let place = Place::new().await;

    let started: Vec<_> = (0..4)
        .map(|_| Program::start(place.command(&["migrate", "up"]), ""))
        .collect();
    let ended: Vec<_> = started.into_iter().map(Program::ended).collect();

    let idle = ended
        .iter()
        .filter(|it| it.ok() == "There was nothing to do.\n");
    assert_eq!(idle.count(), 3, "{ended:?}");
}
