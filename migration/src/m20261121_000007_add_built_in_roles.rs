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
        manager.execute(keeping_what_is_there(roles)).await?;

        let mut permissions = Query::insert()
            .into_table("role_permissions")
            .columns(["role_id", "permission"])
            .to_owned();
        for permission in PERMISSIONS {
            permissions.values_panic([ADMINISTRATOR.into(), (*permission).into()]);
        }
        manager.execute(keeping_what_is_there(permissions)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A role that somebody has stays: who takes a step back and forth again must not find
        // everybody without their roles.
        let held = Query::select()
            .column("role_id")
            .from("user_roles")
            .to_owned();
        let delete = Query::delete()
            .from_table("roles")
            .and_where(Expr::col("id").is_in([ADMINISTRATOR, MEMBER]))
            .and_where(Expr::col("id").not_in_subquery(held))
            .to_owned();
        manager.execute(delete).await
    }
}

fn keeping_what_is_there(mut insert: InsertStatement) -> InsertStatement {
    insert
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .to_owned()
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
