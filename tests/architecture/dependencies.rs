use cargo_metadata::{Dependency, DependencyKind};

use super::layers::{LAYERS, Layer};
use super::workspace::{packages, sources_of};

#[test]
fn each_crate_of_ours_has_a_row_in_the_table() {
    let mut packages: Vec<_> = packages().iter().map(|it| it.name.to_string()).collect();
    packages.sort();

    let mut rows = LAYERS.map(|it| it.package);
    rows.sort_unstable();

    assert_eq!(packages, rows);
}

#[test]
fn no_crate_depends_on_what_its_row_does_not_allow() {
    let mut forbidden = Vec::new();

    for package in packages() {
        let layer = row(&package.name);
        for dependency in &package.dependencies {
            if !layer.allows(&dependency.name, is_for_tests(dependency)) {
                forbidden.push(format!("{} -> {}", package.name, dependency.name));
            }
        }
    }

    assert!(forbidden.is_empty(), "{forbidden:#?}");
}

#[test]
fn the_table_keeps_the_families_of_forbidden_crates_out() {
    for (package, dependency) in [
        ("ashlar-domain", "serde_json"),
        ("ashlar-application", "sea-orm"),
        ("ashlar-infrastructure", "actix-cors"),
        ("ashlar-infrastructure", "utoipa-actix-web"),
        ("ashlar-infrastructure", "ashlar-server"),
        ("ashlar-api", "reqwest"),
        ("ashlar-api", "ashlar-migration"),
        ("ashlar-migration", "ashlar-domain"),
        ("ashlar-migration", "sea-orm-autogenerate"),
        ("ashlar-server", "ashlar-migrate"),
        ("sea-orm-autogenerate", "ashlar-infrastructure"),
        ("xtask", "ashlar-domain"),
    ] {
        for for_tests in [false, true] {
            let allowed = row(package).allows(dependency, for_tests);

            assert!(!allowed, "{package} -> {dependency}");
        }
    }
    assert!(!row("ashlar-server").allows("ashlar-tests", false));
    assert!(row("ashlar-server").allows("ashlar-tests", true));
    assert!(!row("ashlar-application").allows("tokio", false));
}

#[test]
fn each_crate_proves_that_it_cannot_name_what_it_must_not_see() {
    let mut lacking = Vec::new();

    for package in packages() {
        let layer = row(&package.name);
        if layer.never.is_empty() {
            continue;
        }
        let tests = DocTest::of_crate(&package.name);
        let own = format!("use {}::", identifier(&package.name));
        if !tests
            .iter()
            .any(|it| it.fence.is_empty() && it.code.contains(&own))
        {
            lacking.push(format!("{}: one that compiles, `{own}...`", package.name));
        }
        for never in layer.never {
            let line = format!("use {}::", identifier(never));
            // One statement, and the one error that says that there is no such crate: it fails for no other reason.
            let proves = |it: &DocTest| {
                it.fence == "compile_fail,E0432"
                    && it.code.starts_with(&line)
                    && it.code.matches(';').count() == 1
            };
            if !tests.iter().any(proves) {
                lacking.push(format!(
                    "{}: compile_fail,E0432 of `{line}...`",
                    package.name
                ));
            }
        }
    }

    assert!(
        lacking.is_empty(),
        "doctests that are missing: {lacking:#?}"
    );
}

#[test]
fn each_dependency_is_named_by_the_crate_that_has_it() {
    let mut unused = Vec::new();

    for package in packages() {
        // What the support library of the tests has is for tests that may come.
        if package.name.as_str() == "ashlar-tests" {
            continue;
        }
        let sources = sources_of(&package);
        for dependency in &package.dependencies {
            let name = dependency.rename.as_ref().unwrap_or(&dependency.name);
            let name = identifier(name);
            if !sources.iter().any(|it| names(&it.text, &name)) {
                unused.push(format!("{} -> {}", package.name, dependency.name));
            }
        }
    }

    assert!(unused.is_empty(), "{unused:#?}");
}

struct DocTest {
    /// What stands behind the opening fence.
    fence: String,
    code: String,
}

impl DocTest {
    /// Those at the top of its `lib.rs`.
    fn of_crate(package: &str) -> Vec<Self> {
        let packages = packages();
        let package = packages.iter().find(|it| it.name.as_str() == package);
        let targets = &package.expect("it is ours").targets;
        let library = targets.iter().find(|it| it.is_lib());
        let file = &library.expect("a layer is a library").src_path;
        let library = std::fs::read_to_string(file).expect("it is text");

        let documentation = library.lines().filter_map(|line| line.strip_prefix("//!"));
        let documentation: Vec<_> = documentation.map(str::trim).collect();
        // What stands between two fences is every other part.
        let documentation = documentation.join("\n");
        let blocks = documentation.split("```").skip(1).step_by(2);
        blocks
            .filter_map(|it| it.split_once('\n'))
            .map(|(fence, code)| Self {
                fence: fence.to_owned(),
                code: code.to_owned(),
            })
            .collect()
    }
}

fn row(package: &str) -> &'static Layer {
    let found = LAYERS.iter().find(|it| it.package == package);
    found.unwrap_or_else(|| panic!("{package} has no row"))
}

fn is_for_tests(dependency: &Dependency) -> bool {
    dependency.kind == DependencyKind::Development
}

fn identifier(package: &str) -> String {
    package.replace('-', "_")
}

/// As a word of its own, outside of comments.
fn names(text: &str, name: &str) -> bool {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut lines = text.lines().filter(is_code);
    lines.any(|line| line.split(|c| !is_part(c)).any(|word| word == name))
}
