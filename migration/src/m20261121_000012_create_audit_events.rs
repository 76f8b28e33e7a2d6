use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("audit_events")
                    .col(ColumnDef::new("id").uuid().not_null().primary_key())
                    .col(
                        ColumnDef::new("occurred_at")
                            .timestamp_with_time_zone()
                            .not_null(),
                    )
                    .col(ColumnDef::new("action").text().not_null())
                    .col(ColumnDef::new("actor").text().not_null())
                    .col(ColumnDef::new("actor_id").uuid())
                    .col(ColumnDef::new("target").text())
                    .col(ColumnDef::new("target_id").uuid())
                    .col(ColumnDef::new("request_id").uuid().not_null())
                    .col(ColumnDef::new("network").text())
                    .to_owned(),
            )
            .await?;
        for (name, columns) in INDEXES {
            let mut index = Index::create().name(*name).table("audit_events").to_owned();
            for column in *columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        let append_only = match manager.get_database_backend() {
            DbBackend::Postgres => APPEND_ONLY_POSTGRES,
            _ => APPEND_ONLY_SQLITE,
        };
        let connection = manager.get_connection();
        connection.execute_unprepared(append_only).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The triggers go with it.
        manager
            .drop_table(Table::drop().table("audit_events").to_owned())
            .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            let connection = manager.get_connection();
            let function = "DROP FUNCTION audit_events_append_only()";
            connection.execute_unprepared(function).await?;
        }
        Ok(())
    }
}

const INDEXES: &[(&str, &[&str])] = &[
    ("audit_events_occurred_at_id_idx", &["occurred_at", "id"]),
    (
        "audit_events_actor_id_occurred_at_id_idx",
        &["actor_id", "occurred_at", "id"],
    ),
    (
        "audit_events_action_occurred_at_id_idx",
        &["action", "occurred_at", "id"],
    ),
];

/// Rows are written once. What cleans up may delete those that are older than 90 days, and nobody a younger one: that
/// needs no switch which somebody could find, and holds on both engines alike. PCI DSS 4.0, 10.5.1, wants three
/// months at hand.
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
