//! `generate`: what is written, and when nothing is.

#![expect(clippy::disallowed_methods, reason = "a test may block its own thread")]

mod answers;
mod files;
mod refusals;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sea_orm::DbBackend;
use sea_orm_autogenerate::{Answer, Entities, Project};
use sea_orm_migration::prelude::*;
use support::{Engine, postgres};
use tempfile::TempDir;

use super::commands::said;
use super::{STATEMENTS, Statements, execute};

const LIST: &str = "\
mod m1;
// Above this line: new modules.

fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m1::Migration),
        // Above this line: new migrations.
    ]
}
";

/// The crate of one migration.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(TempDir::new().expect("there is room"));
        std::fs::create_dir(folder.path().join("src")).expect("it is new");
        folder.write("src/lib.rs", LIST);
        folder.write("src/m1.rs", "struct Migration;");
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.path().join(file), text).expect("it is ours");
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).expect("it is there")
    }

    /// Every file, with what is in it.
    fn contents(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut contents = BTreeMap::new();
        for folder in [self.path().to_owned(), self.path().join("src")] {
            for entry in std::fs::read_dir(folder).expect("it is there") {
                let file = entry.expect("it is there").path();
                if file.is_file() {
                    let bytes = std::fs::read(&file).expect("it is ours");
                    contents.insert(file, bytes);
                }
            }
        }
        contents
    }

    /// About one migration, and entities that are these statements.
    fn project(&self, migration: &str, entities: &str) -> Project<Statements> {
        let entities = entities.to_owned();
        let extras = async move |manager: &SchemaManager<'_>| execute(manager, &entities).await;
        self.project_of(migration, Entities::new()).extras(extras)
    }

    fn project_of(&self, migration: &str, entities: Entities) -> Project<Statements> {
        STATEMENTS.set(vec![migration.to_owned()]);
        let project = Project::of(entities, self.path());
        match Engine::of_this_run() {
            Engine::Sqlite => project.engines(&[DbBackend::Sqlite]),
            Engine::Postgres => project,
        }
    }

    /// With a lock that knows the one migration.
    async fn seal(&self, project: Project<Statements>) -> Project<Statements> {
        said(project.answer(["migrate", "seal"]).await);
        let lock = self.read("migrations.lock");
        project.sealed_by(&lock)
    }
}

/// SQLite alone, or both engines where the tests have a server.
async fn generate(project: &Project<Statements>, arguments: &[&str]) -> Answer {
    let server = match Engine::of_this_run() {
        Engine::Postgres => Some(postgres::server().url("postgres")),
        Engine::Sqlite => None,
    };
    let server = server.iter().flat_map(|it| ["--postgres", it]);
    let all = ["migrate", "generate", "-m", "Add things"].into_iter();
    let all = all.chain(arguments.iter().copied()).chain(server);
    project.answer(all).await
}
