//! Hears every statement that migrations send to a database, however they send it.
//!
//! Two voices, of which neither says all: sqlx tells each statement that it has run, also what SeaORM runs unprepared, but
//! no values; SeaORM tells the values of those that have some. Transactions are told by the runner, because on SQLite
//! nobody else does.

use std::cell::RefCell;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sea_orm_migration_runner::Event as Happened;
use tracing::dispatcher::{DefaultGuard, WeakDispatch, set_default};
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber as _;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{Interest, NoSubscriber};
use tracing::{Dispatch, Event, Instrument as _, Metadata, Subscriber};
use tracing_core::span::Current;

use crate::literal::written_out;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    Migration(String),
    Begin,
    Commit,
    /// A part of a migration was taken back, by the migration itself.
    Rollback,
    Statement(String),
}

impl Line {
    /// Which is what foreign keys are off for on SQLite.
    pub(crate) fn changes_tables(&self) -> bool {
        let Self::Statement(sql) = self else {
            return false;
        };
        let sql = sql.to_uppercase();
        let mut words = ["CREATE ", "ALTER ", "DROP "].iter();
        words.any(|it| sql.contains(it))
    }
}

/// What was heard so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tape(Arc<Mutex<Vec<Line>>>);

impl Tape {
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.with(|it| it.clone())
    }

    /// For the runner that does the work.
    pub(crate) fn hear(&self, happened: Happened<'_>) {
        self.with(|lines| match happened {
            Happened::Migration(name) => lines.push(Line::Migration(name.to_owned())),
            Happened::Begin => lines.push(Line::Begin),
            Happened::Commit => lines.push(Line::Commit),
            Happened::Rollback => {
                let begin = lines.iter().rposition(|it| *it == Line::Begin);
                lines.truncate(begin.unwrap_or_default());
            }
            Happened::Statement(statement) => {
                let told = Line::Statement(statement.sql.clone());
                let written = Line::Statement(written_out(statement));
                // sqlx has told it a moment ago.
                match lines.iter().rposition(|it| *it == told) {
                    Some(at) => lines[at] = written,
                    None => lines.push(written),
                }
            }
        });
    }

    /// Does the work, whose connections log their statements, and hears them.
    pub(crate) async fn record<T>(&self, work: impl Future<Output = T>) -> T {
        let listener = Listener {
            tape: self.clone(),
            itself: OnceLock::new(),
            span: OnceLock::new(),
        };
        // While there is one subscriber alone, a thread without it that comes first to a place in the code decides for all
        // whether that place is heard.
        let _second = Dispatch::new(NoSubscriber::new());
        // The span goes with each statement to the thread on which SQLite runs it.
        let work = async { work.instrument(tracing::info_span!("records")).await };
        work.with_subscriber(Dispatch::new(listener)).await
    }

    fn with<T>(&self, does: impl FnOnce(&mut Vec<Line>) -> T) -> T {
        does(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Listener {
    tape: Tape,
    itself: OnceLock<WeakDispatch>,
    span: OnceLock<&'static Metadata<'static>>,
}

thread_local! {
    /// While this thread works for somebody who records, one for each span that it is in.
    static LISTENS: RefCell<Vec<DefaultGuard>> = const { RefCell::new(Vec::new()) };
}

const STATEMENTS: &str = "sqlx::query";

fn is_rollback(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "sea_orm::database::transaction" && metadata.name() == "rollback"
}

impl Subscriber for Listener {
    fn on_register_dispatch(&self, itself: &Dispatch) {
        // Once, because it is made once.
        let _ = self.itself.set(itself.downgrade());
    }

    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) {
            Interest::sometimes()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        [STATEMENTS, module_path!()].contains(&metadata.target()) || is_rollback(metadata)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        if is_rollback(span.metadata()) {
            self.tape.with(|it| it.push(Line::Rollback));
        }
        let _ = self.span.set(span.metadata());
        Id::from_u64(1)
    }

    fn current_span(&self) -> Current {
        let span = self.span.get();
        span.map_or_else(Current::none, |it| Current::new(Id::from_u64(1), it))
    }

    fn event(&self, event: &Event<'_>) {
        let mut statement = Statement::default();
        event.record(&mut statement);
        let line = Line::Statement(statement.text());
        self.tape.with(|it| it.push(line));
    }

    /// On whatever thread the work goes on.
    fn enter(&self, _: &Id) {
        let itself = self.itself.get().and_then(WeakDispatch::upgrade);
        let listens = itself.map(|it| set_default(&it));
        LISTENS.with_borrow_mut(|it| it.extend(listens));
    }

    fn exit(&self, _: &Id) {
        let left = LISTENS.with_borrow_mut(Vec::pop);
        drop(left);
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}
}

/// As sqlx logs it: four words in one field, and all of it in another where there are more.
#[derive(Default)]
struct Statement {
    summary: String,
    whole: String,
}

impl Statement {
    fn text(self) -> String {
        let whole = self.whole.strip_prefix("\n\n");
        let whole = whole.and_then(|it| it.strip_suffix('\n'));
        whole.map_or(self.summary, str::to_owned)
    }
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.whole),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
