//! Add things.
//!
//! To be reviewed. Up:
//! - add column shirt.size (enum_text, null)
//!
//! Down:
//! - drop column shirt.size, DESTRUCTIVE: values are lost

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("shirt")
                    .add_column(ColumnDef::new("size").enumeration("size", ["s", "m"]))
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("shirt").drop_column("size").to_owned())
            .await?;
        Ok(())
    }
}
