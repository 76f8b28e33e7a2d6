use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// SHA-256 of the secret, which is kept nowhere.
    #[sea_orm(column_type = "Blob")]
    pub hash: Vec<u8>,
    /// Names of permissions, with blanks between them (RFC 6749, section 3.3).
    #[sea_orm(column_type = "Text")]
    pub scopes: String,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    /// To the minute.
    pub last_used_at: Option<DateTimeUtc>,
    #[sea_orm(
        belongs_to,
        relation_enum = "User",
        from = "user_id",
        to = "id",
        on_delete = "Cascade"
    )]
    pub user: BelongsTo<crate::users::entity::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
