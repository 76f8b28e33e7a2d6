use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Indexes by which what is over is found, and deleted.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, column) in INDEXES {
            let mut index = Index::create().name(*name).table(*table).to_owned();
            manager.create_index(index.col(*column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, _) in INDEXES {
            manager
                .drop_index(Index::drop().name(*name).table(*table).to_owned())
                .await?;
        }
        Ok(())
    }
}

const INDEXES: &[(&str, &str, &str)] = &[
    ("sessions_ended_at_idx", "sessions", "ended_at"),
    ("sessions_expires_at_idx", "sessions", "expires_at"),
    ("api_keys_expires_at_idx", "api_keys", "expires_at"),
];
