use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let granted = Query::select()
            .column("id")
            .expr(Expr::val(PERMISSION))
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
        manager.execute(insert).await
    }

    /// From everybody who has it by now: the version before this one knows no such permission.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let delete = Query::delete()
            .from_table("role_permissions")
            .and_where(Expr::col("permission").eq(PERMISSION))
            .to_owned();
        manager.execute(delete).await
    }
}

const PERMISSION: &str = "projects:read_all";
