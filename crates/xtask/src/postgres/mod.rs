//! Whether the tests will find a PostgreSQL to start, and theirs for somebody else.

mod server;

use std::env;
use std::path::{Path, PathBuf};

pub(crate) use server::Postgres;

/// Debian keeps one folder a version, and does not put them on the `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";

pub(crate) fn is_installed() -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path);
    on_path.chain(versions(Path::new(DEBIAN))).any(holds_initdb)
}

fn versions(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    entries.map(|version| version.path().join("bin")).collect()
}

fn holds_initdb(folder: impl AsRef<Path>) -> bool {
    folder.as_ref().join("initdb").is_file()
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "a test has nobody to keep waiting"
)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn each_version_of_debian_is_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("17/bin");
        fs::create_dir_all(&bin).unwrap();
        fs::write(bin.join("initdb"), "").unwrap();

        assert!(versions(folder.path()).iter().any(holds_initdb));
    }

    #[test]
    fn no_folder_means_no_version() {
        assert!(versions(Path::new("/nowhere")).is_empty());
    }
}
