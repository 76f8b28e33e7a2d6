use std::time::Duration;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseConnection;
use sea_orm_migration::seaql_migrations;

use crate::chain::Chain;
use crate::event::{Event, Observer};
use crate::history::{History, Record, Records, Version};
use crate::session::Session;
use crate::status::{State, Status};
use crate::step::{Step, Way};
use crate::{Error, Fault};

/// Runs migrations. Several processes may do it at once: one works, the others wait and find nothing left.
///
/// ```
/// use sea_orm_migration::prelude::*;
/// use sea_orm_migration::sea_orm::Database;
/// use sea_orm_migration_runner::{Error, Runner, Target};
///
/// struct CreateCakes;
///
/// impl MigrationName for CreateCakes {
///     fn name(&self) -> &'static str {
///         "m20260101_000001_create_cakes"
///     }
/// }
///
/// #[async_trait::async_trait]
/// impl MigrationTrait for CreateCakes {
///     async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
///         let id = ColumnDef::new("id").integer().primary_key().to_owned();
///         manager.create_table(Table::create().table("cakes").col(id).to_owned()).await
///     }
///
///     async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
///         manager.drop_table(Table::drop().table("cakes").to_owned()).await
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let database = Database::connect("sqlite::memory:").await?;
/// let runner = Runner::new(vec![Box::new(CreateCakes)]);
///
/// assert_eq!(runner.up(&database, &Target::All).await?, ["m20260101_000001_create_cakes"]);
/// assert_eq!(runner.down(&database, &Target::Steps(1)).await?.len(), 1);
/// # Ok(())
/// # }
/// ```
pub struct Runner {
    migrations: Vec<Box<dyn MigrationTrait>>,
    history: History,
    chain: Option<Chain>,
    limit: Duration,
    observer: Observer,
}

/// How far to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    All,
    /// As many migrations.
    Steps(u32),
    /// Until this one is the last that is applied; [`Target::BASE`] is before the first.
    To(String),
}

impl Target {
    pub const BASE: &str = "base";
}

impl Runner {
    /// The migrations of a project, and the table in which SeaORM writes down which are applied.
    #[must_use]
    pub fn of<M: MigratorTrait>() -> Self {
        Self {
            history: History::beside(M::migration_table_name()),
            ..Self::new(M::migrations())
        }
    }

    /// These, in this order, written down in the table that SeaORM uses unless told otherwise.
    #[must_use]
    pub fn new(migrations: Vec<Box<dyn MigrationTrait>>) -> Self {
        Self {
            migrations,
            history: History::beside(seaql_migrations::Entity.into_iden()),
            chain: None,
            limit: Duration::from_mins(10),
            observer: Observer::default(),
        }
    }

    /// With the text of `migrations.lock`, best compiled in by `include_str!`: a migration that was edited after a
    /// database had got it is noticed there. The feature `seal` writes the file.
    #[must_use]
    pub fn sealed_by(self, lock: &str) -> Self {
        let chain = Some(Chain::parse(lock));
        Self { chain, ..self }
    }

