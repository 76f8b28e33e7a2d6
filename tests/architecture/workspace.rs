//! The workspace as it lies on disk, and as cargo understands it.

use std::path::{Path, PathBuf};

use cargo_metadata::{MetadataCommand, Package};

pub(super) fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("it is in the workspace").to_owned()
}

/// Our own crates, without asking any registry.
pub(super) fn packages() -> Vec<Package> {
    let mut cargo = MetadataCommand::new();
    cargo
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline", "--locked"].map(str::to_owned));
    let metadata = cargo.exec().expect("cargo knows its workspace");
    metadata.packages
}

pub(super) fn folder(package: &Package) -> &Path {
    let manifest = package.manifest_path.as_std_path();
    manifest.parent().expect("a manifest is in a folder")
}

/// A file of ours.
pub(super) struct Source {
    /// From the root of the workspace, with `/` between.
    pub(super) path: String,
    pub(super) text: String,
}

/// All Rust of all our crates, in the order of their paths.
pub(super) fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    for package in packages() {
        rust_below(folder(&package), &mut files);
    }
    files.sort();
    assert!(!files.is_empty(), "there are sources");
    files.iter().map(|file| source(file)).collect()
}

/// All Rust of one crate.
pub(super) fn sources_of(package: &Package) -> Vec<Source> {
    let mut files = Vec::new();
    rust_below(folder(package), &mut files);
    files.iter().map(|file| source(file)).collect()
}

/// The names of the folders in a folder; none where there is no such folder.
pub(super) fn folders_in(path: &str) -> Vec<String> {
    let entries = root().join(path).read_dir().into_iter().flatten();
    let folders = entries
        .map(|it| it.expect("it can be read"))
        .filter(|it| it.path().is_dir());
    folders.map(|it| name(&it.path())).collect()
}

fn rust_below(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = folder.read_dir().expect("a folder of ours can be read");
    for entry in entries {
        let path = entry.expect("it can be read").path();
        if path.is_dir() && name(&path) != "target" {
            rust_below(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
}

fn source(file: &Path) -> Source {
    let path = file.strip_prefix(root()).expect("it is in the workspace");
    Source {
        path: path
            .to_str()
            .expect("our names are text")
            .replace('\\', "/"),
        text: std::fs::read_to_string(file).expect("our sources are text"),
    }
}

fn name(path: &Path) -> String {
    let name = path.file_name().and_then(|it| it.to_str());
    name.expect("our names are text").to_owned()
}
