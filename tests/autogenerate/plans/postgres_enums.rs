//! Enums of PostgreSQL, which grow and do not shrink.

use super::case::{Case, case};

fn size(values: &str) -> String {
    format!("CREATE TYPE size# AS ENUM ({values})")
}

const SHIRT: &str = "CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY, size size# NOT NULL \
                     DEFAULT 'm')";
const SIZES: &str = "SELECT size::text FROM shirt#";

/// The shirts' enum has other values.
fn values(name: &'static str, from: &str, to: &str) -> Case {
    let schema = |it: &str| format!("{}; {SHIRT}", size(it));
    case(name, &schema(from), &schema(to))
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .keeps(SIZES, &["m"])
}

pub(super) fn cases() -> Vec<Case> {
    let used = "CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY, size size# NOT NULL \
                DEFAULT 'm', sizes size#[] DEFAULT '{m}', CHECK (size <> 's' OR id > 0)); \
                CREATE INDEX big# ON shirt# (id) WHERE size > 's'; CREATE TABLE hat# (id \
                INTEGER NOT NULL PRIMARY KEY, size size#); CREATE VIEW small# AS SELECT id FROM \
                shirt# WHERE size = 's'";
    vec![
        values("a value comes at the end", "'s', 'm'", "'s', 'm', 'l'")
            .plans(&["add 'l' to enum size#"]),
        values("a value comes in the middle", "'s', 'm'", "'s', 'r', 'm'")
            .plans(&["add 'r' to enum size# before 'm'"]),
        values(
            "values come before all others",
            "'m', 'l'",
            "'xs', 's', 'm', 'l', 'xl'",
        )
        .plans(&[
            "add 'xs' to enum size# before 'm'",
            "add 's' to enum size# before 'm'",
            "add 'xl' to enum size#",
        ]),
        values("values stand in another order", "'s', 'm'", "'m', 's'").plans(&[
            "replace enum size# ('s', 'm') by ('m', 's')",
            "drop enum size#__old",
        ]),
        case(
            "a value goes, of an enum that is used in every way",
            &format!("{}; {used}", size("'s', 'm', 'l'")),
            &format!("{}; {used}", size("'s', 'm'")),
        )
        .plans(&[
            "drop view small#",
            "drop check shirt#_check of shirt#",
            "drop index big# of shirt#",
            "replace enum size# ('s', 'm', 'l') by ('s', 'm'), DESTRUCTIVE: values are lost",
            "add check shirt#_check to shirt# `((size <> 's'::size#) OR (id > 0))`",
            "create index big# on shirt# (id) where (size > 's'::size#)",
            "drop enum size#__old",
            "create view small#",
        ])
        .rows(
            "INSERT INTO shirt# (id) VALUES (1); INSERT INTO shirt# VALUES (2, 's', \
             '{s,m}'); INSERT INTO hat# VALUES (3, 'm')",
        )
        .keeps(
            "SELECT id || size::text || sizes::text FROM shirt#",
            &["1m{m}", "2s{s,m}"],
        )
        .keeps("SELECT size::text FROM hat#", &["m"])
        .keeps("SELECT id::text FROM small#", &["2"]),
        case(
            "a new value is a default at once",
            &format!("{}; {SHIRT}", size("'s', 'm'")),
            &format!("{}; {}", size("'s', 'm', 'l'"), SHIRT.replace("'m'", "'l'")),
        )
        .plans(&[
            "replace enum size# ('s', 'm') by ('s', 'm', 'l')",
            "alter column shirt#.size from (size#, not null, default 'm'::size#) to (size#, \
             not null, default 'l'::size#)",
            "drop enum size#__old",
        ])
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .keeps(SIZES, &["m"]),
        case(
            "a new value is given to rows at once",
            &format!(
                "{}; {}",
                size("'s', 'm'"),
                SHIRT.replace(" NOT NULL DEFAULT 'm'", "")
            ),
            &format!(
                "{}; {}",
                size("'s', 'm', 'l'"),
                SHIRT.replace(" DEFAULT 'm'", "")
            ),
        )
        .plans(&[
            "replace enum size# ('s', 'm') by ('s', 'm', 'l')",
            "alter column shirt#.size from (size#, null) to (size#, not null)",
            "drop enum size#__old",
        ])
        .backfills("shirt#", "size", "'l'")
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        // The value is gone then, and a row that has it would stand in the way.
        .there("DELETE FROM shirt# RETURNING size::text", &["l"]),
        case(
            "the last use goes, and the type with it",
            &format!("{}; {SHIRT}", size("'s', 'm'")),
            "CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY)",
        )
        .plans(&[
            "drop column shirt#.size, DESTRUCTIVE: values are lost",
            "drop enum size#",
        ])
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .there(
            "SELECT typname::text FROM pg_type WHERE typname = 'size#'",
            &[],
        )
        .back(SIZES, &["m"]),
        case(
            "a text is of an enum",
            "CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY, size TEXT NOT NULL \
             DEFAULT 'm')",
            &format!("{}; {SHIRT}", size("'s', 'm'")),
        )
        .plans(&[
            "create enum size# ('s', 'm')",
            "alter column shirt#.size from (text, not null, default 'm'::text) to (size#, \
             not null, default 'm'::size#), DESTRUCTIVE: values are lost",
        ])
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .keeps(SIZES, &["m"]),
        case(
            "a column of an enum is added, and takes no NULL",
            "CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY)",
            &format!(
                "{}; {}",
                size("'s', 'm'"),
                SHIRT.replace(" DEFAULT 'm'", "")
            ),
        )
        .plans(&[
            "create enum size# ('s', 'm')",
            "add column shirt#.size (size#, not null)",
        ])
        .backfills("shirt#", "size", "'s'")
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .there(SIZES, &["s"]),
        case(
            "an enum has a name that needs quotes",
            "CREATE TYPE \"Size#\" AS ENUM ('it''s s', 'M'); CREATE TABLE shirt# (id INTEGER \
             NOT NULL PRIMARY KEY, size \"Size#\" DEFAULT 'it''s s')",
            "CREATE TYPE \"Size#\" AS ENUM ('it''s s'); CREATE TABLE shirt# (id INTEGER NOT \
             NULL PRIMARY KEY, size \"Size#\" DEFAULT 'it''s s')",
        )
        .plans(&[
            "replace enum Size# ('it's s', 'M') by ('it's s'), DESTRUCTIVE: values are lost",
            "drop enum Size#__old",
        ])
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .keeps(SIZES, &["it's s"]),
    ]
}
