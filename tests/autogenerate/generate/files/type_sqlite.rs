//! Add things.
//!
//! To be reviewed. Up:
//! - rebuild table shop: alter column shop.name from (varchar(9), not null) to (varchar(20), not null)
//!
//! Down:
//! - rebuild table shop: alter column shop.name from (varchar(20), not null) to (varchar(9), not null), DESTRUCTIVE: values are lost

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sea_orm_migration_runner::rebuild(
            manager,
            Table::create()
                .table("shop")
                .col(ColumnDef::new("id").integer().not_null().primary_key())
                .col(ColumnDef::new("name").string_len(20).not_null())
                .to_owned(),
            &["id", "name"],
            &[],
        )
        .await?;
        manager
            .create_index(
                Index::create()
                    .name("named")
                    .table("shop")
                    .col("name")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sea_orm_migration_runner::rebuild(
            manager,
            Table::create()
                .table("shop")
                .col(ColumnDef::new("id").integer().not_null().primary_key())
                .col(ColumnDef::new("name").string_len(9).not_null())
                .to_owned(),
            &["id", "name"],
            &[],
        )
        .await?;
        manager
            .create_index(
                Index::create()
                    .name("named")
                    .table("shop")
                    .col("name")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }
}
