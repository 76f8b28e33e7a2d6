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
    let append_only = match manager.get_database_backend() {
        DbBackend::Postgres => APPEND_ONLY_POSTGRES,
        _ => APPEND_ONLY_SQLITE,
    };
    let connection = manager.get_connection();
    connection.execute_unprepared(append_only).await?;
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
    ("sessions_ended_at_idx", "sessions", &["ended_at"]),
    ("sessions_expires_at_idx", "sessions", &["expires_at"]),
    (
        "sign_in_networks_last_success_at_idx",
        "sign_in_networks",
        &["last_success_at"],
    ),
    (
        "refresh_tokens_session_id_created_at_idx",
        "refresh_tokens",
        &["session_id", "created_at"],
    ),
    (
        "one_time_tokens_user_id_idx",
        "one_time_tokens",
        &["user_id"],
    ),
    (
        "one_time_tokens_expires_at_idx",
        "one_time_tokens",
        &["expires_at"],
    ),
    (
        "outbox_messages_status_due_at_id_idx",
        "outbox_messages",
        &["status", "due_at", "id"],
    ),
    (
        "outbox_messages_user_id_idx",
        "outbox_messages",
        &["user_id"],
    ),
    ("outbox_messages_email_idx", "outbox_messages", &["email"]),
    (
        "outbox_messages_registration_id_idx",
        "outbox_messages",
        &["registration_id"],
    ),
    (
        "one_time_tokens_registration_id_idx",
        "one_time_tokens",
        &["registration_id"],
    ),
    (
        "registrations_created_at_idx",
        "registrations",
        &["created_at"],
    ),
    (
        "email_changes_user_id_id_idx",
        "email_changes",
        &["user_id", "id"],
    ),
    (
        "email_changes_requested_at_idx",
        "email_changes",
        &["requested_at"],
    ),
    (
        "outbox_messages_email_change_id_idx",
        "outbox_messages",
        &["email_change_id"],
    ),
    (
        "one_time_tokens_email_change_id_idx",
        "one_time_tokens",
        &["email_change_id"],
    ),
    ("api_keys_user_id_idx", "api_keys", &["user_id"]),
    ("api_keys_expires_at_idx", "api_keys", &["expires_at"]),
    ("revocations_created_at_idx", "revocations", &["created_at"]),
    (
        "audit_events_occurred_at_id_idx",
        "audit_events",
        &["occurred_at", "id"],
    ),
    (
        "audit_events_actor_id_occurred_at_id_idx",
        "audit_events",
        &["actor_id", "occurred_at", "id"],
    ),
    (
        "audit_events_action_occurred_at_id_idx",
        "audit_events",
        &["action", "occurred_at", "id"],
    ),
    ("projects_owner_id_id_idx", "projects", &["owner_id", "id"]),
];

/// Columns of users that are searched by their beginning, on either engine in the same order.
const ORDERED_BY_BYTES: &[&str] = &["email", "display_name_folded"];

/// Audit events are written once. Those of the last 90 days stay, whoever asks: what cleans up may delete older ones.
const APPEND_ONLY_POSTGRES: &str = "
    CREATE FUNCTION audit_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.occurred_at < now() - interval '90 days' THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'audit_events is append-only';
    END $$;
    CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
        FOR EACH ROW EXECUTE FUNCTION audit_events_append_only();
    CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only();
";

/// The same. REPLACE deletes without a trigger for DELETE, so an id that is there is refused before.
const APPEND_ONLY_SQLITE: &str = "
    CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;
    CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
        WHEN OLD.occurred_at > strftime('%Y-%m-%dT%H:%M:%S', 'now', '-90 days')
        BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;
    CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
        WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;
";
