use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for permission in PERMISSIONS {
            let granted = Query::select()
                .column("id")
                .expr(Expr::val(permission))
                .from("roles")
                .and_where(Expr::col("name").eq("administrator"))
                .to_owned();
            let mut insert = Query::insert()
                .into_table("role_permissions")
                .columns(["role_id", "permission"])
                .on_conflict(OnConflict::new().do_nothing().to_owned())
                .to_owned();
            insert
                .select_from(granted)
                .map_err(|it| DbErr::Migration(it.to_string()))?;
            manager.execute(insert).await?;
        }
        Ok(())
    }

    /// From everybody who has them by now: the version before this one knows no such permissions.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let delete = Query::delete()
            .from_table("role_permissions")
            .and_where(Expr::col("permission").is_in(PERMISSIONS))
            .to_owned();
        manager.execute(delete).await
    }
}

const PERMISSIONS: [&str; 2] = ["dead_letters:read", "dead_letters:manage"];
