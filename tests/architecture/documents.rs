//! What the documents point at is there.

use domain::upkeep::Leftover;

use super::workspace::root;

/// Documents whose words in backticks name files.
const DOCUMENTS: [&str; 9] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/access-matrix.md",
    "docs/adding-a-feature.md",
    "docs/http.md",
    "docs/migrations.md",
    "docs/performance.md",
    "docs/retention.md",
];

/// What a run of the program or of cargo makes.
const MADE: [&str; 2] = ["data", "target"];

#[test]
fn every_path_in_the_documents_is_there() {
    let mut missing = Vec::new();

    for document in DOCUMENTS {
        let text = read(document);
        for path in text.split('`').skip(1).step_by(2).filter(|it| is_path(it)) {
            // Crates are also named without their folder.
            let there = |within: &str| root().join(within).join(path).exists();
            if !there(".") && !there("crates") {
                missing.push(format!("{document}: {path}"));
            }
        }
    }

    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_table_of_what_is_kept_how_long_names_every_kind() {
    let document = read("docs/retention.md");
    let rows: Vec<_> = document.lines().filter(|it| it.starts_with("| ")).collect();

    for kind in Leftover::ALL {
        let row = format!("| `{}` | ", kind.name());

        assert!(rows.iter().any(|it| it.starts_with(&row)), "{kind:?}");
    }
}

/// What names a folder and what is in it, and is no address, no pattern and no media type.
fn is_path(text: &str) -> bool {
    let first = text.split('/').next().unwrap_or_default();
    let is_folder = root().join(first).is_dir() || root().join("crates").join(first).is_dir();
    let is_plain = !text.contains(|c: char| c.is_whitespace() || "{}<>*".contains(c));
    let is_media_type = text.starts_with("application/") && text.ends_with("json");
    let is_named = text.contains('/') && !first.is_empty() && !MADE.contains(&first);
    is_named && is_folder && is_plain && !is_media_type
}

fn read(document: &str) -> String {
    std::fs::read_to_string(root().join(document)).expect("the document is there")
}
