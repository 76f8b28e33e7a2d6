#![expect(
    clippy::disallowed_types,
    reason = "a lock that ends with its process is a file's; to open one takes no time, and nothing is read"
)]

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use sea_orm_migration::DbErr;

/// A file beside that of an SQLite database, which one process locks at a time. It stays, empty, when all is done:
/// who removed it might remove it under somebody who has just opened it.
pub(crate) struct LockFile {
    file: File,
    path: PathBuf,
}

impl LockFile {
    pub(crate) fn beside(database: &Path) -> Result<Self, DbErr> {
        let mut path = database.as_os_str().to_owned();
        path.push("-migrate");
        let path = PathBuf::from(path);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|it| cannot(&path, &it))?;
        Ok(Self { file, path })
    }

    pub(crate) fn try_lock(&self) -> Result<bool, DbErr> {
        match self.file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(cannot(&self.path, &error)),
        }
    }
}

fn cannot(path: &Path, error: &std::io::Error) -> DbErr {
    DbErr::Custom(format!("{} cannot be locked: {error}", path.display()))
}
