//! Ashlar's migrations, oldest first.
//!
//! A migration names tables and columns by text and sees no entity: what it means must not change
//! when the code around it does.
//! ```
//! use ashlar_migration::Migrator;
//! ```
//! ```compile_fail,E0432
//! use ashlar_infrastructure::Store;
//! ```

mod m20261121_000001_create_users;
mod m20261121_000002_create_credentials;
mod m20261121_000003_create_roles;
mod m20261121_000004_create_role_permissions;
mod m20261121_000005_create_user_roles;
mod m20261121_000006_create_sessions;
mod m20261121_000007_add_built_in_roles;
mod m20261121_000008_create_refresh_tokens;
mod m20261121_000009_create_revocations;
mod m20261121_000011_grant_users_sessions;
mod m20261121_000012_create_audit_events;
mod m20261121_000013_grant_audit;
mod m20261121_000014_grant_roles;
mod m20261122_000016_create_api_keys;
mod m20261122_000017_create_signing_keys;
mod m20261122_000018_create_projects;
mod m20261122_000019_grant_projects_read_all;
mod m20261122_000020_create_outbox;
mod m20261122_000027_grant_tokens_introspect;
mod m20261122_000028_registrations;
mod m20261122_000030_create_sign_in_networks;
mod m20261122_000034_list_dead_letters;
mod m20261122_000035_grant_dead_letters;
mod m20261122_000036_find_what_is_over;
mod m20261122_000040_email_changes;
mod m20261122_000041_find_the_latest_refresh_token;
mod m20261122_000042_tell_keys_in_audit_events;
// Above this line: new modules.

use sea_orm_migration::prelude::*;
use sea_orm_migration_runner::Runner;

/// What brings a database up to them.
#[must_use]
pub fn runner() -> Runner {
    Runner::of::<Migrator>().sealed_by(LOCK)
}

/// What makes an edit of a migration that a database has already known there.
pub const LOCK: &str = include_str!("../migrations.lock");

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_users::Migration),
            Box::new(m20261121_000002_create_credentials::Migration),
            Box::new(m20261121_000003_create_roles::Migration),
            Box::new(m20261121_000004_create_role_permissions::Migration),
            Box::new(m20261121_000005_create_user_roles::Migration),
            Box::new(m20261121_000006_create_sessions::Migration),
            Box::new(m20261121_000007_add_built_in_roles::Migration),
            Box::new(m20261121_000008_create_refresh_tokens::Migration),
            Box::new(m20261121_000009_create_revocations::Migration),
            Box::new(m20261121_000011_grant_users_sessions::Migration),
            Box::new(m20261121_000012_create_audit_events::Migration),
            Box::new(m20261121_000013_grant_audit::Migration),
            Box::new(m20261121_000014_grant_roles::Migration),
            Box::new(m20261122_000016_create_api_keys::Migration),
            Box::new(m20261122_000017_create_signing_keys::Migration),
            Box::new(m20261122_000018_create_projects::Migration),
            Box::new(m20261122_000019_grant_projects_read_all::Migration),
            Box::new(m20261122_000020_create_outbox::Migration),
            Box::new(m20261122_000027_grant_tokens_introspect::Migration),
            Box::new(m20261122_000028_registrations::Migration),
            Box::new(m20261122_000030_create_sign_in_networks::Migration),
            Box::new(m20261122_000034_list_dead_letters::Migration),
            Box::new(m20261122_000035_grant_dead_letters::Migration),
            Box::new(m20261122_000036_find_what_is_over::Migration),
            Box::new(m20261122_000040_email_changes::Migration),
            Box::new(m20261122_000041_find_the_latest_refresh_token::Migration),
            Box::new(m20261122_000042_tell_keys_in_audit_events::Migration),
            // Above this line: new migrations.
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use sea_orm_migration_runner::seal;

    use super::*;

    #[test]
    fn the_lock_is_current() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let sources = seal::sources::<Migrator>(&folder).unwrap();

        let sealed = seal::seal(LOCK, &sources, &[]).unwrap_or_else(|fault| panic!("{fault}"));

        assert_eq!(sealed, LOCK, "run `cargo migrate seal`");
        assert_eq!(runner().heads().len(), 1);
    }
}
