//! Ashlar's migrations, oldest first, and how they are run.
//!
//! A migration names tables and columns by text and sees no entity: what it means must not change
//! when the code around it does.
//! ```
//! use ashlar_migration::Migrator;
//! ```
//! ```compile_fail,E0432
//! use ashlar_infrastructure::Store;
//! ```

mod runner;

mod m20261121_000001_create_users;
mod m20261121_000002_create_credentials;
mod m20261121_000003_create_roles;
mod m20261121_000004_create_role_permissions;
mod m20261121_000005_create_user_roles;
mod m20261121_000006_create_sessions;
mod m20261121_000007_add_built_in_roles;

use sea_orm_migration::prelude::*;

pub use runner::{Applied, down, status, up};

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
        ]
    }
}
