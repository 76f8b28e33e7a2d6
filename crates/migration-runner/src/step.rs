use std::time::Instant;

use sea_orm_migration::prelude::*;

use crate::foreign_keys::{Before, Harm, Lifted};
use crate::history::{History, Version};
use crate::session::Session;
use crate::{Error, Event};

/// One migration, one way, together with its line in the history.
pub(crate) struct Step<'a> {
    pub(crate) migration: &'a dyn MigrationTrait,
    pub(crate) way: Way,
    pub(crate) version: Version<'a>,
    pub(crate) history: &'a History,
}

#[derive(Clone, Copy)]
pub(crate) enum Way {
    Up,
    Down,
}

impl Step<'_> {
    pub(crate) async fn run(&self, session: &Session) -> Result<(), Error> {
        session.tell(Event::Migration(self.version.name));
        let Some(keys) = Lifted::on(session.connection()).await? else {
            return self.attempt(session, false).await.map(drop);
        };
        let ran = self.attempt(session, true).await;
        let restored = keys.restore().await;
        let harm = ran?;
        restored?;
        match harm {
            None => Ok(()),
            // What CASCADE and the like are for. If they are no help, the first answer says more.
            Some(harm) if harm.is_of_rows_alone => match self.attempt(session, false).await {
                Err(Error::Failed { .. }) => Err(self.failed(harm.cause)),
                ran => ran.map(drop),
            },
            Some(harm) => Err(self.failed(harm.cause)),
        }
    }

    /// `unheld`: while foreign keys are off, so that somebody has to look.
    async fn attempt(&self, session: &Session, unheld: bool) -> Result<Option<Harm>, Error> {
        if self.migration.use_transaction() == Some(false) {
            self.run_bare(session, unheld).await.map(|()| None)
        } else {
            self.run_whole(session, unheld).await
        }
    }

    /// In one transaction, which is rolled back when there is harm.
    async fn run_whole(&self, session: &Session, unheld: bool) -> Result<Option<Harm>, Error> {
        let began = Instant::now();
        let transaction = session.begin().await?;
        let before = if unheld {
            Some(Before::of(&transaction).await?)
        } else {
            None
        };
        let manager = SchemaManager::new(&transaction);
        if let Err(cause) = self.go(&manager).await {
            drop(manager);
            session.rollback(transaction).await?;
            return Err(self.failed(cause));
        }
        if let Some(before) = before
            && let Err(harm) = before.check(&transaction).await
        {
            drop(manager);
            session.rollback(transaction).await?;
            return Ok(Some(harm));
        }
        self.write_down(&manager, began).await?;
        drop(manager);
        session.commit(transaction).await?;
        Ok(None)
    }

    /// Without a transaction, so that a mark has to tell that it has begun.
    async fn run_bare(&self, session: &Session, unheld: bool) -> Result<(), Error> {
        let began = Instant::now();
        let transaction = session.begin().await?;
        let manager = SchemaManager::new(&transaction);
        self.history.put_dirty(&manager, self.version).await?;
        drop(manager);
        session.commit(transaction).await?;

        let connection = session.connection();
        let before = if unheld {
            Some(Before::of(connection).await?)
        } else {
            None
        };
        let mut ran = self.go(&SchemaManager::new(connection)).await;
        if let (Ok(()), Some(before)) = (&ran, before) {
            ran = before.check(connection).await.map_err(|it| it.cause);
        }
        ran.map_err(|cause| Error::HalfDone {
            name: self.version.name.to_owned(),
            cause,
        })?;

        let transaction = session.begin().await?;
        let manager = SchemaManager::new(&transaction);
        self.write_down(&manager, began).await?;
        drop(manager);
        session.commit(transaction).await
    }

    async fn go(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        match self.way {
            Way::Up => self.migration.up(manager).await,
            Way::Down => self.migration.down(manager).await,
        }
    }

    async fn write_down(&self, manager: &SchemaManager<'_>, began: Instant) -> Result<(), DbErr> {
        let Version { name, .. } = self.version;
        let took = Some(began.elapsed());
        match self.way {
            Way::Up => self.history.put_applied(manager, self.version, took).await,
            Way::Down => self.history.forget(manager, name).await,
        }
    }

    fn failed(&self, cause: DbErr) -> Error {
        Error::Failed {
            name: self.version.name.to_owned(),
            cause,
        }
    }
}
