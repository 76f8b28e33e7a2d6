//! What no list of columns makes is seen, and never written as an ordinary table.

use sea_orm_autogenerate::{Entities, Options, plan};
use sea_orm_migration::prelude::*;

use super::{STATEMENTS, Statements, execute, here, server};

#[tokio::test]
async fn a_virtual_table_or_a_partition_is_left_to_somebody() {
    let (migration, entity) = here(
        (
            "CREATE TABLE cakes (id INTEGER PRIMARY KEY)",
            "CREATE VIRTUAL TABLE words USING fts5(name)",
        ),
        (
            "CREATE TABLE cakes (id INTEGER NOT NULL) PARTITION BY RANGE (id)",
            "CREATE TABLE words PARTITION OF cakes FOR VALUES FROM (1) TO (9)",
        ),
    );
    STATEMENTS.set(vec![migration.to_owned()]);
    let extras = async |manager: &SchemaManager<'_>| {
        execute(manager, migration).await?;
        execute(manager, entity).await
    };

    let planned =
        plan::<Statements>(&server(), &Entities::new(), extras, &Options::default()).await;

    let error = planned.expect_err("it is more than its columns");
    assert!(error.to_string().contains("generate --empty"), "{error}");
    // Where both have it there is nothing to say.
    STATEMENTS.set(vec![migration.to_owned(), entity.to_owned()]);
    let planned =
        plan::<Statements>(&server(), &Entities::new(), extras, &Options::default()).await;
    assert!(planned.expect("they agree").is_empty());
}
