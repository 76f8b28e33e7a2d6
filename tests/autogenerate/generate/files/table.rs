//! Add things.
//!
//! To be reviewed. Up:
//! - create table cake
//! - create index cake_name_once on cake unique (name)
//! - create index cake_of_shop on cake (shop, name desc) where shop > 0
//!
//! Down:
//! - drop table cake, DESTRUCTIVE: values are lost

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("cake")
                    .col(ColumnDef::new("id").integer().not_null().primary_key())
                    .col(ColumnDef::new("shop").integer().not_null())
                    .col(ColumnDef::new("name").text().not_null())
                    .col(ColumnDef::new("price").integer().default(1).not_null())
                    .col(ColumnDef::new("round").boolean())
                    .check(("cake_price_check", Expr::cust("price > 0")))
                    .foreign_key(
                        ForeignKey::create()
                            .name("cake_shop_fkey")
                            .from("cake", "shop")
                            .to("shop", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("cake_name_once")
                    .table("cake")
                    .col("name")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("cake_of_shop")
                    .table("cake")
                    .col("shop")
                    .col(("name", IndexOrder::Desc))
                    .and_where(Expr::cust("shop > 0"))
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("cake").to_owned())
            .await?;
        Ok(())
    }
}
