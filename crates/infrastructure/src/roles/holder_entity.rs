//! Who has which role.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: Uuid,
    #[sea_orm(
        belongs_to,
        relation_enum = "User",
        from = "user_id",
        to = "id",
        on_delete = "Cascade"
    )]
    pub user: BelongsTo<crate::users::entity::Entity>,
    #[sea_orm(
        belongs_to,
        relation_enum = "Role",
        from = "role_id",
        to = "id",
        on_delete = "Restrict"
    )]
    pub role: BelongsTo<super::entity::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
