//! Tables, indexes, keys, checks, enums, views and triggers.

use super::{Case, case, each, here};
use support::Engine;

const PARENT: &str = "CREATE TABLE shops# (id INTEGER NOT NULL PRIMARY KEY)";
const CHILD: &str =
    "CREATE TABLE cakes# (id INTEGER NOT NULL PRIMARY KEY, shop INTEGER, name VARCHAR(9))";

/// A cake with a constraint.
fn child(constraint: &str) -> String {
    CHILD.replace("VARCHAR(9)", &format!("VARCHAR(9), {constraint}"))
}

/// Cakes, and something beside them.
fn cakes(statement: &str) -> String {
    format!("{CHILD}; {statement}")
}

#[tokio::test]
async fn tables_are_added_or_removed() {
    each(&[case(
        CHILD,
        "",
        "entities ahead: table cakes#, safe",
        "migrations ahead: table cakes#, destructive",
    )])
    .await;
}

#[tokio::test]
async fn indexes_are_added_or_removed() {
    each(&[
        case(
            &cakes("CREATE INDEX cakes#_name ON cakes# (name)"),
            CHILD,
            "entities ahead: index cakes#_name of cakes#, safe",
            "migrations ahead: index cakes#_name of cakes#, safe",
        ),
        case(
            &cakes("CREATE UNIQUE INDEX cakes#_name ON cakes# (name)"),
            CHILD,
            "entities ahead: index cakes#_name of cakes#, may fail",
            "migrations ahead: index cakes#_name of cakes#, safe",
        ),
        case(
            &cakes("CREATE UNIQUE INDEX cakes#_name ON cakes# (name)"),
            &cakes("CREATE INDEX cakes#_name ON cakes# (name)"),
            "both, differently: index cakes#_name of cakes#, may fail",
            "both, differently: index cakes#_name of cakes#, safe",
        ),
    ])
    .await;
}

fn other_index(one: &str, other: &str) -> Case {
    let index = |columns: &str| cakes(&format!("CREATE INDEX cakes#_name ON cakes# {columns}"));
    let changed = "both, differently: index cakes#_name of cakes#, safe";
    case(&index(one), &index(other), changed, changed)
}

#[tokio::test]
async fn indexes_have_other_columns_order_predicates_or_expressions() {
    each(&[
        other_index("(name, shop)", "(shop, name)"),
        other_index("(name)", "(name DESC)"),
        other_index("(name)", "(name) WHERE shop IS NOT NULL"),
        other_index("(name)", "(lower(name))"),
        other_index("(lower(name))", "(upper(name))"),
    ])
    .await;
}

#[tokio::test]
async fn indexes_of_postgresql_have_other_methods_operator_classes_or_companions() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    each(&[
        other_index("(name)", "USING hash (name)"),
        other_index("(name)", "(name varchar_pattern_ops)"),
        other_index("(name)", "(name) INCLUDE (shop)"),
        other_index("(name)", "(name NULLS FIRST)"),
        other_index("(name DESC)", "(name DESC NULLS LAST)"),
        other_index("(name)", "(name COLLATE \"C\")"),
    ])
    .await;
}

#[tokio::test]
async fn unique_constraints_are_added_or_removed() {
    let name = here("index", "index cakes#_name_shop_key");
    each(&[case(
        &child("UNIQUE (name, shop)"),
        CHILD,
        &format!("entities ahead: {name} of cakes#, may fail"),
        &format!("migrations ahead: {name} of cakes#, safe"),
    )])
    .await;
}

/// With the parents.
fn with_key(rest: &str) -> String {
    let key = "CONSTRAINT at_shop FOREIGN KEY (shop) REFERENCES shops# (id)";
    format!("{PARENT}; {}", child(&format!("{key} {rest}")))
}

#[tokio::test]
async fn foreign_keys_are_added_or_removed() {
    each(&[case(
        &with_key(""),
        &format!("{PARENT}; {CHILD}"),
        "entities ahead: foreign key at_shop of cakes#, may fail",
        "migrations ahead: foreign key at_shop of cakes#, safe",
    )])
    .await;
}

#[tokio::test]
async fn foreign_keys_have_other_actions_or_moments() {
    let others = [
        "ON DELETE CASCADE",
        "ON DELETE SET NULL",
        "ON DELETE RESTRICT",
        "ON UPDATE CASCADE",
        "DEFERRABLE",
        "DEFERRABLE INITIALLY DEFERRED",
    ];
    let changed = "both, differently: foreign key at_shop of cakes#, may fail";
    let cases = others.map(|other| case(&with_key(""), &with_key(other), changed, changed));

    each(&cases).await;
}

#[tokio::test]
async fn checks_are_added_removed_or_changed() {
    let short = child("CONSTRAINT short CHECK (length(name) < 9)");
    each(&[
        case(
            &short,
            CHILD,
            "entities ahead: check short of cakes#, may fail",
            "migrations ahead: check short of cakes#, safe",
        ),
        case(
            &short,
            &child("CONSTRAINT short CHECK (length(name) < 5)"),
            "both, differently: check short of cakes#, may fail",
            "both, differently: check short of cakes#, may fail",
        ),
    ])
    .await;
}

#[tokio::test]
async fn primary_keys_have_other_columns() {
    let table = |key: &str| {
        format!("CREATE TABLE t# (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY ({key}))")
    };
    let changed = "both, differently: primary key of t#, may fail";
    each(&[
        case(&table("a, b"), &table("b, a"), changed, changed),
        case(&table("a, b"), &table("a"), changed, changed),
    ])
    .await;
}

#[tokio::test]
async fn enums_and_their_values_are_added_or_removed() {
    if Engine::of_this_run() == Engine::Sqlite {
        return;
    }
    let mood = "CREATE TYPE mood# AS ENUM ('sad', 'happy')";
    each(&[
        case(
            mood,
            "",
            "entities ahead: enum mood#, safe",
            "migrations ahead: enum mood#, destructive",
        ),
        case(
            "CREATE TYPE mood# AS ENUM ('sad', 'so so', 'happy')",
            mood,
            "both, differently: enum mood#, safe",
            "both, differently: enum mood#, destructive",
        ),
    ])
    .await;
}

#[tokio::test]
async fn views_are_added_removed_or_changed() {
    let all = cakes("CREATE VIEW names# AS SELECT name FROM cakes#");
    each(&[
        case(
            &all,
            CHILD,
            "entities ahead: view names#, safe",
            "migrations ahead: view names#, safe",
        ),
        case(
            &all,
            &cakes("CREATE VIEW names# AS SELECT name FROM cakes# WHERE shop > 1"),
            "both, differently: view names#, safe",
            "both, differently: view names#, safe",
        ),
    ])
    .await;
}

#[tokio::test]
async fn triggers_are_added_or_removed() {
    let trigger = here(
        "CREATE TRIGGER loud# AFTER INSERT ON cakes# BEGIN UPDATE cakes# SET name = upper(name); END",
        "CREATE TRIGGER loud# BEFORE UPDATE ON cakes# FOR EACH ROW \
         EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    );
    each(&[case(
        &cakes(trigger),
        CHILD,
        "entities ahead: trigger cakes#.loud#, safe",
        "migrations ahead: trigger cakes#.loud#, safe",
    )])
    .await;
}

#[tokio::test]
async fn tables_are_of_another_kind() {
    let other = here(
        "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY) STRICT",
        "CREATE UNLOGGED TABLE t# (id INTEGER NOT NULL PRIMARY KEY)",
    );
    each(&[case(
        "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY)",
        other,
        "both, differently: table t#, safe",
        "both, differently: table t#, safe",
    )])
    .await;
}
