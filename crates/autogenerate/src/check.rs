use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr};
use sea_orm_migration::{MigratorTrait, SchemaManager};
use sea_orm_migration_runner::{Runner, Target};

use crate::compare::{Rival, compare};
use crate::difference::Difference;
use crate::entities::Entities;
use crate::error::Error;
use crate::ignore::Ignored;
use crate::scratch::{Server, on_scratch, read};
use crate::snapshot::Snapshot;
use crate::{origin, postgres};

/// Compares what the entities say with what the migrations of `M` really produce, on one engine. No difference: they
/// agree.
///
/// The migrations run in one empty scratch database; the entities, and on top of them the `extras`, make another. The same
/// reader reads both. `extras` says what entities have no words for (partial and composite indexes, collations, views,
/// triggers, ...), in the words of a migration.
///
/// ```
/// # mod cake {
/// #     use sea_orm::entity::prelude::*;
/// #     #[sea_orm::model]
/// #     #[derive(Clone, Debug, DeriveEntityModel)]
/// #     #[sea_orm(table_name = "cake")]
/// #     pub struct Model {
/// #         #[sea_orm(primary_key)]
/// #         pub id: i32,
/// #     }
/// #     impl ActiveModelBehavior for ActiveModel {}
/// # }
/// use sea_orm_autogenerate::{Entities, Server, check};
/// use sea_orm_migration::prelude::*;
///
/// struct Migrator;
///
/// impl MigratorTrait for Migrator {
///     fn migrations() -> Vec<Box<dyn MigrationTrait>> {
///         vec![] // nothing makes the table of the cakes
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sea_orm_autogenerate::Error> {
/// let entities = Entities::new().with(cake::Entity);
/// let extras = async |_: &SchemaManager<'_>| Ok(());
///
/// let differences = check::<Migrator>(&Server::Sqlite, &entities, extras).await?;
///
/// assert_eq!(differences.len(), 1);
/// assert_eq!(differences[0].object.to_string(), "table cake");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When a scratch database cannot be made, or when the entities, the extras or the migrations fail on it.
pub async fn check<M: MigratorTrait>(
    server: &Server,
    entities: &Entities,
    extras: impl AsyncFn(&SchemaManager<'_>) -> Result<(), DbErr>,
) -> Result<Vec<Difference>, Error> {
    compared::<M>(server, entities, extras, &Ignored::default()).await
}

pub(crate) async fn compared<M: MigratorTrait>(
    server: &Server,
    entities: &Entities,
    extras: impl AsyncFn(&SchemaManager<'_>) -> Result<(), DbErr>,
    ignored: &Ignored,
) -> Result<Vec<Difference>, Error> {
    entities.is_complete()?;
    let (produced, extensions) = produced::<M>(server).await?;
    let wanted = wanted(server, entities, extras, &extensions).await?;
    differences::<M>(server, Rival::Migrations, [wanted, produced], ignored).await
}

/// Compares with a real database, which is only read. The scratch databases are made on the server.
pub(crate) async fn compared_with<M: MigratorTrait>(
    database: &DatabaseConnection,
    server: &Server,
    entities: &Entities,
    extras: impl AsyncFn(&SchemaManager<'_>) -> Result<(), DbErr>,
    ignored: &Ignored,
) -> Result<Vec<Difference>, Error> {
    entities.is_complete()?;
    let real = migrated(&Runner::of::<M>(), database).await?;
    // Not those of the database: it may have some that no other server has.
    let (_, extensions) = produced::<M>(server).await?;
    let wanted = wanted(server, entities, extras, &extensions).await?;
    differences::<M>(server, Rival::Database, [wanted, real], ignored).await
}

async fn differences<M: MigratorTrait>(
    server: &Server,
    rival: Rival,
    sides: [Snapshot; 2],
    ignored: &Ignored,
) -> Result<Vec<Difference>, Error> {
    let [wanted, other] = sides.map(|it| it.without(ignored).normal);
    let mut differences = compare(rival, &wanted, &other);
    origin::find::<M>(server, &mut differences).await?;
    Ok(differences)
}

/// What the migrations make, with the extensions of PostgreSQL that they install.
async fn produced<M: MigratorTrait>(server: &Server) -> Result<(Snapshot, Vec<String>), Error> {
    on_scratch(server, async |database| {
        let runner = Runner::of::<M>();
        let ran = runner.up(database, &Target::All).await;
        ran.map_err(Error::Migrations)?;
        let produced = migrated(&runner, database).await?;
        Ok((produced, extensions(database).await?))
    })
    .await
}

/// What the entities and the extras describe.
pub(crate) async fn wanted(
    server: &Server,
    entities: &Entities,
    extras: impl AsyncFn(&SchemaManager<'_>) -> Result<(), DbErr>,
    extensions: &[String],
) -> Result<Snapshot, Error> {
    on_scratch(server, async |database| {
        for extension in extensions {
            let statement = format!("CREATE EXTENSION IF NOT EXISTS \"{extension}\" CASCADE");
            let done = database.execute_unprepared(&statement).await;
            done.map_err(|source| Error::Entities { statement, source })?;
        }
        entities.create(database).await?;
        let manager = SchemaManager::new(database);
        extras(&manager).await.map_err(Error::Extras)?;
        Ok(Snapshot::of(read(database).await?, server.engine()))
    })
    .await
}

/// An entity may use the types of an extension, which a migration has installed.
pub(crate) async fn extensions(database: &DatabaseConnection) -> Result<Vec<String>, Error> {
    if database.get_database_backend() != DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let extensions = postgres::extensions(database).await;
    extensions.map_err(Error::Catalog)
}

/// Without the tables in which the migrations are written down.
pub(crate) async fn migrated(
    runner: &Runner,
    database: &DatabaseConnection,
) -> Result<Snapshot, Error> {
    let mut catalog = read(database).await?;
    for table in runner.tables() {
        catalog.tables.remove(&table);
    }
    Ok(Snapshot::of(catalog, database.get_database_backend()))
}
