//! The command line of `cargo migrate`.

#![expect(clippy::disallowed_methods, reason = "a test may block its own thread")]

use std::process::{Command, Output};

use migration::Migrator;
use sea_orm_migration::MigratorTrait;
use tempfile::TempDir;

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
    let engine = serde_json::json!({"engine": "sqlite", "differences": []});
    assert_eq!(
        json,
        serde_json::json!({"agree": true, "lock": [], "engines": [engine]})
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

#[test]
fn verify_says_that_every_migration_can_be_taken_back() {
    let output = migrate(&["verify"]);

    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    let first = "sqlite  m20261121_000001_create_users  up, down, up  (0 tables, 0 rows)\n";
    assert!(said.starts_with(first), "{said}");
    assert!(
        said.contains("_000007_add_built_in_roles  up, down, up  (6 tables, 18 rows)\n"),
        "{said}"
    );
    assert!(!said.contains("note: "), "{said}");
}

#[test]
fn verify_takes_the_rows_of_a_dump() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("staging.db");
    let url = format!("sqlite://{}", file.display());
    assert!(migrate(&["up", "--database", &url]).status.success());
    let file = file.to_str().unwrap();

    let nothing = migrate(&["verify", "--from", file]);
    assert!(migrate(&["down", "1", "--database", &url]).status.success());
    let one = migrate(&["verify", "--from", file]);
    let nowhere = migrate(&["verify", "--from", "nowhere.sql"]);

    assert_eq!(nothing.status.code(), Some(0), "{nothing:?}");
    let said = String::from_utf8_lossy(&nothing.stdout);
    assert_eq!(said, "sqlite  nothing to verify: no migration is pending\n");
    assert_eq!(one.status.code(), Some(0), "{one:?}");
    let said = String::from_utf8_lossy(&one.stdout);
    let migrations = Migrator::migrations();
    let last = migrations.last().map_or("", |it| it.name());
    let verified = format!("sqlite  {last}  up, down, up  (");
    assert!(said.starts_with(&verified), "{said}");
    assert_eq!(said.matches("up, down, up").count(), 1, "{said}");
    assert_eq!(nowhere.status.code(), Some(2), "{nowhere:?}");
}

#[test]
fn a_script_of_postgresql_needs_a_server() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("staging.sql");
    std::fs::write(&file, "-- PostgreSQL database dump\n").unwrap();

    let output = migrate(&["verify", "--from", file.to_str().unwrap()]);

    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("--postgres URL"), "{said}");
}
