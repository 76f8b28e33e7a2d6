//! The tests' PostgreSQL, started by a program of theirs.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::programs;
use crate::workspace::Workspace;

pub(crate) struct Postgres {
    /// Of an empty database.
    pub(crate) url: String,
    child: Child,
}

impl Postgres {
    /// Waits until it is ready; the program says when, or gives up.
    pub(crate) fn start(workspace: &Workspace) -> Result<Self> {
        let program = programs::postgres(workspace)?;
        let mut child = Command::new(&program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut url = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut url)?;
        }
        let url = url.trim().to_owned();
        let postgres = Self { url, child };
        ensure!(!postgres.url.is_empty(), "PostgreSQL does not start");
        Ok(postgres)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The end of its input is the end of the program, and of the server. `wait` closes it.
        let _ = self.child.wait();
    }
}
