use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// A session may have had thousands of refresh tokens: the list of sessions asks for the latest of each.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                Index::create()
                    .name("refresh_tokens_session_id_created_at_idx")
                    .table("refresh_tokens")
                    .col("session_id")
                    .col("created_at")
                    .to_owned(),
            )
            .await?;
        manager
            .drop_index(
                Index::drop()
                    .name("refresh_tokens_session_id_idx")
                    .table("refresh_tokens")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                Index::create()
                    .name("refresh_tokens_session_id_idx")
                    .table("refresh_tokens")
                    .col("session_id")
                    .to_owned(),
            )
            .await?;
        manager
            .drop_index(
                Index::drop()
                    .name("refresh_tokens_session_id_created_at_idx")
                    .table("refresh_tokens")
                    .to_owned(),
            )
            .await
    }
}
