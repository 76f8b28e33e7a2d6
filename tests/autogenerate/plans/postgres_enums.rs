//! Enums of PostgreSQL, which grow and do not shrink.

use super::case::{Case, case};

fn size(values: &str) -> String {
    format!("CREATE TYPE size# AS ENUM ({values})")
}

const SHIRT: &str =
    "CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY, size size# NOT NULL DEFAULT 'm')";
const SIZES: &str = "SELECT size::text FROM shirt#";

/// The shirts' enum has other values.
fn values(name: &'static str, from: &str, to: &str) -> Case {
    let schema = |it: &str| format!("{}; {SHIRT}", size(it));
    case(name, &schema(from), &schema(to))
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .keeps(SIZES, &["m"])
}

pub(super) fn cases() -> Vec<Case> {
    let used = "CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY, size size# NOT NULL DEFAULT 'm', sizes size#[] DEFAULT '{m}', \
                CHECK (size <> 's' OR id > 0)); CREATE INDEX big# ON shirt# (id) WHERE size > 's'; \
                CREATE TABLE hat# (id INTEGER NOT NULL PRIMARY KEY, size size#); \
                CREATE VIEW small# AS SELECT id FROM shirt# WHERE size = 's'";
    vec![
        values("a value comes at the end", "'s', 'm'", "'s', 'm', 'l'"),
        values("a value comes in the middle", "'s', 'm'", "'s', 'r', 'm'"),
        values("values come before all others", "'m', 'l'", "'xs', 's', 'm', 'l', 'xl'"),
        values("values stand in another order", "'s', 'm'", "'m', 's'"),
        case(
            "a value goes, of an enum that is used in every way",
            &format!("{}; {used}", size("'s', 'm', 'l'")),
            &format!("{}; {used}", size("'s', 'm'")),
        )
        .rows("INSERT INTO shirt# (id) VALUES (1); INSERT INTO shirt# VALUES (2, 's', '{s,m}'); INSERT INTO hat# VALUES (3, 'm')")
        .keeps("SELECT id || size::text || sizes::text FROM shirt#", &["1m{m}", "2s{s,m}"])
        .keeps("SELECT size::text FROM hat#", &["m"])
        .keeps("SELECT id::text FROM small#", &["2"]),
        case(
            "a new value is a default at once",
            &format!("{}; {SHIRT}", size("'s', 'm'")),
            &format!("{}; {}", size("'s', 'm', 'l'"), SHIRT.replace("'m'", "'l'")),
        )
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .keeps(SIZES, &["m"]),
        case(
            "a new value is given to rows at once",
            &format!("{}; {}", size("'s', 'm'"), SHIRT.replace(" NOT NULL DEFAULT 'm'", "")),
            &format!("{}; {}", size("'s', 'm', 'l'"), SHIRT.replace(" DEFAULT 'm'", "")),
        )
        .backfills("shirt#", "size", "'l'")
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .there(SIZES, &["l"]),
        case(
            "the last use goes, and the type with it",
            &format!("{}; {SHIRT}", size("'s', 'm'")),
            "CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY)",
        )
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .there("SELECT typname::text FROM pg_type WHERE typname = 'size#'", &[])
        .back(SIZES, &["m"]),
        case(
            "a text is of an enum",
            "CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY, size TEXT NOT NULL DEFAULT 'm')",
            &format!("{}; {SHIRT}", size("'s', 'm'")),
        )
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .keeps(SIZES, &["m"]),
        case(
            "a column of an enum is added, and takes no NULL",
            "CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY)",
            &format!("{}; {}", size("'s', 'm'"), SHIRT.replace(" DEFAULT 'm'", "")),
        )
        .backfills("shirt#", "size", "'s'")
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .there(SIZES, &["s"]),
        case(
            "an enum has a name that needs quotes",
            "CREATE TYPE \"Size#\" AS ENUM ('it''s s', 'M'); \
             CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY, size \"Size#\" DEFAULT 'it''s s')",
            "CREATE TYPE \"Size#\" AS ENUM ('it''s s'); \
             CREATE TABLE shirt# (id INTEGER NOT NULL PRIMARY KEY, size \"Size#\" DEFAULT 'it''s s')",
        )
        .rows("INSERT INTO shirt# (id) VALUES (1)")
        .keeps(SIZES, &["it's s"]),
    ]
}
