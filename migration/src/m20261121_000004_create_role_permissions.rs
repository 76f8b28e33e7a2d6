use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("role_permissions")
                    .col(ColumnDef::new("role_id").uuid().not_null())
                    .col(ColumnDef::new("permission").text().not_null())
                    .primary_key(
                        Index::create()
                            .name("role_permissions_pkey")
                            .col("role_id")
                            .col("permission"),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("role_permissions_role_id_fkey")
                            .from("role_permissions", "role_id")
                            .to("roles", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("role_permissions").to_owned())
            .await
    }
}
