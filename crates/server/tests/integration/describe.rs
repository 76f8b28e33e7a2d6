//! What needs neither settings nor a database.

use serde_json::Value;

use crate::place::Place;

/// Whatever is asked for, every one of these is wrong.
fn broken() -> Place {
    Place::bare()
        .set("ASHLAR__DATABASE__URL", "nonsense")
        .set("ASHLAR__NO__SUCH_KEY", "1")
        .file("config/development.toml", "nonsense")
}

#[test]
fn each_verb_says_what_it_does() {
    for (verb, does) in [
        (
            "",
            "The Ashlar server: accounts, sign-in and access control over HTTP.",
        ),
        ("serve", "Migrate the database and answer requests"),
        ("migrate", "Change the database's schema, or tell about it"),
        ("migrate up", "Apply pending migrations"),
        ("migrate down", "Take migrations back, latest first"),
        (
            "migrate status",
            "List all migrations and whether the database has them",
        ),
        (
            "users",
            "Make accounts and set passwords from the machine itself",
        ),
        (
            "users create-admin",
            "Make an active account that may do everything",
        ),
        (
            "users set-password",
            "Give an account another password and end its sessions",
        ),
        ("config", "Judge or show the settings"),
        (
            "config check",
            "Tell everything that is wrong with the settings",
        ),
        (
            "config show",
            "List every setting with its value (secrets hidden)",
        ),
        ("openapi", "Print the OpenAPI document"),
        (
            "routes",
            "List the operations: method, path, who may call it, its id",
        ),
    ] {
        let arguments: Vec<_> = verb.split_whitespace().chain(["--help"]).collect();

        let help = broken().run(&arguments);

        assert!(help.ok().starts_with(does), "{verb}: {}", help.out);
    }
}

#[test]
fn the_help_names_every_verb_and_every_exit_code() {
    let help = broken().run(&["--help"]);

    let help = help.ok();
    for verb in ["serve", "migrate", "users", "config", "openapi", "routes"] {
        let is_listed = |line: &str| line.split_whitespace().next() == Some(verb);
        assert!(help.lines().any(is_listed), "{verb}: {help}");
    }
    assert!(help.contains("Exit codes: 0 done, 1 it failed, 2 wrong usage or settings."));
}

#[test]
fn wrong_usage_is_told_and_exits_with_2() {
    for (usage, told) in [
        ("frobnicate", "frobnicate"),
        ("migrate", "Usage: ashlar migrate"),
        ("migrate sideways", "sideways"),
        ("migrate down", "<STEPS>"),
        ("migrate down some", "some"),
        ("users create-admin", "--email"),
        ("users set-password", "--email"),
        ("config show --loudly", "--loudly"),
    ] {
        let arguments: Vec<_> = usage.split_whitespace().collect();

        let refused = broken().run(&arguments);

        assert_eq!(refused.code, Some(2), "{usage}: {refused:?}");
        assert!(refused.errors.contains(told), "{usage}: {refused:?}");
        assert_eq!(refused.out, "", "{usage}");
    }
}

#[test]
fn the_document_names_every_operation() {
    let printed = broken().run(&["openapi"]);

    let document: Value = serde_json::from_str(printed.ok()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let ids = operation_ids(&document);
    assert!(
        ids.contains(&"createUser") && ids.contains(&"login"),
        "{ids:?}"
    );
    assert_eq!(printed.errors, "");
}

#[test]
fn the_list_has_a_line_for_each_operation_of_the_document() {
    let document = broken().run(&["openapi"]);
    let document: Value = serde_json::from_str(document.ok()).unwrap();

    let listed = broken().run(&["routes"]);

    let mut expected = operation_ids(&document);
    let mut ids: Vec<_> = listed
        .ok()
        .lines()
        .filter_map(|it| it.split_whitespace().last())
        .collect();
    expected.sort_unstable();
    ids.sort_unstable();
    assert_eq!(ids, expected);
    let words = |line: &str| {
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let lines: Vec<_> = listed.out.lines().map(words).collect();
    for line in [
        vec!["/api/v1/users/{id}", "DELETE", "users:delete", "deleteUser"],
        vec!["/api/v1/me", "GET", "signed", "in", "getMe"],
        vec!["/api/v1/auth/login", "POST", "anybody", "login"],
    ] {
        assert!(lines.iter().any(|it| *it == line), "{line:?}");
    }
}

#[test]
fn describing_leaves_nothing_behind() {
    let place = Place::bare();

    place.run(&["openapi"]).ok();
    place.run(&["routes"]).ok();

    assert_eq!(place.path("").read_dir().unwrap().count(), 0);
}

fn operation_ids(document: &Value) -> Vec<&str> {
    let paths = document["paths"].as_object().expect("it has paths");
    let items = paths.values().filter_map(Value::as_object);
    let operations = items.flat_map(|item| item.values());
    operations
        .filter_map(|operation| operation["operationId"].as_str())
        .collect()
}
