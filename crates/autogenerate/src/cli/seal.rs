//! The lock of migrations.

#![expect(
    clippy::disallowed_methods,
    reason = "runs on a developer's machine, and has nothing else to do"
)]

use std::path::{Path, PathBuf};

use clap::Args;
use sea_orm_migration::MigratorTrait;
use sea_orm_migration_runner::seal::{self, SealError};

use super::Answer;
use crate::error::Error;
use crate::project::Project;

#[derive(Args)]
pub(super) struct Seal {
    /// Migrations that were edited and are applied nowhere that matters
    #[arg(value_name = "MIGRATION")]
    edited: Vec<String>,
}

impl Seal {
    pub(super) fn execute<M: MigratorTrait>(&self, project: &Project<M>) -> Result<Answer, Error> {
        rewrite(project, |lock, sources| {
            seal::seal(lock, sources, &self.edited)
        })
    }
}

pub(super) fn rebase<M: MigratorTrait>(project: &Project<M>) -> Result<Answer, Error> {
    rewrite(project, seal::rebase)
}

/// What is wrong with the lock of the folder; `None` where the project keeps none.
pub(super) fn faults<M: MigratorTrait>(project: &Project<M>) -> Result<Option<Vec<String>>, Error> {
    if !project.is_sealed() {
        return Ok(None);
    }
    let sources = seal::sources::<M>(&project.folder().join("src"))?;
    let lock = read(&lock_file(project))?;
    let faults = seal::faults(&lock, &sources)?;
    Ok(Some(faults.iter().map(ToString::to_string).collect()))
}

fn rewrite<M: MigratorTrait>(
    project: &Project<M>,
    write: impl FnOnce(&str, &[seal::Source]) -> Result<String, SealError>,
) -> Result<Answer, Error> {
    let sources = seal::sources::<M>(&project.folder().join("src"))?;
    let file = lock_file(project);
    let before = read(&file)?;
    let after = write(&before, &sources)?;
    if after == before {
        return Ok(Answer::of(0, "There was nothing to do."));
    }
    std::fs::write(&file, &after).map_err(|cause| unusable(&file, cause))?;
    let is_new = |line: &&str| !line.starts_with('#') && !before.lines().any(|it| it == *line);
    let sealed = after.lines().filter(is_new);
    let sealed = sealed.filter_map(|it| Some(format!("sealed  {}", it.split_once(' ')?.0)));
    Ok(Answer::of(0, sealed.collect::<Vec<_>>().join("\n")))
}

fn lock_file<M: MigratorTrait>(project: &Project<M>) -> PathBuf {
    project.folder().join("migrations.lock")
}

/// Empty where nothing was sealed yet.
fn read(file: &Path) -> Result<String, Error> {
    match std::fs::read_to_string(file) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|cause| unusable(file, cause)),
    }
}

fn unusable(file: &Path, cause: std::io::Error) -> Error {
    let path = file.display().to_string();
    SealError::File { path, cause }.into()
}
