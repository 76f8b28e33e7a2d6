//! What a role grants.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_permissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub permission: String,
    #[sea_orm(
        belongs_to,
        relation_enum = "Role",
        from = "role_id",
        to = "id",
        on_delete = "Cascade"
    )]
    pub role: BelongsTo<super::entity::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
