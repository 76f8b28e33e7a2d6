//! The shop's migrations, oldest first.

mod m20260101_000001_create_the_shop;
// Above this line: new modules.

use sea_orm_migration::prelude::*;

/// What makes an edit of a migration that a database has already known there.
pub const LOCK: &str = include_str!("../migrations.lock");

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260101_000001_create_the_shop::Migration),
            // Above this line: new migrations.
        ]
    }
}
