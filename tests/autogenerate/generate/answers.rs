//! What somebody answers on the command line, and what is written then.

use sea_orm_autogenerate::Entities;

use super::super::commands::{refused, said};
use super::super::here;
use super::{Folder, generate};

fn shop(columns: &str) -> String {
    format!("CREATE TABLE shop (id INTEGER NOT NULL PRIMARY KEY{columns})")
}

/// The file that was written, from the answer.
fn file(folder: &Folder, answer: &str) -> (String, String) {
    let written = answer
        .lines()
        .next()
        .and_then(|it| it.strip_prefix("wrote  "));
    let path = std::path::Path::new(written.expect("it was written"));
    let name = path.file_stem().expect("it has a name").to_string_lossy();
    (name.to_string(), folder.read(&format!("src/{name}.rs")))
}

#[tokio::test]
async fn a_file_is_written_listed_and_sealed() {
    let folder = Folder::new();
    let project = folder.project(&shop(""), &shop(", town TEXT"));
    let project = folder.seal(project).await;

    let answer = said(generate(&project, &[]).await);

    let (name, code) = file(&folder, &answer);
    assert!(
        name.starts_with("m20") && name.ends_with("_000001_add_things"),
        "{name}"
    );
    assert_eq!(
        answer.lines().skip(1).collect::<Vec<_>>(),
        [
            "- add column shop.town (text, null)",
            "Next: review it, then `up`. After an edit `seal` it by its name."
        ]
    );
    assert!(code.starts_with("//! Add things.\n"), "{code}");
    let list = folder.read("src/lib.rs");
    assert_eq!(
        list,
        super::LIST
            .replace("mod m1;\n", &format!("mod m1;\nmod {name};\n"))
            .replace(
                "        Box::new(m1::Migration),\n",
                &format!(
                    "        Box::new(m1::Migration),\n        Box::new({name}::Migration),\n"
                )
            )
    );
    let lock = folder.read("migrations.lock");
    assert!(
        lock.lines().last().is_some_and(|it| it.starts_with(&name)),
        "{lock}"
    );
    let formatted = std::process::Command::new("rustfmt")
        .args(["--edition", "2024", "--check"])
        .arg(folder.path().join(format!("src/{name}.rs")))
        .status();
    assert!(formatted.expect("rustfmt is there").success());
}

#[tokio::test]
async fn nothing_is_written_where_nothing_is_to_do_or_to_be_shown() {
    let folder = Folder::new();
    let before = folder.contents();

    let agree = generate(&folder.project(&shop(""), &shop("")), &[]).await;
    assert_eq!(
        said(agree),
        "Entities and migrations agree: there is nothing to write."
    );
    let project = folder.project(&shop(""), &shop(", town TEXT"));
    let shown = said(generate(&project, &["--dry-run"]).await);
    assert!(
        shown.contains("add_column(ColumnDef::new(\"town\").text())"),
        "{shown}"
    );

    assert_eq!(folder.contents(), before);
}

#[tokio::test]
async fn an_empty_one_is_written_whatever_the_difference() {
    let folder = Folder::new();
    let project = folder.project(&shop(""), &shop(", town TEXT"));

    let answer = said(generate(&project, &["--empty"]).await);

    let (_, code) = file(&folder, &answer);
    assert!(
        code.contains("async fn down(&self, _manager: &SchemaManager)"),
        "{code}"
    );
    let complaint = refused(
        generate(&project, &["--empty", "--allow-destructive"]).await,
        2,
    );
    assert!(complaint.contains("cannot be used with"), "{complaint}");
}

#[tokio::test]
async fn values_are_lost_only_when_somebody_says_so() {
    let folder = Folder::new();
    let project = folder.project(&shop(", town TEXT"), &shop(""));
    let before = folder.contents();

    let complaint = refused(generate(&project, &[]).await, 4);

    assert_eq!(
        complaint,
        "somebody has to decide first:\n- values are lost by: drop column shop.town, DESTRUCTIVE: values are lost. \
         If they may be: --allow-destructive"
    );
    assert_eq!(folder.contents(), before);
    let answer = said(generate(&project, &["--allow-destructive"]).await);
    let (_, code) = file(&folder, &answer);
    assert!(
        code.contains("//! - drop column shop.town, DESTRUCTIVE: values are lost\n"),
        "{code}"
    );
}

