//! What is in the way, and that nothing is written then.

use sea_orm::DbBackend;
use sea_orm_autogenerate::{Answer, Entities, Project};

use super::super::commands::{refused, said};
use super::super::{STATEMENTS, Statements};
use super::Folder;

const SHOP: &str = "CREATE TABLE shop (id INTEGER NOT NULL PRIMARY KEY)";
const MORE: &str = "CREATE TABLE shop (id INTEGER NOT NULL PRIMARY KEY, town TEXT)";

const GENERATE: [&str; 5] = [
    "migrate",
    "generate",
    "-m",
    "Add things",
    "--allow-destructive",
];

/// SQLite is enough: no engine has a part in it.
fn project(folder: &Folder, migration: &str, entities: &str) -> Project<Statements> {
    folder
        .project(migration, entities)
        .engines(&[DbBackend::Sqlite])
}

/// Refused with this code and these words, and every file is as it was.
async fn leaves_all(folder: &Folder, project: &Project<Statements>, code: u8, words: &str) {
    let before = folder.contents();

    let complaint = refused(project.answer(GENERATE).await, code);

    assert!(complaint.contains(words), "{complaint}");
    assert_eq!(folder.contents(), before);
}

#[tokio::test]
async fn marks_have_to_be_there_once() {
    let folder = Folder::new();
    let project = folder.seal(project(&folder, SHOP, MORE)).await;
    for list in [
        super::LIST.replace("// Above this line: new modules.\n", ""),
        super::LIST.replace("// Above this line: new migrations.", ""),
        super::LIST.to_owned() + "// Above this line: new modules.\n",
        super::LIST.to_owned() + "// Above this line: new migrations.\n",
    ] {
        folder.write("src/lib.rs", &list);

        leaves_all(&folder, &project, 2, "does not say where new migrations go").await;
    }
}

#[tokio::test]
async fn a_broken_lock_is_mended_first() {
    let folder = Folder::new();
    let project = folder.seal(project(&folder, SHOP, MORE)).await;
    let lock = folder.read("migrations.lock");

    let line = lock.lines().last().expect("it has one");
    folder.write(
        "migrations.lock",
        &format!("{lock}{}\n", line.replace("m1", "m9")),
    );
    leaves_all(&folder, &project, 3, "m9").await;
    folder.write("migrations.lock", &lock);
    folder.write("src/m1.rs", "struct Edited;");
    leaves_all(&folder, &project, 4, "m1 was edited").await;
}

#[tokio::test]
async fn a_file_of_that_name_is_not_overwritten() {
    let folder = Folder::new();
    let project = project(&folder, SHOP, MORE);
    let answer = said(project.answer(GENERATE).await);
    folder.write("src/lib.rs", super::LIST);

    // The migrator does not know of it yet, and finds the same name again.
    assert!(answer.contains("_000001_add_things.rs"), "{answer}");
    leaves_all(&folder, &project, 2, "already exists").await;
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let folder = Folder::new();
    STATEMENTS.set(vec![SHOP.to_owned()]);
    let missing = folder.path().join("no/such");
    let project =
        Project::<Statements>::of(Entities::new(), &missing).engines(&[DbBackend::Sqlite]);

    let complaint = refused(project.answer(GENERATE).await, 2);

    assert!(
        complaint.contains("no/such/src/lib.rs cannot be used"),
        "{complaint}"
    );
}

#[tokio::test]
async fn a_list_that_cannot_be_written_leaves_no_file() {
    let folder = Folder::new();
    let project = folder.seal(project(&folder, SHOP, MORE)).await;
    // Whoever runs the tests may be allowed to write everything; a folder is a file to nobody.
    std::fs::remove_file(folder.path().join("migrations.lock")).expect("it is ours");
    std::fs::create_dir(folder.path().join("migrations.lock")).expect("it is gone");

    leaves_all(&folder, &project, 2, "migrations.lock cannot be used").await;
}

#[tokio::test]
async fn a_message_without_words_makes_no_name() {
    let folder = Folder::new();
    let project = project(&folder, SHOP, MORE);
    let before = folder.contents();

    let answer = project
        .answer(["migrate", "generate", "-m", "…", "--empty"])
        .await;

    assert!(refused(answer, 2).contains("makes no name"));
    assert_eq!(folder.contents(), before);
}

/// A project of both engines, of which SQLite alone is asked.
async fn on_sqlite(project: Project<Statements>) -> Answer {
    let both = project.engines(&[DbBackend::Sqlite, DbBackend::Postgres]);
    let asked = [
        "migrate",
        "generate",
        "-m",
        "Add things",
        "--allow-destructive",
    ];
    both.answer(asked).await
}

#[tokio::test]
async fn an_engine_that_is_not_asked_gets_what_all_understand() {
    let folder = Folder::new();
    let answer = said(on_sqlite(folder.project(SHOP, MORE)).await);
    assert!(
        answer
            .ends_with("PostgreSQL was not asked: `check --postgres URL` tells whether it agrees."),
        "{answer}"
    );

    let folder = Folder::new();
    let before = folder.contents();
    let complaint = refused(
        on_sqlite(folder.project(MORE, &MORE.replace("TEXT", "INTEGER"))).await,
        2,
    );
    assert!(
        complaint.contains("needs words of its own on Postgres"),
        "{complaint}"
    );
    assert_eq!(folder.contents(), before);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_without_its_password() {
    let folder = Folder::new();
    let project = folder
        .project(SHOP, MORE)
        .engines(&[DbBackend::Sqlite, DbBackend::Postgres]);
    let before = folder.contents();
    let url = "postgres://ada:secret@127.0.0.1:1/db";

    let answer = project
        .answer(["migrate", "generate", "-m", "Add", "--postgres", url])
        .await;

    let complaint = refused(answer, 2);
    assert!(
        complaint.contains("postgres://127.0.0.1:1") && !complaint.contains("secret"),
        "{complaint}"
    );
    assert_eq!(folder.contents(), before);
}

#[tokio::test]
async fn migrations_that_fail_are_told_and_followed_by_none() {
    let folder = Folder::new();
    let project = project(&folder, "CREATE TABLE", MORE);

    leaves_all(
        &folder,
        &project,
        1,
        "the migrations fail on an empty database: m1 failed",
    )
    .await;
}

#[tokio::test]
async fn an_entity_that_nobody_listed_is_no_table_to_drop() {
    let folder = Folder::new();
    STATEMENTS.set(vec![SHOP.to_owned()]);
    let entities = Entities::new().all_of("ashlar_infrastructure");
    let project = folder
        .project_of(SHOP, entities)
        .engines(&[DbBackend::Sqlite]);

    leaves_all(&folder, &project, 2, "ashlar_infrastructure::users::entity").await;
}
