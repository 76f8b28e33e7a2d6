use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The index that finds what is due lists dead letters, too, once it has the id, in which a page may end.
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, OLD, NEW).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, NEW, OLD).await
    }
}

type Columns = (&'static str, &'static [&'static str]);

const OLD: Columns = ("outbox_messages_status_due_at_idx", &["status", "due_at"]);
const NEW: Columns = (
    "outbox_messages_status_due_at_id_idx",
    &["status", "due_at", "id"],
);

async fn replace(manager: &SchemaManager<'_>, old: Columns, new: Columns) -> Result<(), DbErr> {
    let (name, columns) = new;
    let mut index = Index::create().name(name).table(TABLE).to_owned();
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await?;
    let (name, _) = old;
    manager
        .drop_index(Index::drop().name(name).table(TABLE).to_owned())
        .await
}

const TABLE: &str = "outbox_messages";