    /// For how long to wait while others migrate; ten minutes unless given.
    #[must_use]
    pub fn waiting(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Tells what it does, as it does it: for a record, or for somebody who waits.
    #[must_use]
    pub fn observed_by(self, observer: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        let observer = Observer::new(observer);
        Self { observer, ..self }
    }

    /// Applies pending migrations, oldest first, and says which. Each is whole or not there at all: one that fails
    /// ends it, and keeps those before.
    ///
    /// # Errors
    /// When a migration fails, the history is broken or dirty, or others migrate for too long.
    pub async fn up(
        &self,
        database: &DatabaseConnection,
        target: &Target,
    ) -> Result<Vec<String>, Error> {
        let records = self.history.read(&SchemaManager::new(database)).await?;
        let status = self.judge(&records);
        // A start that finds everything in place waits for nobody, and needs no right to change anything.
        let mut all = self.migrations.iter();
        let is_whole = !all.any(|it| self.lacks(&records, it.name()));
        if is_whole && status.check().is_ok() && self.to_apply(&status, target)?.is_empty() {
            return Ok(Vec::new());
        }
        let session = self.open(database).await?;
        let applied = self.up_alone(&session, target).await;
        session.close().await;
        applied
    }

    /// Takes applied migrations back, latest first, and says which.
    ///
    /// # Errors
    /// As [`Runner::up`]; but what is late stops nobody, because going down is a way out of it.
    pub async fn down(
        &self,
        database: &DatabaseConnection,
        target: &Target,
    ) -> Result<Vec<String>, Error> {
        let session = self.open(database).await?;
        let taken_back = self.down_alone(&session, target).await;
        session.close().await;
        taken_back
    }

    /// Every migration and what is wrong with the history. Changes nothing and waits for nobody.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn status(&self, database: &DatabaseConnection) -> Result<Status, Error> {
        let records = self.history.read(&SchemaManager::new(database)).await?;
        Ok(self.judge(&records))
    }

    /// Writes down that the database has all migrations up to this one ([`Target::BASE`]: none) and no later one,
    /// without running any. Says what changed by that, oldest first.
    ///
    /// # Errors
    /// When there is no such migration, the database has one that this program does not know, or others migrate for
    /// too long.
    pub async fn stamp(
        &self,
        database: &DatabaseConnection,
        name: &str,
    ) -> Result<Vec<(String, State)>, Error> {
        let session = self.open(database).await?;
        let changed = self.stamp_alone(&session, name).await;
        session.close().await;
        changed
    }

    /// The two in which it is written down what is applied: SeaORM's, and the one beside it.
    #[must_use]
    pub fn tables(&self) -> [String; 2] {
        self.history.tables()
    }

    /// The migrations that nothing follows, by the lock: more than one where two branches were merged and not yet put
    /// in order.
    #[must_use]
    pub fn heads(&self) -> Vec<&str> {
        match &self.chain {
            Some(chain) => chain.heads(),
            None => self.migrations.last().iter().map(|it| it.name()).collect(),
        }
    }

    async fn open(&self, database: &DatabaseConnection) -> Result<Session, Error> {
        let session = Session::open(database, self.limit).await?;
        Ok(session.observed_by(&self.observer))
    }

    async fn up_alone(&self, session: &Session, target: &Target) -> Result<Vec<String>, Error> {
        let records = self.prepare(session).await?;
        let status = self.judge(&records);
        status.check()?;
        let mut applied = Vec::new();
        for migration in self.to_apply(&status, target)? {
            self.run(session, migration, Way::Up).await?;
            applied.push(migration.name().to_owned());
        }
        Ok(applied)
    }

    async fn down_alone(&self, session: &Session, target: &Target) -> Result<Vec<String>, Error> {
        let records = self.prepare(session).await?;
        let mut status = self.judge(&records);
        status.faults.retain(|it| !matches!(it, Fault::Late { .. }));
        status.check()?;
        let mut taken_back = Vec::new();
        for migration in self.to_take_back(&status, target)? {
            self.run(session, migration, Way::Down).await?;
            taken_back.push(migration.name().to_owned());
        }
        Ok(taken_back)
    }

    async fn stamp_alone(
        &self,
        session: &Session,
        name: &str,
    ) -> Result<Vec<(String, State)>, Error> {
        let last = self.up_to(name)?;
        let records = self.prepare(session).await?;
        let status = self.judge(&records);
        // Both are put right by it.
        let cured = |it: &Fault| matches!(it, Fault::Late { .. } | Fault::Edited(_));
        let mut faults = status.faults;
        faults.retain(|it| !cured(it));
        if !faults.is_empty() {
            return Err(Error::Broken(faults));
        }
        let mut changed = Vec::new();
        let transaction = session.begin().await?;
        let manager = SchemaManager::new(&transaction);
        for (at, entry) in status.entries.iter().enumerate() {
            let name = &entry.name;
            let was = entry.state;
            if at < last && was != State::Applied {
                let version = self.version(name);
                self.history.put_applied(&manager, version, None).await?;
                changed.push((name.clone(), State::Applied));
            } else if at >= last && !matches!(was, State::Pending | State::Late) {
                self.history.forget(&manager, name).await?;
                changed.push((name.clone(), State::Pending));
            }
        }
        drop(manager);
        session.commit(transaction).await?;
        Ok(changed)
    }

