//! The file, letter by letter: in SQLite's words, and in those of both engines.

use sea_orm_autogenerate::Entities;

use super::super::commands::said;
use super::super::here;
use super::{Folder, generate};

const SHOP: &str = "CREATE TABLE shop (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(9) NOT NULL)";

async fn holds(project: &super::Project<super::Statements>, expected: &str) {
    let written = said(generate(project, &["--dry-run"]).await);
    assert_eq!(written, expected.trim_end());
}

#[tokio::test]
async fn a_column_is_added_for_both_at_once() {
    let folder = Folder::new();
    let more = SHOP.strip_suffix(')').expect("it ends").to_owned()
        + ", town VARCHAR(20) NOT NULL DEFAULT 'Ulm', open BOOLEAN)";
    let project = folder.project(SHOP, &more);

    holds(
        &project,
        here(
            include_str!("files/column_sqlite.rs"),
            include_str!("files/column_both.rs"),
        ),
    )
    .await;
}

#[tokio::test]
async fn a_table_is_made_for_both_at_once() {
    let folder = Folder::new();
    let cake = "CREATE TABLE cake (id INTEGER NOT NULL PRIMARY KEY, \
                shop INTEGER NOT NULL REFERENCES shop (id) ON DELETE CASCADE, name TEXT NOT NULL CONSTRAINT cake_name_once UNIQUE, \
                price INTEGER NOT NULL DEFAULT 1 CHECK (price > 0), round BOOLEAN); \
                CREATE INDEX cake_of_shop ON cake (shop, name DESC) WHERE shop > 0";
    let project = folder.project(SHOP, &format!("{SHOP}; {cake}"));

    holds(&project, include_str!("files/table.rs")).await;
}

#[tokio::test]
async fn a_type_is_changed_by_each_in_its_way() {
    let folder = Folder::new();
    let project = folder.project(
        &format!("{SHOP}; CREATE INDEX named ON shop (name)"),
        &format!(
            "{}; CREATE INDEX named ON shop (name)",
            SHOP.replace("(9)", "(20)")
        ),
    );

    holds(
        &project,
        here(
            include_str!("files/type_sqlite.rs"),
            include_str!("files/type_both.rs"),
        ),
    )
    .await;
}

mod shirt {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "size")]
    pub(super) enum Size {
        #[sea_orm(string_value = "s")]
        Small,
        #[sea_orm(string_value = "m")]
        Medium,
    }

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "shirt")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub size: Option<Size>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[tokio::test]
async fn an_enum_is_made_where_there_are_enums() {
    let folder = Folder::new();
    let entities = Entities::new().with(shirt::Entity);
    let project = folder.project_of(
        "CREATE TABLE shirt (id INTEGER NOT NULL PRIMARY KEY)",
        entities,
    );

    holds(
        &project,
        here(
            include_str!("files/enum_sqlite.rs"),
            include_str!("files/enum_both.rs"),
        ),
    )
    .await;
}
