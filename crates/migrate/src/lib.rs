//! Ashlar's entities and Ashlar's migrations, side by side. They are apart on purpose: a migration belongs to the schema of
//! its day, an entity to that of today. This is the one place that knows both.

mod extras;

use infrastructure::schema::{
    ApiKeys, AuditEvents, Credentials, EmailChanges, OneTimeTokens, OutboxMessages, Projects,
    RefreshTokens, Registrations, Revocations, RolePermissions, Roles, Sessions, SignInNetworks,
    SigningKeys, UserRoles, Users,
};
use migration::{LOCK, Migrator};
use sea_orm_autogenerate::{Entities, Project};

pub use extras::extras;

/// What `cargo migrate` is about.
#[must_use]
pub fn project() -> Project<Migrator> {
    let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migration");
    Project::of(entities(), migrations)
        .called("cargo migrate")
        .sealed_by(LOCK)
        .extras(extras)
        .database(DATABASE)
}

/// That of development, as `config/default.toml` has it.
pub const DATABASE: &str = "sqlite://data/ashlar.db";

/// All of them.
#[must_use]
pub fn entities() -> Entities {
    Entities::new()
        .all_of("ashlar_infrastructure")
        .with(Users)
        .with(Credentials)
        .with(SignInNetworks)
        .with(Roles)
        .with(RolePermissions)
        .with(UserRoles)
        .with(Sessions)
        .with(RefreshTokens)
        .with(Registrations)
        .with(EmailChanges)
        .with(OneTimeTokens)
        .with(OutboxMessages)
        .with(Revocations)
        .with(SigningKeys)
        .with(AuditEvents)
        .with(Projects)
        .with(ApiKeys)
}
