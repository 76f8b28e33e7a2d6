//! Files and folders, with failures that name them.
#![expect(
    clippy::disallowed_methods,
    reason = "this program does one thing at a time, and may wait for a file"
)]

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};

/// Leaves an empty folder, so that nothing of an earlier run counts.
pub(crate) fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => fs::create_dir_all(folder),
    }
    .with_context(|| format!("cannot clear {}", folder.display()))
}

/// Leaves a copy of a folder, and nothing beside it.
pub(crate) fn copy_anew(from: &Path, to: &Path) -> Result<()> {
    clear(to)?;
    let context = || format!("cannot copy {}", from.display());
    for entry in fs::read_dir(from).with_context(context)? {
        let entry = entry.with_context(context)?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_anew(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target).with_context(context)?;
        }
    }
    Ok(())
}

pub(crate) fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

pub(crate) fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_every_file_and_none_of_an_earlier_one() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("below")).unwrap();
        write(&from.join("below/file"), "new").unwrap();
        fs::create_dir_all(&to).unwrap();
        write(&to.join("left over"), "old").unwrap();

        copy_anew(&from, &to).unwrap();

        assert_eq!(read(&to.join("below/file")).unwrap(), "new");
        assert!(!to.join("left over").exists());
    }
}
