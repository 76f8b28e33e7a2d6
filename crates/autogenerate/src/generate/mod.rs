//! New migrations: their files, their places in the list, their lines in the lock.

mod folder;
mod format;
mod name;

use std::path::PathBuf;

use sea_orm::DbBackend;
use sea_orm_migration::{MigratorTrait, SchemaManager};

use crate::catalog::Catalog;
use crate::error::Error;
use crate::plan::{Options, Planned, planned};
use crate::project::Project;
use crate::render::{self, Hints};
use crate::scratch::Server;
use folder::Folder;

/// A migration that is not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    /// In words, each with its engine where it is of one alone.
    pub operations: Vec<String>,
    /// The file, formatted where `rustfmt` is there.
    pub code: String,
    /// Somebody has to fill a hole before it compiles.
    pub is_open: bool,
}

impl<M: MigratorTrait> Project<M> {
    /// What brings the migrations to the entities, on these servers. `None`: they agree.
    ///
    /// # Errors
    /// As [`plan`](crate::plan), on any of them; `OneEngine` where an engine of the project is not among them and would need
    /// words of its own; `Name` when the message makes no name.
    pub async fn draft(
        &self,
        servers: &[Server],
        message: &str,
        options: &Options,
    ) -> Result<Option<Draft>, Error> {
        let name = Self::next_name(message)?;
        let mut plans: Vec<Planned> = Vec::new();
        for server in servers {
            let next = self.planned(server, plans.first(), options).await?;
            plans.push(next);
        }
        if plans.iter().all(|it| it.plan.is_empty()) {
            return Ok(None);
        }
        let missing = [DbBackend::Sqlite, DbBackend::Postgres]
            .into_iter()
            .find(|it| self.supports(*it) && !servers.iter().any(|server| server.engine() == *it));
        if let Some(engine) = missing {
            let mut operations = plans
                .iter()
                .flat_map(|it| it.plan.up.iter().chain(&it.plan.down));
            if let Some(special) = operations.find(|it| !it.is_common()) {
                return Err(Error::OneEngine {
                    operation: special.to_string(),
                    engine: engine.as_str(),
                });
            }
        }
        let hints = Hints {
            types: self.entities().types(),
        };
        let code = render::file(message, &plans, &hints);
        Ok(Some(Draft {
            operations: render::operations(&plans),
            is_open: code.contains("compile_error!("),
            code: format::formatted(&code, self.folder()),
            name,
        }))
    }

    /// A migration that does nothing yet.
    ///
    /// # Errors
    /// `Name` when the message makes no name.
    pub fn empty_draft(&self, message: &str) -> Result<Draft, Error> {
        Ok(Draft {
            name: Self::next_name(message)?,
            operations: Vec::new(),
            code: format::formatted(&render::empty(message), self.folder()),
            is_open: false,
        })
    }

    /// Writes the file, puts it on the list and into the lock, where the project has one. All or nothing.
    ///
    /// # Errors
    /// `Marks` when `src/lib.rs` does not say where new migrations go, `Seal` when the lock is broken, `File` when
    /// something cannot be written.
    pub fn write(&self, draft: &Draft) -> Result<PathBuf, Error> {
        Folder::of(self.folder())?.add::<M>(draft)
    }

    async fn planned(
        &self,
        server: &Server,
        first: Option<&Planned>,
        options: &Options,
    ) -> Result<Planned, Error> {
        if let Some(first) = first {
            // Said in one way for both, where both understand it.
            let spelling = Some(&first.to.raw);
            if let Ok(shared) = self.planned_as(server, spelling, options).await {
                return Ok(shared);
            }
        }
        self.planned_as(server, None, options).await
    }

    async fn planned_as(
        &self,
        server: &Server,
        spelling: Option<&Catalog>,
        options: &Options,
    ) -> Result<Planned, Error> {
        let extras = async |manager: &SchemaManager<'_>| self.run_extras(manager).await;
        let (entities, ignored) = (self.entities(), self.ignored());
        planned::<M>(server, entities, extras, ignored, options, spelling).await
    }

    fn next_name(message: &str) -> Result<String, Error> {
        let migrations = M::migrations();
        let names: Vec<_> = migrations.iter().map(|it| it.name()).collect();
        name::next(&names, message).ok_or_else(|| Error::Name(message.to_owned()))
    }
}