    /// Brings our tables up to what SeaORM's says, and reads them, with the lock.
    async fn prepare(&self, session: &Session) -> Result<Records, Error> {
        let transaction = session.begin().await?;
        let manager = SchemaManager::new(&transaction);
        self.history.install(&manager).await?;
        let mut records = self.history.read(&manager).await?;
        for migration in &self.migrations {
            let name = migration.name();
            if !self.lacks(&records, name) {
                continue;
            }
            if let Some(known) = records.get_mut(name) {
                let version = self.version(name);
                self.history.adopt(&manager, version, known).await?;
                known.hash = version.hash.map(str::to_owned);
            }
        }
        drop(manager);
        session.commit(transaction).await?;
        Ok(records)
    }

    async fn run(
        &self,
        session: &Session,
        migration: &dyn MigrationTrait,
        way: Way,
    ) -> Result<(), Error> {
        let step = Step {
            migration,
            way,
            version: self.version(migration.name()),
            history: &self.history,
        };
        step.run(session).await
    }

    fn judge(&self, records: &Records) -> Status {
        let names: Vec<_> = self.migrations.iter().map(|it| it.name()).collect();
        Status::of(&names, self.chain.as_ref(), records)
    }

    fn version<'a>(&'a self, name: &'a str) -> Version<'a> {
        let chain = self.chain.as_ref();
        Version {
            name,
            hash: chain.and_then(|it| it.hash_of(name)),
        }
    }

    /// Whether it is applied and our table does not say all about it: another tool has done it, or there was no lock.
    fn lacks(&self, records: &Records, name: &str) -> bool {
        let lacks_hash = |it: &Record| it.hash.is_none() && self.version(name).hash.is_some();
        let record = records.get(name).filter(|it| it.applied && !it.dirty);
        record.is_some_and(|it| !it.recorded || lacks_hash(it))
    }

    fn to_apply(
        &self,
        status: &Status,
        target: &Target,
    ) -> Result<Vec<&dyn MigrationTrait>, Error> {
        let all = self.migrations.iter().map(AsRef::as_ref).enumerate();
        let mut pending: Vec<_> = all
            .filter(|(at, _)| status.entries[*at].state == State::Pending)
            .collect();
        match target {
            Target::All => {}
            Target::Steps(steps) => pending.truncate(*steps as usize),
            Target::To(name) => {
                let last = self.up_to(name)?;
                pending.retain(|(at, _)| *at < last);
            }
        }
        Ok(pending.into_iter().map(|(_, it)| it).collect())
    }

    fn to_take_back(
        &self,
        status: &Status,
        target: &Target,
    ) -> Result<Vec<&dyn MigrationTrait>, Error> {
        let all = self.migrations.iter().map(AsRef::as_ref).enumerate();
        let mut applied: Vec<_> = all
            .filter(|(at, _)| status.entries[*at].state == State::Applied)
            .collect();
        applied.reverse();
        match target {
            Target::All => {}
            Target::Steps(steps) => applied.truncate(*steps as usize),
            Target::To(name) => {
                let last = self.up_to(name)?;
                applied.retain(|(at, _)| *at >= last);
            }
        }
        Ok(applied.into_iter().map(|(_, it)| it).collect())
    }

    /// How many migrations there are up to this one, and with it.
    fn up_to(&self, name: &str) -> Result<usize, Error> {
        if name == Target::BASE {
            return Ok(0);
        }
        let at = self.migrations.iter().position(|it| it.name() == name);
        at.map(|it| it + 1)
            .ok_or_else(|| Error::NoSuch(name.to_owned()))
    }
}
