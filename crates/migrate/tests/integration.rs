//! The command line of `cargo migrate`.

#![expect(clippy::disallowed_methods, reason = "a test may block its own thread")]

use std::process::{Command, Output};

fn migrate(arguments: &[&str]) -> Output {
    let mut migrate = Command::new(env!("CARGO_BIN_EXE_migrate"));
    migrate.env_remove("MIGRATE_POSTGRES_URL");
    migrate.args(arguments).output().expect("it was built")
}

#[test]
fn check_says_that_entities_and_migrations_agree() {
    let output = migrate(&["check"]);

    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, "sqlite: entities and migrations agree\n");
}

#[test]
fn check_answers_programs_in_json() {
    let output = migrate(&["check", "--json"]);

    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"agree": true, "engines": [{"engine": "sqlite", "differences": []}]})
    );
}

#[test]
fn a_server_that_does_not_answer_is_no_disagreement() {
    // Nobody listens at port 1.
    let output = migrate(&[
        "check",
        "--postgres",
        "postgres://ada:secret@127.0.0.1:1/db",
    ]);

    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("no connection to postgres://127.0.0.1:1"),
        "{said}"
    );
    assert!(!said.contains("secret"), "{said}");
}

#[test]
fn another_database_than_postgresql_is_wrong_usage() {
    let output = migrate(&["check", "--postgres", "sqlite://ashlar.db"]);

    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn the_database_of_development_is_that_of_the_settings() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/default.toml");
    let settings = std::fs::read_to_string(folder).unwrap();

    let line = format!("url = {:?}", ashlar_migrate::DATABASE);
    assert!(settings.lines().any(|it| it == line), "{line}");
}

#[test]
fn the_database_of_development_is_made_where_there_is_none() {
    let place = tempfile::tempdir().unwrap();
    let migrate = |arguments: &[&str]| {
        let mut migrate = Command::new(env!("CARGO_BIN_EXE_migrate"));
        migrate.current_dir(place.path()).args(arguments);
        let output = migrate.env_remove("DATABASE_URL").output();
        output.expect("it was built")
    };

    let looked = migrate(&["status"]);
    let migrated = migrate(&["up"]);

    assert_eq!(looked.status.code(), Some(2), "{looked:?}");
    assert_eq!(migrated.status.code(), Some(0), "{migrated:?}");
    assert!(place.path().join("data/ashlar.db").exists());
}

#[test]
fn the_lock_is_current() {
    let output = migrate(&["seal"]);

    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, "There was nothing to do.\n");
}

#[test]
fn wrong_usage_is_told_with_what_to_type() {
    let output = migrate(&["upp"]);

    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("cargo migrate"), "{said}");
}
