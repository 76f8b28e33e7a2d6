use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat};

use crate::chain::Chain;
use crate::history::Records;
use crate::{Error, Fault};

/// Where the database is, as against this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Oldest first; at the end those that this program does not know.
    pub entries: Vec<Entry>,
    /// What must be put right before anything runs.
    pub faults: Vec<Fault>,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub state: State,
    /// When it was applied, or begun, in seconds since 1970 by the clock of the database.
    pub at: Option<i64>,
    /// `None` where somebody else has applied it, or nobody has run it.
    pub took: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Applied,
    Pending,
    /// Begun without a transaction, up or down, and not seen to end.
    Dirty,
    /// Applied, and its code was changed since.
    Edited,
    /// Pending, though a later one is applied.
    Late,
    /// Applied, and not among the migrations of this program.
    Unknown,
}

impl Status {
    /// Whether migrations can be run.
    ///
    /// # Errors
    /// `Broken` or `Dirty` when not.
    pub fn check(&self) -> Result<(), Error> {
        if !self.faults.is_empty() {
            return Err(Error::Broken(self.faults.clone()));
        }
        let dirty = self.entries.iter().find(|it| it.state == State::Dirty);
        dirty.map_or(Ok(()), |it| Err(Error::Dirty(it.name.clone())))
    }

    /// How many are still to be applied.
    #[must_use]
    pub fn pending(&self) -> usize {
        let is_pending = |it: &&Entry| matches!(it.state, State::Pending | State::Late);
        self.entries.iter().filter(is_pending).count()
    }

    /// Those that the database has, in the order in which they were applied.
    #[must_use]
    pub fn history(&self) -> Vec<&Entry> {
        let is_there = |it: &&Entry| !matches!(it.state, State::Pending | State::Late);
        let mut history: Vec<_> = self.entries.iter().filter(is_there).collect();
        history.sort_by_key(|it| it.at);
        history
    }

    pub(crate) fn of(names: &[&str], chain: Option<&Chain>, records: &Records) -> Self {
        let mut faults = chain.map_or_else(Vec::new, |it| it.faults(names));
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(*name) {
                faults.push(Fault::Doubled((*name).to_owned()));
            }
        }
        let is_applied = |name: &str| records.get(name).is_some_and(|it| it.applied);
        let latest = names.iter().rposition(|it| is_applied(it));
        let mut entries = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let record = records.get(*name).cloned().unwrap_or_default();
            let state = if record.dirty {
                State::Dirty
            } else if record.applied {
                let hash = chain.and_then(|it| it.hash_of(name));
                if hash
                    .zip(record.hash.as_deref())
                    .is_some_and(|(now, then)| now != then)
                {
                    faults.push(Fault::Edited((*name).to_owned()));
                    State::Edited
                } else {
                    State::Applied
                }
            } else if let Some(latest) = latest.filter(|latest| *latest > at) {
                faults.push(Fault::Late {
                    name: (*name).to_owned(),
                    after: names[latest].to_owned(),
                });
                State::Late
            } else {
                State::Pending
            };
            entries.push(Entry {
                name: (*name).to_owned(),
                state,
                at: record.at,
                took: record.took,
            });
        }
        for (name, record) in records {
            if !seen.contains(name.as_str()) {
                faults.push(Fault::Unknown(name.clone()));
                entries.push(Entry {
                    name: name.clone(),
                    state: State::Unknown,
                    at: record.at,
                    took: record.took,
                });
            }
        }
        Self { entries, faults }
    }
}

/// As a command line lists it: `applied  m1_stones  2026-11-21T10:00:00Z  12 ms`.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.state, self.name)?;
        if let Some(at) = self.at.and_then(|it| DateTime::from_timestamp(it, 0)) {
            write!(f, "  {}", at.to_rfc3339_opts(SecondsFormat::Secs, true))?;
        }
        if let Some(took) = self.took {
            write!(f, "  {} ms", took.as_millis())?;
        }
        Ok(())
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Dirty => "dirty",
            Self::Edited => "edited",
            Self::Late => "late",
            Self::Unknown => "unknown",
        })
    }
}
