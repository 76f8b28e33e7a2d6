//! Mail that is still to be sent, and the tokens in it.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_one_time_tokens(manager).await?;
        create_outbox_messages(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("outbox_messages").to_owned())
            .await?;
        manager
            .drop_table(Table::drop().table("one_time_tokens").to_owned())
            .await?;
        Ok(())
    }
}

async fn create_one_time_tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("one_time_tokens")
                .col(ColumnDef::new("hash").blob().not_null().primary_key())
                .col(ColumnDef::new("purpose").text().not_null())
                .col(ColumnDef::new("user_id").uuid().not_null())
                .col(
                    ColumnDef::new("created_at")
                        .timestamp_with_time_zone()
                        .not_null(),
                )
                .col(
                    ColumnDef::new("expires_at")
                        .timestamp_with_time_zone()
                        .not_null(),
                )
                .foreign_key(
                    ForeignKey::create()
                        .name("one_time_tokens_user_id_fkey")
                        .from("one_time_tokens", "user_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("one_time_tokens_expires_at_idx")
                .table("one_time_tokens")
                .col("expires_at")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("one_time_tokens_user_id_idx")
                .table("one_time_tokens")
                .col("user_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn create_outbox_messages(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("outbox_messages")
                .col(ColumnDef::new("id").uuid().not_null().primary_key())
                .col(ColumnDef::new("purpose").text().not_null())
                .col(ColumnDef::new("user_id").uuid())
                .col(ColumnDef::new("email").text())
                .col(ColumnDef::new("status").text().not_null())
                .col(ColumnDef::new("attempts").big_integer().not_null())
                .col(
                    ColumnDef::new("due_at")
                        .timestamp_with_time_zone()
                        .not_null(),
                )
                .col(
                    ColumnDef::new("created_at")
                        .timestamp_with_time_zone()
                        .not_null(),
                )
                .col(ColumnDef::new("failure").text())
                .foreign_key(
                    ForeignKey::create()
                        .name("outbox_messages_user_id_fkey")
                        .from("outbox_messages", "user_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("outbox_messages_email_idx")
                .table("outbox_messages")
                .col("email")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("outbox_messages_status_due_at_idx")
                .table("outbox_messages")
                .col("status")
                .col("due_at")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("outbox_messages_user_id_idx")
                .table("outbox_messages")
                .col("user_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}
