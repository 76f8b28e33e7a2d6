use sea_orm::entity::prelude::*;

/// No foreign keys: what was done stays when those are gone who did it, and to whom.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub occurred_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub action: String,
    /// `user`, `anonymous`, or why the system acted by itself.
    #[sea_orm(column_type = "Text")]
    pub actor: String,
    pub actor_id: Option<Uuid>,
    /// The key that the actor came with.
    pub api_key_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub target: Option<String>,
    pub target_id: Option<Uuid>,
    pub request_id: Uuid,
    #[sea_orm(column_type = "Text", nullable)]
    pub network: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
