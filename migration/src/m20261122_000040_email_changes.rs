//! Other addresses for accounts, which their owners ask for and can take back, and the tokens and the mail of that.
//!
//! Down forgets what was asked for, with what is on its way to its readers: nobody can take a change back any more.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_email_changes_and_columns(manager).await?;
        add_indexes_and_foreign_keys(manager).await?;
        up_3(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        forget_tokens_and_mail(manager).await?;
        drop_foreign_keys_and_indexes(manager).await?;
        rebuild_one_time_tokens_as_it_was(manager).await?;
        rebuild_outbox_messages_as_it_was(manager).await?;
        drop_columns_and_table(manager).await?;
        Ok(())
    }
}

async fn create_email_changes_and_columns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("email_changes")
                .col(ColumnDef::new("id").uuid().not_null().primary_key())
                .col(ColumnDef::new("user_id").uuid().not_null())
                .col(ColumnDef::new("old_email").text().not_null())
                .col(ColumnDef::new("new_email").text().not_null())
                .col(
                    ColumnDef::new("requested_at")
                        .timestamp_with_time_zone()
                        .not_null(),
                )
                .col(ColumnDef::new("confirmed_at").timestamp_with_time_zone())
                .foreign_key(
                    ForeignKey::create()
                        .name("email_changes_user_id_fkey")
                        .from("email_changes", "user_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("email_changes_requested_at_idx")
                .table("email_changes")
                .col("requested_at")
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("email_changes_user_id_id_idx")
                .table("email_changes")
                .col("user_id")
                .col("id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn add_indexes_and_foreign_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        manager.get_connection().execute_unprepared(r#"ALTER TABLE "one_time_tokens" ADD COLUMN "email_change_id" uuid_text CONSTRAINT "one_time_tokens_email_change_id_fkey" REFERENCES "email_changes" ("id") ON DELETE CASCADE"#).await?;
    } else {
        manager
            .alter_table(
                Table::alter()
                    .table("one_time_tokens")
                    .add_column(ColumnDef::new("email_change_id").uuid())
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("outbox_messages")
                    .add_column(ColumnDef::new("email_change_id").uuid())
                    .to_owned(),
            )
            .await?;
    }
    manager
        .create_index(
            Index::create()
                .name("one_time_tokens_email_change_id_idx")
                .table("one_time_tokens")
                .col("email_change_id")
                .to_owned(),
        )
        .await?;
    if manager.get_database_backend() == DbBackend::Sqlite {
        manager.get_connection().execute_unprepared(r#"ALTER TABLE "outbox_messages" ADD COLUMN "email_change_id" uuid_text CONSTRAINT "outbox_messages_email_change_id_fkey" REFERENCES "email_changes" ("id") ON DELETE CASCADE"#).await?;
    }
    manager
        .create_index(
            Index::create()
                .name("outbox_messages_email_change_id_idx")
                .table("outbox_messages")
                .col("email_change_id")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn up_3(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        manager
            .create_foreign_key(
                ForeignKey::create()
                    .name("one_time_tokens_email_change_id_fkey")
                    .from("one_time_tokens", "email_change_id")
                    .to("email_changes", "id")
                    .on_delete(ForeignKeyAction::Cascade)
                    .to_owned(),
            )
            .await?;
        manager
            .create_foreign_key(
                ForeignKey::create()
                    .name("outbox_messages_email_change_id_fkey")
                    .from("outbox_messages", "email_change_id")
                    .to("email_changes", "id")
                    .on_delete(ForeignKeyAction::Cascade)
                    .to_owned(),
            )
            .await?;
    }
    Ok(())
}

/// The servers of before know no such purpose.
async fn forget_tokens_and_mail(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for table in ["one_time_tokens", "outbox_messages"] {
        let forget = format!("DELETE FROM {table} WHERE email_change_id IS NOT NULL");
        manager.get_connection().execute_unprepared(&forget).await?;
    }
    Ok(())
}

async fn drop_foreign_keys_and_indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        manager
            .drop_foreign_key(
                ForeignKey::drop()
                    .name("one_time_tokens_email_change_id_fkey")
                    .table("one_time_tokens")
                    .to_owned(),
            )
            .await?;
        manager
            .drop_foreign_key(
                ForeignKey::drop()
                    .name("outbox_messages_email_change_id_fkey")
                    .table("outbox_messages")
                    .to_owned(),
            )
            .await?;
    }
    manager
        .drop_index(
            Index::drop()
                .name("one_time_tokens_email_change_id_idx")
                .table("one_time_tokens")
                .to_owned(),
        )
        .await?;
    manager
        .drop_index(
            Index::drop()
                .name("outbox_messages_email_change_id_idx")
                .table("outbox_messages")
                .to_owned(),
        )
        .await?;
    Ok(())
}

async fn rebuild_one_time_tokens_as_it_was(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        sea_orm_migration_runner::rebuild(
            manager,
            Table::create()
                .table("one_time_tokens")
                .col(ColumnDef::new("hash").blob().not_null().primary_key())
                .col(ColumnDef::new("purpose").text().not_null())
                .col(ColumnDef::new("user_id").uuid())
                .col(ColumnDef::new("registration_id").uuid())
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
                        .name("one_time_tokens_registration_id_fkey")
                        .from("one_time_tokens", "registration_id")
                        .to("registrations", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .name("one_time_tokens_user_id_fkey")
                        .from("one_time_tokens", "user_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
            &[
                "hash",
                "purpose",
                "user_id",
                "registration_id",
                "created_at",
                "expires_at",
            ],
            &[],
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
                    .name("one_time_tokens_registration_id_idx")
                    .table("one_time_tokens")
                    .col("registration_id")
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
    }
    Ok(())
}

async fn rebuild_outbox_messages_as_it_was(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        sea_orm_migration_runner::rebuild(
            manager,
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
                .col(ColumnDef::new("registration_id").uuid())
                .foreign_key(
                    ForeignKey::create()
                        .name("outbox_messages_registration_id_fkey")
                        .from("outbox_messages", "registration_id")
                        .to("registrations", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .name("outbox_messages_user_id_fkey")
                        .from("outbox_messages", "user_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
            &[
                "id",
                "purpose",
                "user_id",
                "email",
                "status",
                "attempts",
                "due_at",
                "created_at",
                "failure",
                "registration_id",
            ],
            &[],
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
                    .name("outbox_messages_registration_id_idx")
                    .table("outbox_messages")
                    .col("registration_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("outbox_messages_status_due_at_id_idx")
                    .table("outbox_messages")
                    .col("status")
                    .col("due_at")
                    .col("id")
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
    }
    Ok(())
}

async fn drop_columns_and_table(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        manager
            .alter_table(
                Table::alter()
                    .table("one_time_tokens")
                    .drop_column("email_change_id")
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("outbox_messages")
                    .drop_column("email_change_id")
                    .to_owned(),
            )
            .await?;
    }
    manager
        .drop_table(Table::drop().table("email_changes").to_owned())
        .await?;
    Ok(())
}
