//! What every crate's `Cargo.toml` has in common stands in the workspace's, once.

use super::workspace::packages;

#[test]
fn every_crate_inherits_the_lints() {
    let lacking: Vec<_> = manifests()
        .filter(|(_, text)| !text.contains("[lints]\nworkspace = true\n"))
        .map(|(package, _)| package)
        .collect();

    assert!(lacking.is_empty(), "{lacking:?}");
}

#[test]
fn every_crate_inherits_what_is_the_same_for_all() {
    let mut lacking = Vec::new();

    for (package, text) in manifests() {
        for field in ["version", "edition", "rust-version", "license", "publish"] {
            if !text.contains(&format!("\n{field}.workspace = true\n")) {
                lacking.push(format!("{package}: {field}"));
            }
        }
    }

    assert!(lacking.is_empty(), "{lacking:#?}");
}

#[test]
fn every_version_of_a_dependency_stands_in_the_workspace() {
    let mut own = Vec::new();

    for (package, text) in manifests() {
        let mut among_dependencies = false;
        for line in text.lines().filter(|it| !it.starts_with('#')) {
            if line.starts_with('[') {
                among_dependencies = line.ends_with("dependencies]");
            } else if among_dependencies && !line.is_empty() && !line.contains("workspace = true") {
                own.push(format!("{package}: {line}"));
            }
        }
    }

    assert!(own.is_empty(), "{own:#?}");
}

/// The name of each crate, and its `Cargo.toml`.
fn manifests() -> impl Iterator<Item = (String, String)> {
    packages().into_iter().map(|package| {
        let text = std::fs::read_to_string(&package.manifest_path);
        (package.name.to_string(), text.expect("it is text"))
    })
}
