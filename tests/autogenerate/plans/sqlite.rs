//! What SQLite makes anew, because it cannot alter it.

use super::case::{Case, case};

/// A column that becomes another, with one value more than NULL.
fn column(name: &'static str, from: &str, to: &str, value: &str) -> Case {
    let table = |it: &str| format!("CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a {it})");
    case(name, &table(from), &table(to)).rows(&format!("INSERT INTO t# VALUES (1, {value})"))
}

const VALUE: &str = "SELECT a || '' FROM t#";

pub(super) fn columns() -> Vec<Case> {
    vec![
        column(
            "a text may be longer",
            "VARCHAR(9)",
            "VARCHAR(12)",
            "'cake'",
        )
        .plans(&[
            "rebuild table t#: alter column t#.a from (varchar(9), null) to (varchar(12), \
             null)",
        ])
        .keeps(VALUE, &["cake"]),
        column("a text may be shorter", "TEXT", "VARCHAR(4)", "'cakes'")
            .plans(&[
                "rebuild table t#: alter column t#.a from (text, null) to (varchar(4), null), \
                 DESTRUCTIVE: values are lost",
            ])
            .keeps(VALUE, &["cakes"]),
        column(
            "a number is more precise",
            "REAL(5, 1)",
            "REAL(9, 3)",
            "1.5",
        )
        .plans(&[
            "rebuild table t#: alter column t#.a from (real(5, 1), null) to (real(9, 3), \
             null)",
        ])
        .keeps(VALUE, &["1.5"]),
        column(
            "a truth value has a default",
            "BOOLEAN",
            "BOOLEAN NOT NULL DEFAULT FALSE",
            "NULL",
        )
        .plans(&[
            "rebuild table t#: alter column t#.a from (boolean, null) to (boolean, not null, \
             default FALSE)",
        ])
        .keeps(VALUE, &["0"]),
        column(
            "a default is an expression",
            "TEXT",
            "TEXT NOT NULL DEFAULT (lower('X'))",
            "NULL",
        )
        .plans(&[
            "rebuild table t#: alter column t#.a from (text, null) to (text, not null, \
             default lower('X'))",
        ])
        .keeps(VALUE, &["x"]),
        column(
            "a default is a moment",
            "TEXT",
            "TEXT DEFAULT CURRENT_TIMESTAMP",
            "'cake'",
        )
        .plans(&[
            "rebuild table t#: alter column t#.a from (text, null) to (text, null, default \
             CURRENT_TIMESTAMP)",
        ])
        .keeps(VALUE, &["cake"]),
        column("a text is an id", "TEXT", "uuid_text", "'cake'")
            .plans(&[
                "rebuild table t#: alter column t#.a from (text, null) to (uuid_text, null), \
                 DESTRUCTIVE: values are lost",
            ])
            .backfills("t#", "a", "upper(a)")
            .keeps(VALUE, &["CAKE"]),
        column(
            "a text is sorted otherwise",
            "TEXT",
            "TEXT COLLATE NOCASE",
            "'b'",
        )
        .plans(&[
            "rebuild table t#: alter column t#.a from (text, null) to (text, null, collate \
             NOCASE)",
        ])
        .keeps(VALUE, &["b"]),
        case(
            "a column is computed no more",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a INTEGER AS (id * 2) STORED)",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a INTEGER)",
        )
        .plans(&[
            "rebuild table t#: alter column t#.a from (integer, null, generated as id * 2 \
             stored) to (integer, null)",
        ])
        .rows("INSERT INTO t# (id) VALUES (1)")
        .back(VALUE, &["2"]),
        column(
            "a column is computed",
            "INTEGER",
            "INTEGER AS (id * 2) VIRTUAL",
            "5",
        )
        .plans(&[
            "rebuild table t#: alter column t#.a from (integer, null) to (integer, null, \
             generated as id * 2), DESTRUCTIVE: values are lost",
        ])
        .there(VALUE, &["2"]),
        case(
            "a computed column is added",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY)",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a INTEGER AS (id * 2) STORED, \
             b INTEGER AS (id * 3))",
        )
        .plans(&[
            "rebuild table t#: add column t#.a (integer, null, generated as id * 2 stored); \
             add column t#.b (integer, null, generated as id * 3)",
        ])
        .rows("INSERT INTO t# (id) VALUES (1)")
        .there(VALUE, &["2"]),
    ]
}

