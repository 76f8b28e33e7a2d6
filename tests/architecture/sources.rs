//! How our sources look.

use super::workspace::{Source, sources};

/// Past it, ask whether a file holds two things.
const MOST_LINES: usize = 400;

/// Names that say nothing: name the thing instead.
const SAYS_NOTHING: [&str; 8] = [
    "common", "helper", "helpers", "misc", "shared", "stuff", "util", "utils",
];

/// Put together here, so that this file does not hold them.
const NEVER_WRITTEN: [(&str, &str); 4] = [
    (concat!("todo", "!("), "do it, or leave it out"),
    (concat!("unimplemented", "!("), "do it, or leave it out"),
    (
        concat!("#[", "allow("),
        "`#[expect(.., reason)]` fails when it is not needed any more",
    ),
    (
        concat!("#![", "allow("),
        "`#![expect(.., reason)]` fails when it is not needed any more",
    ),
];

#[test]
fn no_file_is_longer_than_one_thing() {
    let long = sources().into_iter().filter_map(|it| {
        let lines = it.text.lines().count();
        (lines > MOST_LINES).then(|| format!("{}: {lines} lines", it.path))
    });

    let long: Vec<_> = long.collect();

    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn no_file_folder_or_module_has_a_name_that_says_nothing() {
    let mut nameless = Vec::new();

    for source in sources() {
        let parts = source.path.trim_end_matches(".rs").split('/');
        let modules = source.text.lines().filter_map(module);
        let mut names = parts.chain(modules);
        if let Some(name) = names.find(|it| says_nothing(it)) {
            nameless.push(format!("{name} in {}", source.path));
        }
    }

    assert!(nameless.is_empty(), "{nameless:#?}");
}

#[test]
fn nothing_is_left_undone_or_silenced() {
    let mut written = Vec::new();

    for source in sources() {
        for (number, line) in (1..).zip(source.text.lines()) {
            for (text, instead) in NEVER_WRITTEN {
                if line.contains(text) {
                    written.push(format!("{}:{number}: {text}: {instead}", source.path));
                }
            }
        }
    }

    assert!(written.is_empty(), "{written:#?}");
}

#[test]
fn entities_leave_their_crate_for_the_comparison_with_migrations_alone() {
    let schema = concat!("infrastructure::", "schema");
    let named = sources().into_iter().filter(|it| {
        let is_theirs = it.path.starts_with("crates/migrate/") || it.path.starts_with("tests/");
        !is_theirs && it.text.contains(schema)
    });

    let named: Vec<_> = named.map(|it| it.path).collect();

    assert!(named.is_empty(), "{named:?}");
}

#[test]
fn every_migration_has_a_way_back() {
    let sources = sources();
    let migrations: Vec<_> = sources.iter().filter(|it| is_migration(it)).collect();
    assert!(!migrations.is_empty(), "there are migrations");

    let without: Vec<_> = migrations
        .iter()
        .filter(|it| !goes_back(&it.text))
        .map(|it| &it.path)
        .collect();

    assert!(without.is_empty(), "{without:#?}");
}

#[test]
fn every_migration_is_run() {
    let sources = sources();
    let library = sources.iter().find(|it| it.path == "migration/src/lib.rs");
    let library = &library.expect("it lists the migrations").text;

    let forgotten: Vec<_> = sources
        .iter()
        .filter(|it| is_migration(it))
        .filter_map(|it| it.path.rsplit('/').next()?.strip_suffix(".rs"))
        .filter(|name| !library.contains(&format!("Box::new({name}::Migration)")))
        .collect();

    assert!(forgotten.is_empty(), "{forgotten:#?}");
}

/// The name, in a line such as `pub(crate) mod name;`.
fn module(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let (before, rest) = line.split_once("mod ")?;
    let is_declaration = before.is_empty() || before.starts_with("pub");
    let name = rest.trim_end_matches([' ', '{', ';']);
    is_declaration.then_some(name)
}

fn says_nothing(name: &str) -> bool {
    name.split('_').any(|word| SAYS_NOTHING.contains(&word))
}

fn is_migration(source: &Source) -> bool {
    let file = source.path.strip_prefix("migration/src/m");
    file.is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()))
}

/// It says how, and does something.
fn goes_back(text: &str) -> bool {
    let Some((_, down)) = text.split_once("async fn down(") else {
        return false;
    };
    let body = down.split_once('{').map_or("", |(_, body)| body);
    let body: String = body.split_whitespace().collect();
    !body.starts_with("Ok(())") && !body.starts_with("Err(")
}
