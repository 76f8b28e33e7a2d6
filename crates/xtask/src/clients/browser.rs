//! Where this machine has a browser.

use std::env;
use std::path::PathBuf;

/// One program, as distributions call it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

pub(super) fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<_> = env::split_paths(&path).collect();
    first(&folders)
}

fn first(folders: &[PathBuf]) -> Option<PathBuf> {
    let mut programs = NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    programs.find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files;

    #[test]
    fn the_first_name_that_a_folder_has_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let folders = [PathBuf::from("/nowhere"), folder.path().to_owned()];
        assert_eq!(first(&folders), None);

        files::write(&folder.path().join("google-chrome"), "").unwrap();
        files::write(&folder.path().join("chromium"), "").unwrap();

        assert_eq!(first(&folders), Some(folder.path().join("chromium")));
    }
}
