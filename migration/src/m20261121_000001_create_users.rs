use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        manager
            .create_table(
                Table::create()
                    .table("users")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(ordered_by_bytes("email", backend))
                    .col(ColumnDef::new("display_name").text().not_null())
                    .col(ordered_by_bytes("display_name_folded", backend))
                    .col(ColumnDef::new("status").text().not_null())
                    .col(ColumnDef::new("version").big_integer().not_null())
                    .col(ColumnDef::new("token_version").big_integer().not_null())
                    .col(
                        ColumnDef::new("created_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(
                        ColumnDef::new("updated_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("users_email_key")
                    .table("users")
                    .col("email")
                    .unique()
                    .to_owned(),
            )
            .await?;
        for (name, columns) in INDEXES {
            let mut index = Index::create().name(*name).table("users").to_owned();
            for column in *columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("users").to_owned())
            .await
    }
}

/// One for each order and filter of the list.
const INDEXES: &[(&str, &[&str])] = &[
    ("users_created_at_id_idx", &["created_at", "id"]),
    (
        "users_display_name_folded_id_idx",
        &["display_name_folded", "id"],
    ),
    (
        "users_status_created_at_id_idx",
        &["status", "created_at", "id"],
    ),
];

/// Text that is searched by its beginning and sorted the same way on both engines, whatever the
/// database's locale.
fn ordered_by_bytes(name: &'static str, backend: DbBackend) -> ColumnDef {
    let mut column = ColumnDef::new(name).text().not_null().to_owned();
    if backend == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}
