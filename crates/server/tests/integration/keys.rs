//! The keys that sign, as an operator looks after them.

use serde_json::Value;

use crate::place::{PASSWORD, Place};
use crate::program::Ended;
use crate::server::Server;

const ADA: &str = "ada@example.org";
const MASTER_KEY: &str = "vJ0q9XkB2mHnT5wRz7LcYdE4uGsA1fPo";
const ANOTHER: &str = "oPf1AsGu4EdYcL7zRw5TnHm2BkX9q0Jv";

async fn sealed_under(master_key: &str) -> Place {
    let place = Place::migrated().await;
    let place = place.set("ASHLAR__SECURITY__MASTER_KEY", master_key);
    place.administrator(ADA);
    place.set("ASHLAR__LOG__FILTER", "warn,ashlar_server=info")
}

fn with_another(place: Place) -> Place {
    place.set("ASHLAR__SECURITY__MASTER_KEY", ANOTHER)
}

/// Name and state of each.
fn list(place: &Place) -> Vec<(String, String)> {
    let listed = place.run(&["keys", "list"]);
    let lines = listed.ok().lines().map(|line| {
        let mut words = line.split_whitespace().map(str::to_owned);
        let mut next = || words.next().expect("a line has a name and a state");
        (next(), next())
    });
    lines.collect()
}

fn published(server: &Server) -> Vec<String> {
    let body = server.get("/.well-known/jwks.json", None).json();
    let keys = body["keys"].as_array().expect("there are keys");
    let kids = keys.iter().map(|it| it["kid"].as_str());
    kids.map(|it| it.expect("a key has a name").to_owned())
        .collect()
}

#[track_caller]
fn names_the_master_key(failed: &Ended) {
    let line = failed.failed();
    assert!(
        line.contains("security.master_key is not the one"),
        "{line}"
    );
    assert!(
        !line.contains(MASTER_KEY) && !line.contains(ANOTHER),
        "{line}"
    );
}

#[tokio::test]
async fn a_rotation_is_listed_and_begins_once() {
    let place = sealed_under(MASTER_KEY).await;
    place.serve().stop().ok();
    let [(old, state)] = &list(&place)[..] else {
        panic!("there is one");
    };
    assert_eq!(state, "signing");

    let first = place.run(&["keys", "rotate"]);
    let second = place.run(&["keys", "rotate"]);

    let listed = list(&place);
    let (new, state) = &listed[1];
    assert_eq!((listed.len(), &*state), (2, &"announced".to_owned()));
    assert_eq!(listed[0], (old.clone(), "signing".to_owned()));
    let begins = format!("{new} is published now, and signs from 2");
    assert!(first.ok().starts_with(&begins), "{first:?}");
    let under_way = format!("{new} was published before, and signs from 2");
    assert!(second.ok().starts_with(&under_way), "{second:?}");
    assert_eq!(published(&place.serve()), [old.clone(), new.clone()]);
}

#[tokio::test]
async fn before_the_first_start_there_is_no_key_and_rotating_makes_one() {
    let place = sealed_under(MASTER_KEY).await;
    assert_eq!(list(&place), []);

    place.run(&["keys", "rotate"]).ok();

    let listed = list(&place);
    assert_eq!(listed.len(), 1);
    assert_eq!(published(&place.serve()), [listed[0].0.clone()]);
}

#[tokio::test]
async fn a_key_of_the_settings_signs_alone() {
    let place = Place::migrated().await.in_production();
    let place = place.set("ASHLAR__ENVIRONMENT", "development");

    for verb in [&["keys", "list"][..], &["keys", "rotate"]] {
        let refused = place.run(verb);
        let line = refused.failed();
        assert!(line.starts_with("tokens.signing_key is set"), "{line}");
    }
    assert_eq!(published(&place.serve()).len(), 1);
    let place = place.set("ASHLAR__TOKENS__SIGNING_KEY", "");
    assert_eq!(list(&place), []);
}

#[tokio::test]
async fn another_master_key_stops_the_start_and_every_rotation_and_is_named() {
    let place = sealed_under(MASTER_KEY).await;
    place.serve().stop().ok();

    let place = with_another(place);
    names_the_master_key(&place.run(&["serve"]));
    let rotated = place.run(&["keys", "rotate"]);

    let line = rotated.failed();
    assert!(line.contains("security.master_key"), "{line}");
    assert_eq!(list(&place).len(), 1);
}

#[tokio::test]
async fn where_the_master_key_is_lost_a_key_is_made_at_once() {
    let place = sealed_under(MASTER_KEY).await;
    let before = published(&place.serve());

    let place = with_another(place);
    let replaced = place.run(&["keys", "rotate", "--at-once"]);

    assert!(
        replaced
            .ok()
            .contains(" signs, and every other key is gone")
    );
    let after = published(&place.serve());
    assert_eq!(after.len(), 1);
    assert_ne!(after, before);
}

#[tokio::test]
async fn a_master_key_gives_its_place_to_another_without_a_token_lost() {
    let place = sealed_under(MASTER_KEY).await;
    let server = place.serve();
    let (before, token) = (published(&server), server.sign_in(ADA, PASSWORD));
    server.stop().ok();

    let place = with_another(place).set("ASHLAR__SECURITY__OTHER_MASTER_KEYS", MASTER_KEY);
    let server = place.serve();

    assert_eq!(published(&server), before);
    assert_eq!(server.get("/api/v1/me", Some(&token)).status, 200);
    // The next is sealed under the new one; the first is not, and still needed.
    place.run(&["keys", "rotate"]).ok();
    let place = place.set("ASHLAR__SECURITY__OTHER_MASTER_KEYS", "");
    names_the_master_key(&place.run(&["serve"]));
}

#[tokio::test]
async fn keys_whose_rows_were_exchanged_do_not_open() {
    let place = sealed_under(MASTER_KEY).await;
    place.run(&["keys", "rotate"]).ok();
    place.run(&["keys", "rotate"]).ok();
    assert_eq!(list(&place).len(), 2);
    let exchanged = "UPDATE signing_keys SET sealed = (SELECT other.sealed FROM signing_keys other \
                     WHERE other.id <> signing_keys.id)";

    place.execute(exchanged).await;

    names_the_master_key(&place.run(&["serve"]));
}

#[tokio::test]
async fn a_token_by_a_key_that_a_server_has_not_seen_is_let_in_at_once() {
    let place = sealed_under(MASTER_KEY).await;
    let first = place.serve();
    let old = published(&first);
    place.run(&["keys", "rotate", "--at-once"]).ok();
    let second = place.serve();

    let token = second.sign_in(ADA, PASSWORD);

    assert_eq!(first.get("/api/v1/me", Some(&token)).status, 200);
    assert_eq!(published(&first), published(&second));
    assert_ne!(published(&first), old);
}

#[tokio::test]
async fn servers_follow_the_keys_and_the_audit_log_tells_who_has_changed_them() {
    let place = sealed_under(MASTER_KEY).await;
    let server = place.serve();
    let token = server.sign_in(ADA, PASSWORD);

    place.run(&["keys", "rotate", "--at-once"]).ok();

    server.refuses_soon(&token);
    let token = server.sign_in(ADA, PASSWORD);
    let path = "/api/v1/audit-events?action=signing_keys.replaced";
    let events = server.get(path, Some(&token)).json();
    let events = events["data"].as_array().expect("it is a list");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["actor"]["kind"], "command_line");
    assert_eq!(events[0]["target"]["kind"], "signing_key");
    assert_ne!(events[0]["target"]["id"], Value::Null);
}