#[tokio::test]
async fn a_rename_has_two_answers() {
    let folder = Folder::new();
    let project = folder.project(&shop(", town TEXT"), &shop(", city TEXT"));

    let complaint = refused(generate(&project, &["--dry-run"]).await, 4);
    assert!(complaint.contains("--rename shop.town:city"), "{complaint}");
    let renamed = ["--dry-run", "--rename", "shop.town:city"];
    let renamed = said(generate(&project, &renamed).await);
    assert!(
        renamed.contains(".rename_column(\"town\", \"city\")"),
        "{renamed}"
    );
    let two = said(generate(&project, &["--dry-run", "--allow-destructive"]).await);
    assert!(two.contains(".drop_column(\"town\")"), "{two}");
    for wrong in ["shop.village:city", "shop.town:village"] {
        let complaint = refused(generate(&project, &["--rename", wrong]).await, 2);
        assert!(complaint.contains(wrong), "{complaint}");
    }
    for wrong in ["town:city", "shop.town", "shop.town:", ".town:city"] {
        refused(generate(&project, &["--rename", wrong]).await, 2);
    }
}

#[tokio::test]
async fn a_table_may_have_another_name() {
    let folder = Folder::new();
    let project = folder.project(&shop(""), &shop("").replace("shop", "store"));

    let complaint = refused(generate(&project, &["--dry-run"]).await, 4);
    assert!(
        complaint.contains("--rename-table shop:store"),
        "{complaint}"
    );
    let renamed = ["--dry-run", "--rename-table", "shop:store"];
    let renamed = said(generate(&project, &renamed).await);
    assert!(
        renamed.contains("Table::rename().table(\"shop\", \"store\")"),
        "{renamed}"
    );
    refused(
        generate(&project, &["--rename-table", "store:shop"]).await,
        2,
    );
}

mod store {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shop")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        #[sea_orm(column_type = "Text", nullable, renamed_from = "town")]
        pub city: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[tokio::test]
async fn an_entity_may_say_what_its_column_was_called() {
    let folder = Folder::new();
    let entities = || Entities::new().with(store::Entity);

    let project = folder.project_of(&shop(", town TEXT"), entities());
    let renamed = said(generate(&project, &["--dry-run"]).await);
    assert!(
        renamed.contains("//! - rename column shop.town to city\n"),
        "{renamed}"
    );
    // It goes on saying so when that is done.
    let project = folder.project_of(&shop(", city TEXT"), entities());
    said(generate(&project, &["--dry-run"]).await);
}

#[tokio::test]
async fn what_rows_get_is_given_or_left_open() {
    let folder = Folder::new();
    let project = folder.project(
        &shop(", name TEXT"),
        &shop(", name TEXT, slug TEXT NOT NULL"),
    );
    let before = folder.contents();

    let complaint = refused(generate(&project, &[]).await, 4);
    assert!(
        complaint.contains("--backfill \"shop.slug=EXPRESSION\""),
        "{complaint}"
    );
    for wrong in ["shop.slug=", "slug=1", "slug"] {
        refused(generate(&project, &["--backfill", wrong]).await, 2);
    }
    assert_eq!(folder.contents(), before);
    let given = ["--dry-run", "--backfill", "shop.slug=lower(name)"];
    let given = said(generate(&project, &given).await);
    assert!(
        given.contains("lower(name)") && !given.contains("compile_error!"),
        "{given}"
    );
    let answer = said(generate(&project, &["--backfill", "shop.slug"]).await);
    assert!(
        answer.contains("Next: fill the place that does not compile"),
        "{answer}"
    );
    let (_, code) = file(&folder, &answer);
    assert_eq!(
        code.matches("compile_error!(").count(),
        here(1, 2),
        "{code}"
    );
}
