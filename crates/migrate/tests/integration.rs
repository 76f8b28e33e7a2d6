//! The command line of `cargo migrate`.

use std::process::{Command, Output};

fn migrate(arguments: &[&str]) -> Output {
    let mut migrate = Command::new(env!("CARGO_BIN_EXE_migrate"));
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
