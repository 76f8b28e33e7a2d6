//! Renames that need each other's names.

use super::super::here;
use super::case::{Case, case};

pub(super) fn cases() -> Vec<Case> {
    let table =
        |columns: &str| format!("CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, {columns})");
    let two = |one: &str, other: &str| {
        format!(
            "CREATE TABLE {one}# (id INTEGER NOT NULL PRIMARY KEY, a TEXT); CREATE TABLE {other}# \
             (id INTEGER NOT NULL PRIMARY KEY, b INTEGER)"
        )
    };
    vec![
        case(
            "a column gets the name of one that gets another",
            &table("a TEXT, b TEXT"),
            &table("b TEXT, c TEXT"),
        )
        .plans(&["rename column t#.b to c", "rename column t#.a to b"])
        .renames("t#", "a", "b")
        .renames("t#", "b", "c")
        .rows("INSERT INTO t# VALUES (1, 'a', 'b')")
        .there("SELECT b || c FROM t#", &["ab"])
        .back("SELECT a || b FROM t#", &["ab"]),
        case(
            "two columns swap their names",
            &table("a TEXT, b INTEGER, UNIQUE (a)"),
            &table("b TEXT, a INTEGER, UNIQUE (b)"),
        )
        .plans(&[
            "rename column t#.a to a__old",
            "rename column t#.b to a",
            "rename column t#.a__old to b",
        ])
        .renames("t#", "a", "b")
        .renames("t#", "b", "a")
        .rows("INSERT INTO t# VALUES (1, 'x', 2)")
        .there("SELECT b || a FROM t#", &["x2"])
        .back("SELECT a || b FROM t#", &["x2"]),
        case("two tables swap their names", &two("t", "u"), &two("u", "t"))
            .plans(&[
                "rename table t# to t#__old",
                "rename table u# to t#",
                "rename table t#__old to u#",
            ])
            .renames_table("t#", "u#")
            .renames_table("u#", "t#")
            .rows("INSERT INTO t# VALUES (1, 'x'); INSERT INTO u# VALUES (2, 3)")
            .there("SELECT a FROM u#", &["x"])
            .back("SELECT a FROM t#", &["x"]),
        case(
            "a table gets the name of one that gets another",
            &two("t", "u"),
            &two("u", "w"),
        )
        .plans(&["rename table u# to w#", "rename table t# to u#"])
        .renames_table("t#", "u#")
        .renames_table("u#", "w#")
        .rows("INSERT INTO t# VALUES (1, 'x'); INSERT INTO u# VALUES (2, 3)")
        .there("SELECT a FROM u#", &["x"])
        .back("SELECT a FROM t#", &["x"]),
        // For SQLite it is the same name, and taken.
        case(
            "a table is written in capitals",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a TEXT); CREATE INDEX by_a# ON t# (a)",
            "CREATE TABLE \"T#\" (id INTEGER NOT NULL PRIMARY KEY, a TEXT); CREATE INDEX by_a# ON \
             \"T#\" (a)",
        )
        .plans(here(
            &["rename table t# to t#__old", "rename table t#__old to T#"][..],
            &["rename table t# to T#"],
        ))
        .renames_table("t#", "T#")
        .rows("INSERT INTO t# VALUES (1, 'x')")
        .there("SELECT a FROM \"T#\"", &["x"])
        .back("SELECT a FROM t#", &["x"]),
    ]
}
