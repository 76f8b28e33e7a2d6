#![expect(
    clippy::disallowed_methods,
    reason = "runs on a developer's machine, and has nothing else to do"
)]

use std::path::{Path, PathBuf};

use sea_orm_migration::MigratorTrait;
use sea_orm_migration_runner::seal::{self, Source};

use super::Draft;
use crate::error::{Error, MIGRATIONS, MODULES};

/// The crate of the migrations.
pub(super) struct Folder {
    source: PathBuf,
    list: PathBuf,
    listed: String,
    lock: PathBuf,
    /// `None` where the project keeps none.
    locked: Option<String>,
}

impl Folder {
    pub(super) fn of(folder: &Path) -> Result<Self, Error> {
        let folder = &folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let source = folder.join("src");
        let list = source.join("lib.rs");
        let listed = std::fs::read_to_string(&list).map_err(|cause| unusable(&list, cause))?;
        let lock = folder.join("migrations.lock");
        let locked = match std::fs::read_to_string(&lock) {
            Ok(text) => Some(text),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => None,
            Err(cause) => return Err(unusable(&lock, cause)),
        };
        Ok(Self {
            source,
            list,
            listed,
            lock,
            locked,
        })
    }

    /// Everything that can be wrong is, before anything is written.
    pub(super) fn add<M: MigratorTrait>(&self, draft: &Draft) -> Result<PathBuf, Error> {
        let file = self.source.join(format!("{}.rs", draft.name));
        if file.exists() {
            let exists = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
            return Err(unusable(&file, exists));
        }
        let list = self.with(&draft.name)?;
        let lock = self.sealed::<M>(draft)?;
        write(&file, &draft.code)?;
        let written = write(&self.list, &list).and_then(|()| match &lock {
            Some(lock) => write(&self.lock, lock),
            None => Ok(()),
        });
        if let Err(error) = written {
            // As it was; what cannot be undone either, is told by the error.
            let _ = std::fs::remove_file(&file);
            let _ = std::fs::write(&self.list, &self.listed);
            return Err(error);
        }
        Ok(file)
    }

    /// The list with one more module and one more migration, above the marks.
    fn with(&self, name: &str) -> Result<String, Error> {
        let mut text = self.listed.clone();
        for (mark, line) in [
            (MODULES, format!("mod {name};")),
            (MIGRATIONS, format!("Box::new({name}::Migration),")),
        ] {
            if text.matches(mark).count() != 1 {
                return Err(Error::Marks {
                    file: self.list.display().to_string(),
                });
            }
            let at = text.find(mark).unwrap_or_default();
            let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
            let indent = text[start..at].to_owned();
            text.insert_str(start, &format!("{indent}{line}\n"));
        }
        Ok(text)
    }

    fn sealed<M: MigratorTrait>(&self, draft: &Draft) -> Result<Option<String>, Error> {
        let Some(lock) = &self.locked else {
            return Ok(None);
        };
        let mut sources = seal::sources::<M>(&self.source)?;
        sources.push(Source {
            name: draft.name.clone(),
            code: draft.code.clone(),
        });
        Ok(Some(seal::seal(lock, &sources, &[])?))
    }
}

fn write(file: &Path, text: &str) -> Result<(), Error> {
    std::fs::write(file, text).map_err(|cause| unusable(file, cause))
}

fn unusable(file: &Path, cause: std::io::Error) -> Error {
    let path = file.display().to_string();
    Error::File { path, cause }
}
