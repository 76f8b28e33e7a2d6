use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Blob")]
    pub hash: Vec<u8>,
    pub session_id: Uuid,
    #[sea_orm(column_type = "Blob")]
    pub salt: Vec<u8>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    #[sea_orm(
        belongs_to,
        relation_enum = "Session",
        from = "session_id",
        to = "id",
        on_delete = "Cascade"
    )]
    pub session: BelongsTo<super::entity::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
