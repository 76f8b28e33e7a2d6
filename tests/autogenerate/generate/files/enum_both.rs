//! Add things.
//!
//! To be reviewed. Up:
//! - SQLite: add column shirt.size (enum_text, null)
//! - PostgreSQL: create enum size ('s', 'm')
//! - PostgreSQL: add column shirt.size (size, null)
//!
//! Down:
//! - drop column shirt.size, DESTRUCTIVE: values are lost
//! - PostgreSQL: drop enum size

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
                        .as_enum("size")
                        .values(["s", "m"])
                        .to_owned(),
                )
                .await?;
        }
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
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .drop_type(extension::postgres::Type::drop().name("size").to_owned())
                .await?;
        }
        Ok(())
    }
}
