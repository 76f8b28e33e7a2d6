use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::{DateTimeUtc, Uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut roles = Query::insert()
            .into_table("roles")
            .columns([
                "id",
                "name",
                "description",
                "built_in",
                "version",
                "created_at",
                "updated_at",
            ])
            .to_owned();
        for (id, name, description) in [
            (ADMINISTRATOR, "administrator", "May do everything"),
            (MEMBER, "member", "Everybody with an account"),
        ] {
            let created = DateTimeUtc::UNIX_EPOCH;
            roles.values_panic([
                id.into(),
                name.into(),
                description.into(),
                true.into(),
                1_i64.into(),
                created.into(),
                created.into(),
            ]);
        }
        manager.execute(roles).await?;

        let mut permissions = Query::insert()
            .into_table("role_permissions")
            .columns(["role_id", "permission"])
            .to_owned();
        for permission in PERMISSIONS {
            permissions.values_panic([ADMINISTRATOR.into(), (*permission).into()]);
        }
        manager.execute(permissions).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let built_in = [ADMINISTRATOR, MEMBER];
        for (table, column) in [("user_roles", "role_id"), ("roles", "id")] {
            let delete = Query::delete()
                .from_table(table)
                .and_where(Expr::col(column).is_in(built_in))
                .to_owned();
            manager.execute(delete).await?;
        }
        Ok(())
    }
}

const ADMINISTRATOR: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);
const MEMBER: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0002);

/// What there was to grant when this was written. A later permission comes with a migration of
/// its own that grants it to the administrators.
const PERMISSIONS: &[&str] = &[
    "users:read",
    "users:create",
    "users:update",
    "users:delete",
    "users:activate",
];
