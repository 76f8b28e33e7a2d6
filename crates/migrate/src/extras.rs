use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// What Ashlar's entities have no words for.
///
/// # Errors
/// When it does not fit the tables of the entities.
pub async fn extras(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (name, table, columns) in INDEXES {
        let mut index = Index::create().name(*name).table(*table).to_owned();
        for column in *columns {
            index.col(*column);
        }
        manager.create_index(index).await?;
    }
    if manager.get_database_backend() == DbBackend::Postgres {
        for column in ORDERED_BY_BYTES {
            let collate =
                format!("ALTER TABLE users ALTER COLUMN {column} TYPE text COLLATE \"C\"");
            let connection = manager.get_connection();
            connection.execute_unprepared(&collate).await?;
        }
    }
    Ok(())
}

const INDEXES: &[(&str, &str, &[&str])] = &[
    ("users_created_at_id_idx", "users", &["created_at", "id"]),
    (
        "users_display_name_folded_id_idx",
        "users",
        &["display_name_folded", "id"],
    ),
    (
        "users_status_created_at_id_idx",
        "users",
        &["status", "created_at", "id"],
    ),
    (
        "user_roles_role_id_idx",
        "user_roles",
        &["role_id", "user_id"],
    ),
    ("sessions_user_id_idx", "sessions", &["user_id"]),
    (
        "refresh_tokens_session_id_idx",
        "refresh_tokens",
        &["session_id"],
    ),
    ("revocations_created_at_idx", "revocations", &["created_at"]),
];

/// Columns of users that are searched by their beginning, on either engine in the same order.
const ORDERED_BY_BYTES: &[&str] = &["email", "display_name_folded"];
