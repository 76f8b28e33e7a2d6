use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox_messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub purpose: String,
    /// Whom it is for, or one of the three that follow is there; both, where it goes to an address that may not be theirs.
    pub user_id: Option<Uuid>,
    pub registration_id: Option<Uuid>,
    pub email_change_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    pub attempts: i64,
    pub due_at: DateTimeUtc,
    pub created_at: DateTimeUtc,
    #[sea_orm(column_type = "Text", nullable)]
    pub failure: Option<String>,
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
