//! Plans as the files of a project: compiled without a warning, and run by its own `migrate`.

use std::fmt::Write as _;

use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use sea_orm_autogenerate::{Entities, Project};
use sea_orm_migration::prelude::*;

use super::super::server;
use super::super::ways::{There, begin_with, connect, run};
use super::harness::{Pair, contents, options, survive};
use crate::example::project::Example;

/// Pairs, and how many of them share a file: to plan one takes two databases.
const PAIRS: usize = 40;
const IN_A_FILE: usize = 10;

#[tokio::test]
async fn what_is_written_compiles_and_leads_there_and_back_and_keeps_the_rows() {
    let pairs: Vec<_> = (1_000..1_000 + PAIRS).map(Pair::of).collect();
    let all = |of: fn(&Pair) -> Vec<String>| -> Vec<String> { pairs.iter().flat_map(of).collect() };
    let (a, b) = (all(|it| it.a.create()), all(|it| it.b.create()));
    let example = Example::copied().await;
    let mut names = vec!["m1".to_owned()];
    example.write("migration/src/m1.rs", &first(&a));
    for (number, pairs) in pairs.chunks(IN_A_FILE).enumerate() {
        let name = format!("p{number}");
        example.write(
            &format!("migration/src/{name}.rs"),
            &written(pairs, &example).await,
        );
        names.push(name);
    }
    example.write("migration/src/lib.rs", &list(&names));
    example.write("migrate/src/main.rs", MAIN);
    example.builds();

    example.said(&["up", "1"]);
    let database = connect(example.database()).await;
    let rows = all(|it| it.rows.clone()).join(";\n");
    database.execute_unprepared(&rows).await.expect("they fit");
    let before = contents(&database, &pairs, |it| &it.a).await.unwrap();
    example.said(&["up"]);
    let there = contents(&database, &pairs, |it| &it.b).await.unwrap();
    survive(&before, &there).unwrap_or_else(|it| panic!("up: {it}"));
    is_as(&database, b, &example).await;
    example.said(&["down", &(names.len() - 1).to_string()]);
    let back = contents(&database, &pairs, |it| &it.a).await.unwrap();
    survive(&there, &back).unwrap_or_else(|it| panic!("down: {it}"));
    is_as(&database, a, &example).await;
    database.close().await.unwrap();
}

fn project(statements: Vec<String>, example: &Example) -> Project<There> {
    let extras = async move |manager: &SchemaManager<'_>| run(manager, &statements).await;
    Project::of(Entities::new(), example.path("migration"))
        .extras(extras)
        .engines(&[server().engine()])
}

/// The file of a migration for these.
async fn written(pairs: &[Pair], example: &Example) -> String {
    begin_with(pairs.iter().flat_map(|it| it.a.create()).collect());
    let b = pairs.iter().flat_map(|it| it.b.create()).collect();
    let project = project(b, example);
    let draft = project
        .draft(&[server()], "these pairs", &options(pairs))
        .await;
    let draft = draft.unwrap_or_else(|it| panic!("{it}"));
    draft.expect("they differ").code
}

async fn is_as(database: &DatabaseConnection, statements: Vec<String>, example: &Example) {
    let project = project(statements, example);
    let found = project.check_live(database, &server()).await;
    let found = found.unwrap_or_else(|it| panic!("{it}"));
    assert!(found.is_empty(), "{found:#?}");
}

/// One that makes it all, to begin with.
fn first(statements: &[String]) -> String {
    let mut code = "use sea_orm_migration::prelude::*;\n\n\
        #[derive(DeriveMigrationName)]\npub(crate) struct Migration;\n\n\
        #[async_trait::async_trait]\nimpl MigrationTrait for Migration {\n    \
        async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {\n        \
        let connection = manager.get_connection();\n        \
        for statement in STATEMENTS {\n            \
        connection.execute_unprepared(statement).await?;\n        }\n        Ok(())\n    }\n}\n\n\
        const STATEMENTS: &[&str] = &[\n"
        .to_owned();
    for statement in statements {
        writeln!(code, "    {statement:?},").expect("there is room");
    }
    code + "];\n"
}

fn list(names: &[String]) -> String {
    let modules: Vec<_> = names.iter().map(|it| format!("mod {it};\n")).collect();
    let modules = modules.concat();
    let migrations = names
        .iter()
        .map(|it| format!("            Box::new({it}::Migration),\n"));
    let migrations = migrations.collect::<Vec<_>>().concat();
    format!(
        "{modules}\nuse sea_orm_migration::prelude::*;\n\npub struct Migrator;\n\n\
         impl MigratorTrait for Migrator {{\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {{\n        \
         vec![\n{migrations}        ]\n    }}\n}}\n"
    )
}

const MAIN: &str = "use std::process::ExitCode;

use migration::Migrator;
use sea_orm_autogenerate::{Entities, Project};

#[tokio::main]
async fn main() -> ExitCode {
    let folder = concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/../migration\");
    Project::<Migrator>::of(Entities::new(), folder)
        .database(\"sqlite://shop.db\")
        .main()
        .await
}
";
