use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Blob")]
    pub hash: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    pub purpose: String,
    /// Whose it is, or one of the two that follow is there.
    pub user_id: Option<Uuid>,
    pub registration_id: Option<Uuid>,
    pub email_change_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    #[sea_orm(
        belongs_to,
        relation_enum = "User",
        from = "user_id",
        to = "id",
        on_delete = "Cascade"
    )]
    pub user: BelongsTo<Option<crate::users::entity::Entity>>,
    #[sea_orm(
        belongs_to,
        relation_enum = "Registration",
        from = "registration_id",
        to = "id",
        on_delete = "Cascade"
    )]
    pub registration: BelongsTo<Option<crate::registrations::entity::Entity>>,
    #[sea_orm(
        belongs_to,
        relation_enum = "EmailChange",
        from = "email_change_id",
        to = "id",
        on_delete = "Cascade"
    )]
    pub email_change: BelongsTo<Option<crate::email_changes::entity::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
