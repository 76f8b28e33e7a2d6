//! The operations that bring what the migrations produce to what the entities say, and those that bring it back.

mod diff;
mod fills;
mod names;
mod operation;
mod options;
mod order;
mod postgres;
mod questions;
mod renames;
mod spelling;
pub(crate) mod sql;
mod sqlite;
mod texts;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, TransactionTrait};
use sea_orm_migration::{MigratorTrait, SchemaManager};
use sea_orm_migration_runner::{Runner, Target};

use crate::catalog::Catalog;
use crate::check;
use crate::compare::{Rival, compare};
use crate::entities::Entities;
use crate::error::Error;
use crate::ignore::Ignored;
use crate::scratch::{Server, on_scratch};
use crate::snapshot::Snapshot;
use fills::Fills;
pub(crate) use operation::{Fill, Operation};
pub use options::{Backfill, Options, RenamedColumn, RenamedTable};
pub(crate) use order::{mentions, parents_first};
pub use questions::Question;
pub(crate) use sql::{literal, name, qualified};

/// What a migration would do on one engine, as [`plan`] has found it.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) engine: DbBackend,
    pub(crate) up: Vec<Operation>,
    pub(crate) down: Vec<Operation>,
}

impl Plan {
    /// Entities and migrations agree.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.up.is_empty()
    }

    /// In words, in the order in which they are done.
    #[must_use]
    pub fn operations(&self) -> Vec<String> {
        self.up.iter().flat_map(Operation::words).collect()
    }

    /// Does them. On SQLite a connection that enforces foreign keys would delete the child rows of a table that is made
    /// anew: turn that off before.
    ///
    /// # Errors
    /// When the database refuses one.
    pub async fn up(&self, database: &impl ConnectionTrait) -> Result<(), DbErr> {
        run(&self.up, self.engine, database).await
    }

    /// Takes them back.
    ///
    /// # Errors
    /// When the database refuses one.
    pub async fn down(&self, database: &impl ConnectionTrait) -> Result<(), DbErr> {
        run(&self.down, self.engine, database).await
    }
}

async fn run(
    operations: &[Operation],
    engine: DbBackend,
    database: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    for operation in operations {
        for statement in sql::statements(operation, engine) {
            database.execute_unprepared(&statement).await?;
        }
    }
    Ok(())
}

