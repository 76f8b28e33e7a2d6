//! `cargo migrate`

use std::process::ExitCode;

use migration::{LOCK, Migrator};
use sea_orm::DbBackend;
use sea_orm_autogenerate::{Entities, Project};

const MIGRATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../migration");

#[tokio::main]
async fn main() -> ExitCode {
    let entities = Entities::new()
        .all_of("shop") // one that is forgotten below is an error
        .with(shop::supplier::Entity)
        .with(shop::product::Entity);
    Project::<Migrator>::of(entities, MIGRATION)
        .called("cargo migrate")
        .sealed_by(LOCK)
        .engines(&[DbBackend::Sqlite]) // and DbBackend::Postgres, or that alone
        .database("sqlite://shop.db") // unless --database or DATABASE_URL says another
        .main()
        .await
}
