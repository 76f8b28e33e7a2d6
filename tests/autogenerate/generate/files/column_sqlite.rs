//! Add things.
//!
//! To be reviewed. Up:
//! - add column shop.town (varchar(20), not null, default 'Ulm')
//! - add column shop.open (boolean, null)
//!
//! Down:
//! - drop column shop.town, DESTRUCTIVE: values are lost
//! - drop column shop.open, DESTRUCTIVE: values are lost

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("shop")
                    .add_column(
                        ColumnDef::new("town")
                            .string_len(20)
                            .default("Ulm")
                            .not_null(),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("shop")
                    .add_column(ColumnDef::new("open").boolean())
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("shop").drop_column("town").to_owned())
            .await?;
        manager
            .alter_table(Table::alter().table("shop").drop_column("open").to_owned())
            .await?;
        Ok(())
    }
}
