//! `check --live`: the entities against a real database.

use sea_orm_autogenerate::{Entities, Project};
use sea_orm_migration::prelude::*;
use secrecy::ExposeSecret as _;
use support::{Engine, TestDatabase};

use super::commands::{refused, run, said};
use super::{STATEMENTS, Statements, execute};

const TABLES: &str = "CREATE TABLE a (id INTEGER, name TEXT)";

/// Entities and migrations agree about one table.
fn project(migrations: &[&str]) -> Project<Statements> {
    STATEMENTS.set(migrations.iter().map(|it| (*it).to_owned()).collect());
    let extras = async |manager: &SchemaManager<'_>| execute(manager, TABLES).await;
    Project::of(Entities::new(), "nowhere").extras(extras)
}

async fn migrated(project: &Project<Statements>) -> TestDatabase {
    let database = TestDatabase::empty().await;
    let url = database.url().expose_secret();
    said(run(project, &["up", "--database", url]).await);
    database
}

fn name() -> &'static str {
    super::here("sqlite", "postgres")
}

#[tokio::test]
async fn a_database_that_is_as_the_entities_say_agrees() {
    let project = project(&[TABLES]);
    let database = migrated(&project).await;

    let agree = run(
        &project,
        &["check", "--live", database.url().expose_secret()],
    )
    .await;

    let expected = format!("{}: entities and the database agree", name());
    assert_eq!(said(agree), expected);
}

#[tokio::test]
async fn a_table_that_nobody_knows_is_named_unless_it_is_ignored() {
    let project = project(&[TABLES]);
    let database = migrated(&project).await;
    database.execute("CREATE TABLE stray (id INTEGER)").await;
    let live = ["check", "--live", database.url().expose_secret()];

    let answer = run(&project, &live).await;

    assert_eq!(answer.code, 1, "{answer:?}");
    let expected = format!(
        "{}: 1 difference between entities and the database\n\
         - database ahead: the database has the table stray (id), and no entity has it. No migration makes it.",
        name()
    );
    assert!(answer.said.starts_with(&expected), "{}", answer.said);
    said(run(&project.ignore("str*"), &live).await);
}

#[tokio::test]
async fn what_is_pending_and_what_it_would_bring_is_told_and_nothing_is_changed() {
    let project = project(&[
        "CREATE TABLE a (id INTEGER)",
        "ALTER TABLE a ADD COLUMN name TEXT",
    ]);
    let database = TestDatabase::empty().await;
    let url = database.url().expose_secret();
    said(run(&project, &["up", "0", "--database", url]).await);
    database.execute("CREATE TABLE a (id INTEGER)").await;

    let text = run(&project, &["check", "--live", url]).await;
    let json = run(&project, &["check", "--json", "--live", url]).await;

    assert_eq!((text.code, json.code), (1, 1), "{text:?}");
    assert!(text.said.contains(": pending is m1\n"), "{}", text.said);
    assert!(
        text.said.contains(
            "the entities have the column a.name (text, null), and the database has not."
        ),
        "{}",
        text.said
    );
    let json: serde_json::Value = serde_json::from_str(&json.said).unwrap();
    assert_eq!(
        json["engines"][0]["pending"],
        serde_json::json!(["m1", "m2"])
    );
    assert_eq!(json["engines"][0]["differences"][0]["side"], "entities");
    let tables = super::here(
        "SELECT name FROM sqlite_schema",
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    );
    assert_eq!(database.query(tables).await.len(), 1);
}

#[tokio::test]
async fn what_only_the_migrations_make_has_its_migration() {
    let project = project(&[TABLES, "ALTER TABLE a ADD COLUMN size INTEGER"]);
    let database = migrated(&project).await;

    let answer = run(
        &project,
        &["check", "--live", database.url().expose_secret()],
    )
    .await;

    assert!(answer.said.contains("It is from m2."), "{answer:?}");
}

#[tokio::test]
async fn a_broken_history_is_told_beside_the_comparison() {
    let database = migrated(&project(&[TABLES, "SELECT 1"])).await;

    let answer = run(
        &project(&[TABLES]),
        &["check", "--live", database.url().expose_secret()],
    )
    .await;

    let agree = format!("{}: entities and the database agree", name());
    assert_eq!(answer.said, agree);
    let broken = refused(answer, 3);
    assert!(broken.contains("m2"), "{broken}");
}

#[tokio::test]
async fn scratch_databases_are_not_made_beside_a_real_one_unasked() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let project = project(&[TABLES]);
    let database = migrated(&project).await;
    let url = database.url().expose_secret();

    for verb in [
        &["check", "--live", url][..],
        &["up", "--sql", "--database", url],
    ] {
        let answer = project.answer([&["migrate"], verb].concat()).await;

        let complaint = refused(answer, 2);
        assert!(complaint.contains("--postgres"), "{complaint}");
    }
}
