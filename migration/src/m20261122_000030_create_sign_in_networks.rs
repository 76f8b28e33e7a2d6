//! From which networks the password of an account was right.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("sign_in_networks")
                    .col(ColumnDef::new("user_id").uuid().not_null())
                    .col(ColumnDef::new("network").text().not_null())
                    .col(
                        ColumnDef::new("last_success_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .primary_key(Index::create().col("user_id").col("network"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("sign_in_networks_user_id_fkey")
                            .from("sign_in_networks", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("sign_in_networks_last_success_at_idx")
                    .table("sign_in_networks")
                    .col("last_success_at")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("sign_in_networks").to_owned())
            .await?;
        Ok(())
    }
}
