use std::sync::Arc;

use sea_orm_migration::sea_orm::Statement;

/// What a runner does, told when it is done, to whom [`observes`](crate::Runner::observed_by) it.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// This migration begins, up or down.
    Migration(&'a str),
    /// A transaction of the runner's own, around a migration or the history.
    Begin,
    Commit,
    /// What was done since the last `Begin`, is not.
    Rollback,
    /// SeaORM has run it, with these values. It does not tell of statements that it runs unprepared, which have none.
    Statement(&'a Statement),
}

/// Whom to tell, if there is somebody.
#[derive(Clone, Default)]
pub(crate) struct Observer(Option<Arc<Told>>);

type Told = dyn Fn(Event<'_>) + Send + Sync;

impl Observer {
    pub(crate) fn new(told: impl Fn(Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(told)))
    }

    pub(crate) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn tell(&self, event: Event<'_>) {
        if let Some(told) = &self.0 {
            told(event);
        }
    }
}