/// What is to be done on one engine so that entities and migrations of `M` agree. It was done once, in a scratch
/// database, and taken back: a plan that does not do what it should is never told.
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
/// use sea_orm_autogenerate::{Entities, Options, Server, plan};
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
/// let plan = plan::<Migrator>(&Server::Sqlite, &entities, extras, &Options::default()).await?;
///
/// assert_eq!(plan.operations(), ["create table cake"]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`check`](crate::check); `Refused` when somebody has to answer first, `NoSuchRename`, and `NoWay` for what the
/// engine cannot change.
pub async fn plan<M: MigratorTrait>(
    server: &Server,
    entities: &Entities,
    extras: impl AsyncFn(&SchemaManager<'_>) -> Result<(), DbErr>,
    options: &Options,
) -> Result<Plan, Error> {
    let planned =
        planned::<M>(server, entities, extras, &Ignored::default(), options, None).await?;
    Ok(planned.plan)
}

/// A plan, and what it leads to.
pub(crate) struct Planned {
    pub plan: Plan,
    pub from: Snapshot,
    pub to: Snapshot,
}

pub(crate) async fn planned<M: MigratorTrait>(
    server: &Server,
    entities: &Entities,
    extras: impl AsyncFn(&SchemaManager<'_>) -> Result<(), DbErr>,
    ignored: &Ignored,
    options: &Options,
    spelling: Option<&Catalog>,
) -> Result<Planned, Error> {
    entities.is_complete()?;
    let engine = server.engine();
    let runner = Runner::of::<M>();
    on_scratch(server, async |database| {
        let schema = async || {
            let schema = check::migrated(&runner, database).await?;
            Ok::<_, Error>(schema.without(ignored))
        };
        let ran = runner.up(database, &Target::All).await;
        ran.map_err(Error::Migrations)?;
        if engine == DbBackend::Sqlite {
            // As the runner has it while a migration changes tables.
            let off = database
                .execute_unprepared("PRAGMA foreign_keys = OFF")
                .await;
            off.map_err(Error::Catalog)?;
        }
        let before = schema().await?;
        let extensions = check::extensions(database).await?;
        let to = check::wanted(server, entities, extras, &extensions).await?;
        let mut to = with_names(to.without(ignored), engine, false);
        if let Some(spelling) = spelling {
            spelling::adopt(&mut to.raw, spelling);
        }

        has_columns(&to.raw, &options.backfills)?;
        let renames = renames::operations(options, &entities.renamed(), &before.raw, &to, engine)?;
        tried(&renames, database).await?;
        let from = schema().await?;
        let changes = diff::changes(&from, &to);
        let fills = Fills {
            given: given(options),
            engine,
        };
        let mut up = operations(&changes, &from, &to, &fills)?;
        let questions = questions::questions(&changes, &up, (&from, &to), options);
        if !questions.is_empty() {
            return Err(Error::Refused(questions));
        }
        tried(&up, database).await?;
        let after = schema().await?;
        reaches(&after, &to, "there")?;

        // The way back begins at what is really there.
        let back = with_names(from.clone(), engine, true);
        let changes = diff::changes(&after, &back);
        let mut down = operations(&changes, &after, &back, &Fills::placeholders(engine))?;
        tried(&down, database).await?;
        reaches(&schema().await?, &from, "back")?;
        let reversed = renames::reversed(&renames);
        tried(&reversed, database).await?;
        reaches(&schema().await?, &before, "back")?;

        up.splice(0..0, renames);
        down.extend(reversed);
        let plan = Plan { engine, up, down };
        Ok(Planned {
            plan,
            from: before,
            to,
        })
    })
    .await
}

/// As something to come to, in which everything has a name.
fn with_names(mut schema: Snapshot, engine: DbBackend, keep_constraints: bool) -> Snapshot {
    // SQLite can neither add a constraint to a table nor drop one.
    let keep_constraints = keep_constraints && engine == DbBackend::Postgres;
    names::give_names(&mut schema.raw, keep_constraints);
    Snapshot::of(schema.raw, engine)
}

/// # Errors
/// `NoSuchColumn` for one that a value is given to, and nobody has.
fn has_columns(to: &Catalog, backfills: &[Backfill]) -> Result<(), Error> {
    let is_there = |it: &&Backfill| {
        let table = to.tables.get(&it.table);
        table.is_some_and(|table| table.column(&it.column).is_some())
    };
    match backfills.iter().find(|it| !is_there(it)) {
        Some(Backfill { table, column, .. }) => {
            Err(Error::NoSuchColumn(format!("{table}.{column}")))
        }
        None => Ok(()),
    }
}

fn given(options: &Options) -> std::collections::BTreeMap<(String, String), Option<String>> {
    let given = options.backfills.iter();
    let given = given.map(|it| ((it.table.clone(), it.column.clone()), it.expression.clone()));
    given.collect()
}

fn operations(
    changes: &diff::Changes<'_>,
    from: &Snapshot,
    to: &Snapshot,
    fills: &Fills,
) -> Result<Vec<Operation>, Error> {
    match fills.engine {
        DbBackend::Postgres => postgres::operations(changes, from, to, fills),
        _ => Ok(sqlite::operations(changes, from, to, fills)),
    }
}

/// In one transaction, as a migration is.
async fn tried(operations: &[Operation], database: &DatabaseConnection) -> Result<(), Error> {
    let transaction = database.begin().await.map_err(Error::Catalog)?;
    for operation in operations {
        for statement in sql::statements(operation, database.get_database_backend()) {
            let done = transaction.execute_unprepared(&statement).await;
            done.map_err(|source| Error::Operation { statement, source })?;
        }
    }
    transaction.commit().await.map_err(Error::Catalog)
}

fn reaches(is: &Snapshot, wanted: &Snapshot, way: &'static str) -> Result<(), Error> {
    let left = compare(Rival::Migrations, &wanted.normal, &is.normal);
    let Some(first) = left.first() else {
        return Ok(());
    };
    Err(Error::NoWay(format!(
        "on the way {way} {} would stay another: {}",
        first.object, first.message
    )))
}
