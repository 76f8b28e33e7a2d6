//! Ashlar's entities and Ashlar's migrations, side by side. They are apart on purpose: a migration belongs to the schema of
//! its day, an entity to that of today. This is the one place that knows both.

mod extras;

use infrastructure::schema::{Credentials, RolePermissions, Roles, Sessions, UserRoles, Users};
use sea_orm_autogenerate::{Difference, Entities, Error, Server};

pub use extras::extras;

/// What is different, on one engine, between the tables that the entities describe and those that the migrations make.
///
/// # Errors
/// When there is no way to tell: no server, no right to create a database, an entity missing in the list, ...
pub async fn check(server: &Server) -> Result<Vec<Difference>, Error> {
    sea_orm_autogenerate::check::<migration::Migrator>(server, &entities(), extras).await
}

/// All of them.
#[must_use]
pub fn entities() -> Entities {
    Entities::new()
        .all_of("ashlar_infrastructure")
        .with(Users)
        .with(Credentials)
        .with(Roles)
        .with(RolePermissions)
        .with(UserRoles)
        .with(Sessions)
}
