//! Create revocations.
//!
//! To be reviewed. Up:
//! - create table revocations
//! - create index revocations_created_at_idx on revocations (created_at)
//!
//! Down:
//! - drop table revocations, DESTRUCTIVE: values are lost

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("revocations")
                    .col(
                        ColumnDef::new("id")
                            .big_integer()
                            .not_null()
                            .auto_increment()
                            .primary_key(),
                    )
                    .col(ColumnDef::new("kind").text().not_null())
                    .col(ColumnDef::new("subject").uuid().not_null())
                    .col(ColumnDef::new("token_version").big_integer())
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("revocations_created_at_idx")
                    .table("revocations")
                    .col("created_at")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("revocations").to_owned())
            .await?;
        Ok(())
    }
}
