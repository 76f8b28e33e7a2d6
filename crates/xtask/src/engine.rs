//! The databases that everything is run on.

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::{postgres, step};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// Whether this machine has it. Where it has not, somebody who chose it gets a failure, and somebody who chose
    /// nothing is told that `what` is left out.
    pub(crate) fn is_there(self, chosen: Option<Self>, what: &str) -> Result<bool> {
        if self == Self::Sqlite || postgres::is_installed() {
            return Ok(true);
        }
        let cure = "Install it with: apt-get install postgresql";
        if chosen.is_some() {
            bail!("PostgreSQL is missing. {cure}");
        }
        step::skip(
            &format!("PostgreSQL is missing, so {what} on SQLite only"),
            cure,
        )?;
        Ok(false)
    }
}

/// The chosen one, or all of them.
pub(crate) fn engines(chosen: Option<Engine>) -> Vec<Engine> {
    chosen.map_or_else(|| Engine::value_variants().to_vec(), |engine| vec![engine])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_chooses_nothing_gets_both_and_sqlite_first() {
        assert_eq!(engines(None), [Engine::Sqlite, Engine::Postgres]);
        assert_eq!(engines(Some(Engine::Postgres)), [Engine::Postgres]);
    }
}
