//! The command line, on a project of its own.

#![expect(clippy::disallowed_methods, reason = "a test may block its own thread")]

use sea_orm_autogenerate::{Answer, Entities, Project};
use sea_orm_migration::prelude::*;
use secrecy::ExposeSecret as _;
use support::{Engine, TestDatabase, postgres};
use tempfile::TempDir;

use super::{STATEMENTS, Statements};

/// What somebody types after the program's name; the server of the tests is known from the environment.
pub(super) async fn run<M: MigratorTrait>(project: &Project<M>, arguments: &[&str]) -> Answer {
    let given = ["migrate"].iter().chain(arguments).copied();
    let takes_server = arguments.contains(&"--sql") || arguments.contains(&"--live");
    let url = match Engine::of_this_run() {
        Engine::Postgres if takes_server => Some(postgres::server().url("postgres")),
        _ => None,
    };
    let server = url.iter().flat_map(|it| ["--postgres", it]);
    project.answer(given.chain(server)).await
}

pub(super) fn said(answer: Answer) -> String {
    assert_eq!(answer.code, 0, "{answer:?}");
    answer.said
}

pub(super) fn refused(answer: Answer, code: u8) -> String {
    assert_eq!(answer.code, code, "{answer:?}");
    answer.complaint
}

/// A project with a migration for each statement, about this database.
fn project(database: &TestDatabase, statements: &[&str]) -> Project<Statements> {
    STATEMENTS.set(statements.iter().map(|it| (*it).to_owned()).collect());
    Project::of(Entities::new(), "nowhere").database(database.url().expose_secret())
}

/// Of each line the first two words.
fn states(answer: Answer) -> Vec<String> {
    let said = said(answer);
    let brief = |line: &str| line.split("  ").take(2).collect::<Vec<_>>().join(" ");
    said.lines().map(brief).collect()
}

const TABLES: [&str; 3] = [
    "CREATE TABLE a (id INTEGER)",
    "CREATE TABLE b (id INTEGER)",
    "CREATE TABLE c (id INTEGER)",
];

#[tokio::test]
async fn migrations_are_applied_up_to_where_somebody_wants() {
    let database = TestDatabase::empty().await;
    let project = project(&database, &TABLES);

    assert_eq!(said(run(&project, &["up", "1"]).await), "applied  m1");
    assert_eq!(
        said(run(&project, &["up", "--to", "m2"]).await),
        "applied  m2"
    );
    let listed = states(run(&project, &["status"]).await);
    assert_eq!(listed, ["applied m1", "applied m2", "pending m3"]);
    let history = states(run(&project, &["history"]).await);
    assert_eq!(history, ["applied m1", "applied m2"]);
    assert_eq!(said(run(&project, &["up"]).await), "applied  m3");
    assert_eq!(
        said(run(&project, &["up"]).await),
        "There was nothing to do."
    );
}

#[tokio::test]
async fn a_database_is_marked_without_running_anything() {
    let database = TestDatabase::empty().await;
    let project = project(&database, &TABLES);
    said(run(&project, &["up", "0"]).await);

    let stamped = said(run(&project, &["stamp", "m2"]).await);

    assert_eq!(stamped, "applied  m1\napplied  m2");
    assert_eq!(said(run(&project, &["up"]).await), "applied  m3");
    let stamped = said(run(&project, &["stamp", "base"]).await);
    assert_eq!(stamped, "pending  m1\npending  m2\npending  m3");
}

#[tokio::test]
async fn each_kind_of_failure_has_its_code() {
    let database = TestDatabase::empty().await;

    let broken = run(&project(&database, &["no SQL"]), &["up"]).await;
    assert!(refused(broken, 1).starts_with("m1 failed and was rolled back"));
    let project = project(&database, &TABLES);
    for wrong in [
        &["up", "--to", "m9"][..],
        &["stamp", "m9"],
        &["up", "many"],
        &["up", "1", "--to", "m1"],
        &["down"],
        &["up", "--from", "m1"],
        &["status", "m1"],
        &["check", "--engine", "sqlite"],
        &["stamp"],
        &[],
    ] {
        let complaint = refused(run(&project, wrong).await, 2);
        assert!(!complaint.is_empty(), "{wrong:?}");
    }
    said(run(&project, &["up"]).await);
    STATEMENTS.set(vec![TABLES[0].to_owned()]);
    let unknown = refused(run(&project, &["status"]).await, 3);
    assert!(unknown.contains("m2"), "{unknown}");
}

