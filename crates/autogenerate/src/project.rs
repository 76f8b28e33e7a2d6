use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use sea_orm::{DatabaseConnection, DbBackend, DbErr};
use sea_orm_migration::{MigratorTrait, SchemaManager};
use sea_orm_migration_runner::Runner;

use crate::check::{compared, compared_with};
use crate::difference::Difference;
use crate::entities::Entities;
use crate::error::Error;
use crate::ignore::Ignored;
use crate::scratch::Server;
use crate::verify::{Verification, Verified, verify};

/// All that a project's own `migrate` is made of: its entities, its migrations, and what both of them leave unsaid.
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
/// # use sea_orm_migration::prelude::*;
/// # struct Migrator;
/// # impl MigratorTrait for Migrator {
/// #     fn migrations() -> Vec<Box<dyn MigrationTrait>> { vec![] }
/// # }
/// # const LOCK: &str = "";
/// use sea_orm_autogenerate::{Entities, Project, Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sea_orm_autogenerate::Error> {
/// let entities = Entities::new().with(cake::Entity);
/// let project = Project::<Migrator>::of(entities, concat!(env!("CARGO_MANIFEST_DIR"), "/../migration"))
///     .sealed_by(LOCK) // include_str!("../migrations.lock") in the crate of the migrations
///     .ignore("spatial_*");
///
/// // `project.main().await` is the whole of a command line. Or ask it yourself:
/// let differences = project.check(&Server::Sqlite).await?;
/// assert_eq!(differences[0].object.to_string(), "table cake");
/// # Ok(())
/// # }
/// ```
pub struct Project<M> {
    /// What somebody types to run it.
    name: String,
    entities: Entities,
    /// Of the crate of the migrations.
    folder: PathBuf,
    ignored: Ignored,
    lock: Option<String>,
    extras: Box<Extras>,
    engines: Vec<DbBackend>,
    database: Option<String>,
    migrator: PhantomData<fn() -> M>,
}

type Extras = dyn for<'a> Fn(&'a SchemaManager<'_>) -> Done<'a>;
type Done<'a> = Pin<Box<dyn Future<Output = Result<(), DbErr>> + 'a>>;

impl<M: MigratorTrait> Project<M> {
    /// The folder is that of the crate of the migrations, with `src` and `migrations.lock` in it.
    #[must_use]
    pub fn of(entities: Entities, folder: impl Into<PathBuf>) -> Self {
        Self {
            name: "migrate".to_owned(),
            entities,
            folder: folder.into(),
            ignored: Ignored::default(),
            lock: None,
            extras: Box::new(|_| Box::pin(async { Ok(()) })),
            engines: vec![DbBackend::Sqlite, DbBackend::Postgres],
            database: None,
            migrator: PhantomData,
        }
    }

    /// What somebody types to run it, such as `cargo migrate`.
    #[must_use]
    pub fn called(self, name: &str) -> Self {
        let name = name.to_owned();
        Self { name, ..self }
    }

    /// With the text of `migrations.lock`, as the running program has it.
    #[must_use]
    pub fn sealed_by(self, lock: &str) -> Self {
        let lock = Some(lock.to_owned());
        Self { lock, ..self }
    }

    /// What entities have no words for (partial and composite indexes, collations, views, triggers, ...), in the words
    /// of a migration.
    #[must_use]
    pub fn extras<X>(self, extras: X) -> Self
    where
        X: AsyncFn(&SchemaManager<'_>) -> Result<(), DbErr> + 'static,
    {
        let extras = Arc::new(extras);
        let extras: Box<Extras> = Box::new(move |manager| {
            let extras = Arc::clone(&extras);
            Box::pin(async move { extras(manager).await })
        });
        Self { extras, ..self }
    }

    /// Objects that are none of this project's business, on either side: by name, with `*` for any text. What belongs to an
    /// ignored table is ignored too.
    #[must_use]
    pub fn ignore(mut self, glob: &str) -> Self {
        self.ignored.add(glob);
        self
    }

    /// Which ones the project supports; SQLite and PostgreSQL unless given.
    #[must_use]
    pub fn engines(self, engines: &[DbBackend]) -> Self {
        let engines = engines.to_vec();
        Self { engines, ..self }
    }

    /// The one that verbs are about unless somebody names another, by its URL.
    #[must_use]
    pub fn database(self, url: &str) -> Self {
        let database = Some(url.to_owned());
        Self { database, ..self }
    }

    /// What somebody types to run it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// By its URL.
    #[must_use]
    pub fn default_database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Of the crate of the migrations.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    #[must_use]
    pub fn supports(&self, engine: DbBackend) -> bool {
        self.engines.contains(&engine)
    }

    /// What brings a database up to the migrations.
    #[must_use]
    pub fn runner(&self) -> Runner {
        let runner = Runner::of::<M>();
        match &self.lock {
            Some(lock) => runner.sealed_by(lock),
            None => runner,
        }
    }

    #[cfg(feature = "cli")]
    pub(crate) fn is_sealed(&self) -> bool {
        self.lock.is_some()
    }

    pub(crate) fn supported(&self) -> &[DbBackend] {
        &self.engines
    }

    pub(crate) fn entities(&self) -> &Entities {
        &self.entities
    }

    pub(crate) fn ignored(&self) -> &Ignored {
        &self.ignored
    }

    pub(crate) async fn run_extras(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        (self.extras)(manager).await
    }

    /// As [`check`](crate::check), without what is ignored.
    ///
    /// # Errors
    /// As [`check`](crate::check).
    pub async fn check(&self, server: &Server) -> Result<Vec<Difference>, Error> {
        let extras = async |manager: &SchemaManager<'_>| (self.extras)(manager).await;
        compared::<M>(server, &self.entities, extras, &self.ignored).await
    }

    /// Compares the entities with a real database, which is only read: what it has that nobody knows of is a difference, too.
    /// The server is where scratch databases are made, of the same engine.
    ///
    /// # Errors
    /// As [`check`](crate::check).
    pub async fn check_live(
        &self,
        database: &DatabaseConnection,
        server: &Server,
    ) -> Result<Vec<Difference>, Error> {
        let extras = async |manager: &SchemaManager<'_>| (self.extras)(manager).await;
        compared_with::<M>(database, server, &self.entities, extras, &self.ignored).await
    }

    /// Brings each migration up, down and up again, in a scratch database with rows: the schema has to come back, and rows
    /// that should survive have to.
    ///
    /// # Errors
    /// When a scratch database cannot be made, the history is broken, or the dump cannot be used. A migration that does not
    /// hold is no error, but in the answer.
    pub async fn verify(
        &self,
        server: &Server,
        verification: &Verification,
    ) -> Result<Verified, Error> {
        verify(&self.runner(), &self.ignored, server, verification).await
    }
}
