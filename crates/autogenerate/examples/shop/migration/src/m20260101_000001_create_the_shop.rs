//! Create the shop.
//!
//! To be reviewed. Up:
//! - create table suppliers
//! - create index suppliers_name_key on suppliers unique (name)
//! - create table products
//! - create index idx-products-name on products (name)
//! - create index products_code_key on products unique (code)
//! - PostgreSQL: create enum product_state ('draft', 'on_sale')
//!
//! Down:
//! - drop table products, DESTRUCTIVE: values are lost
//! - drop table suppliers, DESTRUCTIVE: values are lost
//! - PostgreSQL: drop enum product_state

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .create_type(
                    extension::postgres::Type::create()
                        .as_enum("product_state")
                        .values(["draft", "on_sale"])
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("suppliers")
                    .col(
                        ColumnDef::new("id")
                            .integer()
                            .not_null()
                            .auto_increment()
                            .primary_key(),
                    )
                    .col(ColumnDef::new("name").string().not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("suppliers_name_key")
                    .table("suppliers")
                    .col("name")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("products")
                    .col(
                        ColumnDef::new("id")
                            .integer()
                            .not_null()
                            .auto_increment()
                            .primary_key(),
                    )
                    .col(ColumnDef::new("code").string().not_null())
                    .col(ColumnDef::new("name").string().not_null())
                    .col(ColumnDef::new("description").text())
                    .col(ColumnDef::new("cents").big_integer().not_null())
                    .col(
                        ColumnDef::new("state")
                            .enumeration("product_state", ["draft", "on_sale"])
                            .not_null(),
                    )
                    .col(ColumnDef::new("supplier_id").integer().not_null())
                    .foreign_key(
                        ForeignKey::create()
                            .name("products_supplier_id_fkey")
                            .from("products", "supplier_id")
                            .to("suppliers", "id")
                            .on_delete(ForeignKeyAction::Restrict),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("idx-products-name")
                    .table("products")
                    .col("name")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("products_code_key")
                    .table("products")
                    .col("code")
                    .unique()
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("products").to_owned())
            .await?;
        manager
            .drop_table(Table::drop().table("suppliers").to_owned())
            .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .drop_type(
                    extension::postgres::Type::drop()
                        .name("product_state")
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
