//! `cargo migrate`

use std::process::ExitCode;

use migration::{LOCK, Migrator};
use sea_orm::DbBackend;
use sea_orm_autogenerate::{Entities, Project};

#[tokio::main]
async fn main() -> ExitCode {
    let entities = Entities::new()
        .all_of("shop") // one that is forgotten below is an error
        .with(shop::supplier::Entity)
        .with(shop::product::Entity);
    Project::<Migrator>::of(entities, concat!(env!("CARGO_MANIFEST_DIR"), "/../migration"))
        .called("cargo migrate")
        .sealed_by(LOCK)
        .engines(&[DbBackend::Sqlite]) // and DbBackend::Postgres
        .database("sqlite://shop.db") // unless --database or DATABASE_URL says another
        .main()
        .await
}