#[tokio::test]
async fn help_is_no_failure() {
    let database = TestDatabase::empty().await;
    let project = project(&database, &[]);

    let help = said(run(&project.called("cargo migrate"), &["check", "--help"]).await);

    assert!(help.contains("Usage: cargo migrate check"), "{help}");
    assert!(help.contains("MIGRATE_POSTGRES_URL"), "{help}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named_without_its_password() {
    STATEMENTS.set(Vec::new());
    let project = Project::<Statements>::of(Entities::new(), "nowhere");
    for (url, place) in [
        (
            "postgres://ada:secret@127.0.0.1:1/db",
            "postgres://127.0.0.1:1",
        ),
        ("sqlite://no/such/file.db", "sqlite://no/such/file.db"),
    ] {
        for verb in [&["status"][..], &["down", "1"], &["up", "--sql"]] {
            let complaint = refused(
                run(&project, &[verb, &["--database", url]].concat()).await,
                2,
            );

            assert!(complaint.contains(place), "{complaint}");
            assert!(!complaint.contains("secret"), "{complaint}");
        }
    }
    let complaint = refused(
        run(&project, &["status", "--database", "mysql://a"]).await,
        2,
    );
    assert!(complaint.contains("the URL"), "{complaint}");
}

#[tokio::test]
async fn an_engine_that_the_project_does_not_support_is_refused() {
    let database = TestDatabase::empty().await;
    let other = super::here(sea_orm::DbBackend::Postgres, sea_orm::DbBackend::Sqlite);
    let project = project(&database, &TABLES).engines(&[other]);

    let complaint = refused(run(&project, &["up"]).await, 2);

    assert!(complaint.contains("does not support"), "{complaint}");
}

#[tokio::test]
async fn what_is_ignored_is_no_difference_on_either_side() {
    let database = TestDatabase::empty().await;
    let project = project(&database, &["CREATE TABLE theirs (id INTEGER)"]).extras(
        async |manager: &SchemaManager<'_>| {
            super::execute(manager, "CREATE TABLE ours_x (id INTEGER)").await
        },
    );
    let server = super::server();

    assert_eq!(project.check(&server).await.unwrap().len(), 2);
    let project = project.ignore("their*");
    assert_eq!(project.check(&server).await.unwrap().len(), 1);
    let project = project.ignore("*_x");
    assert_eq!(project.check(&server).await.unwrap(), []);
}

/// The crate of two migrations.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("there is room");
    std::fs::create_dir(folder.path().join("src")).expect("it is new");
    for name in ["m1", "m2"] {
        write(&folder, name, "struct Migration;");
    }
    folder
}

fn write(folder: &TempDir, name: &str, code: &str) {
    let file = folder.path().join("src").join(format!("{name}.rs"));
    std::fs::write(file, code).expect("it is ours");
}

fn lock(folder: &TempDir) -> String {
    std::fs::read_to_string(folder.path().join("migrations.lock")).expect("it is sealed")
}

#[tokio::test]
async fn migrations_are_sealed_and_an_edited_one_only_by_its_name() {
    let folder = folder();
    STATEMENTS.set(vec![String::new(); 2]);
    let project = Project::<Statements>::of(Entities::new(), folder.path());

    assert_eq!(
        said(run(&project, &["seal"]).await),
        "sealed  m1\nsealed  m2"
    );
    assert_eq!(
        said(run(&project, &["seal"]).await),
        "There was nothing to do."
    );
    let before = lock(&folder);
    write(&folder, "m2", "struct Migration; struct More;");
    let complaint = refused(run(&project, &["seal"]).await, 4);
    assert!(complaint.contains("m2"), "{complaint}");
    assert_eq!(lock(&folder), before);
    assert_eq!(said(run(&project, &["seal", "m2"]).await), "sealed  m2");
    refused(run(&project, &["seal", "m9"]).await, 2);
}

#[tokio::test]
async fn two_heads_are_told_and_put_in_order() {
    let folder = folder();
    STATEMENTS.set(vec![String::new(); 1]);
    let project =
        |lock: &str| Project::<Statements>::of(Entities::new(), folder.path()).sealed_by(lock);
    said(run(&project(""), &["seal"]).await);
    let one = lock(&folder);
    // What a merge leaves where both branches had appended.
    let line = one.lines().last().unwrap();
    let merged = format!("{one}{}\n", line.replace("m1", "m2"));
    std::fs::write(folder.path().join("migrations.lock"), &merged).unwrap();
    STATEMENTS.set(vec![String::new(); 2]);

    let heads = refused(run(&project(&merged), &["heads"]).await, 3);
    assert!(heads.contains("rebase"), "{heads}");
    refused(run(&project(&merged), &["seal"]).await, 3);
    let checked = run(&project(&merged), &["check"]).await;
    assert_eq!(checked.code, 1);
    assert!(checked.said.contains("the line of m2"), "{checked:?}");
    said(run(&project(&merged), &["rebase"]).await);

    let heads = said(run(&project(&lock(&folder)), &["heads"]).await);
    assert_eq!(heads, "m2");
}

#[tokio::test]
async fn an_entity_that_nobody_listed_is_no_answer() {
    let entities = Entities::new().all_of("ashlar_infrastructure");
    let project = Project::<Statements>::of(entities, "nowhere");

    let complaint = refused(run(&project, &["check"]).await, 2);

    assert!(
        complaint.contains("ashlar_infrastructure::users::entity"),
        "{complaint}"
    );
}