pub(super) fn parts() -> Vec<Case> {
    let parent = |a: &str, id: &str| {
        format!(
            "CREATE TABLE p# (id INTEGER NOT NULL PRIMARY KEY{id}, a {a}); CREATE INDEX \
             by_a# ON p# (a COLLATE NOCASE DESC) WHERE a > ''; CREATE TABLE k# (id INTEGER \
             NOT NULL PRIMARY KEY, p INTEGER NOT NULL REFERENCES p# (id) ON DELETE CASCADE); \
             CREATE VIEW v# AS SELECT p#.a FROM p# JOIN k# ON k#.p = p#.id; CREATE VIEW vv# \
             AS SELECT a FROM v#; CREATE TRIGGER g# AFTER INSERT ON k# BEGIN UPDATE p# SET a \
             = a || '!' WHERE id = NEW.p; END"
        )
    };
    let family = "INSERT INTO p# VALUES (1, 'x'); INSERT INTO k# VALUES (7, 1)";
    vec![
        case(
            "a parent is made anew, with its children, its index, its views and its triggers",
            &parent("TEXT", ""),
            &parent("VARCHAR(9) NOT NULL DEFAULT ''", ""),
        )
        .plans(&[
            "drop trigger g# of k#",
            "drop view vv#",
            "drop view v#",
            "rebuild table p#: alter column p#.a from (text, null) to (varchar(9), not null, \
             default ''), DESTRUCTIVE: values are lost",
            "create view v#",
            "create view vv#",
            "create trigger g# on k#",
        ])
        .rows(family)
        .keeps("SELECT id || '' FROM k#", &["7"])
        .keeps("SELECT a FROM vv#", &["x!"]),
        case(
            "numbers are not given again",
            &parent("TEXT", " AUTOINCREMENT"),
            &parent("TEXT NOT NULL", " AUTOINCREMENT"),
        )
        .plans(&[
            "drop trigger g# of k#",
            "drop view vv#",
            "drop view v#",
            "rebuild table p#: alter column p#.a from (text, null) to (text, not null)",
            "create view v#",
            "create view vv#",
            "create trigger g# on k#",
        ])
        .backfills("p#", "a", "''")
        .rows("INSERT INTO p# VALUES (9, 'x'); DELETE FROM p#")
        .there(
            "INSERT INTO p# (a) VALUES ('y') RETURNING id || ''",
            &["10"],
        )
        .back(
            "INSERT INTO p# (a) VALUES ('z') RETURNING id || ''",
            &["11"],
        ),
        case(
            "numbers are never given again",
            &parent("TEXT", ""),
            &parent("TEXT", " AUTOINCREMENT"),
        )
        .plans(&[
            "drop trigger g# of k#",
            "drop view vv#",
            "drop view v#",
            "rebuild table p#: alter column p#.id from (integer, not null) to (integer, not \
             null, numbered by the engine)",
            "create view v#",
            "create view vv#",
            "create trigger g# on k#",
        ])
        .rows(family)
        .there("DELETE FROM p# RETURNING id || ''", &["1"])
        .there("INSERT INTO p# (a) VALUES ('y') RETURNING id || ''", &["2"])
        .back("SELECT id || '' FROM p#", &["2"]),
        case(
            "a table is strict and without row numbers",
            "CREATE TABLE t# (id TEXT NOT NULL PRIMARY KEY, a INTEGER)",
            "CREATE TABLE t# (id TEXT NOT NULL PRIMARY KEY, a INTEGER) STRICT, WITHOUT ROWID",
        )
        .plans(&["rebuild table t#: make table t# STRICT, WITHOUT ROWID"])
        .rows("INSERT INTO t# VALUES ('x', 1)")
        .keeps("SELECT id || a FROM t#", &["x1"]),
        case(
            "a key waits",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, up INTEGER)",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, up INTEGER REFERENCES t# (id) \
             DEFERRABLE INITIALLY DEFERRED)",
        )
        .plans(&[
            "rebuild table t#: add foreign key t#_up_fkey to t# (up) to t# (id) deferrable, \
             initially deferred",
        ])
        .rows("INSERT INTO t# VALUES (1, 2), (2, 1)")
        .keeps("SELECT up || '' FROM t#", &["1", "2"]),
        case(
            "an index is over an expression, in the other direction, and of some rows",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a TEXT)",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a TEXT); CREATE UNIQUE INDEX \
             i# ON t# (lower(a) DESC, id) WHERE a IS NOT NULL",
        )
        .plans(&["create index i# on t# unique (lower (a) desc, id) where a IS NOT NULL"])
        .rows("INSERT INTO t# VALUES (1, 'x')")
        .keeps("SELECT a FROM t#", &["x"]),
        case(
            "a view and a trigger are others",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a TEXT); CREATE VIEW v# AS \
             SELECT id FROM t#; CREATE TRIGGER g# AFTER INSERT ON t# BEGIN UPDATE t# SET a = \
             'x' WHERE id = NEW.id; END",
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a TEXT); CREATE VIEW v# AS \
             SELECT a FROM t#; CREATE TRIGGER g# AFTER INSERT ON t# BEGIN UPDATE t# SET a = \
             'y' WHERE id = NEW.id; END",
        )
        .plans(&[
            "drop trigger g# of t#",
            "drop view v#",
            "create view v#",
            "create trigger g# on t#",
        ])
        .there("INSERT INTO t# (id) VALUES (1) RETURNING 'made'", &["made"])
        .there("SELECT a FROM v#", &["y"])
        .back("SELECT a FROM t#", &["y"]),
    ]
}

/// As far as SQLite has them: a type of any name, or a check.
pub(super) fn enums() -> Vec<Case> {
    let checked = |values: &str| {
        format!(
            "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a TEXT CHECK (a IN \
             ({values})))"
        )
    };
    vec![
        column("a text is of an enum", "TEXT", "size", "'s'")
            .plans(&[
                "rebuild table t#: alter column t#.a from (text, null) to (size, null), \
                 DESTRUCTIVE: values are lost",
            ])
            .keeps(VALUE, &["s"]),
        case(
            "a check has one value more",
            &checked("'s'"),
            &checked("'s', 'm'"),
        )
        .plans(&[
            "rebuild table t#: drop check `a IN ('s')` of t#; add check t#_a_check to t# `a \
             IN ('s', 'm')`",
        ])
        .rows("INSERT INTO t# VALUES (1, 's')")
        .keeps(VALUE, &["s"]),
    ]
}
