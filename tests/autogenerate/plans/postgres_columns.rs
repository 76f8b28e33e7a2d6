//! Columns of PostgreSQL.

use super::case::{Case, case};

/// A column that becomes another, with one value more than NULL.
fn column(name: &'static str, from: &str, to: &str, value: &str) -> Case {
    let table = |it: &str| format!("CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a {it})");
    case(name, &table(from), &table(to))
        .rows(&format!("INSERT INTO t# VALUES (1, {value}), (2, DEFAULT)"))
}

const VALUE: &str = "SELECT a::text FROM t# WHERE id = 1";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = types();
    cases.extend(referred());
    cases.extend(numbered());
    cases
}

fn types() -> Vec<Case> {
    vec![
        column(
            "a text may be longer",
            "VARCHAR(9)",
            "VARCHAR(12)",
            "'cake'",
        )
        .plans(&[
            "alter column t#.a from (character varying(9), null) to (character varying(12), \
             null)",
        ])
        .keeps(VALUE, &["cake"]),
        column("a text may be shorter", "TEXT", "VARCHAR(4)", "'cake'")
            .plans(&[
                "alter column t#.a from (text, null) to (character varying(4), null), \
                 DESTRUCTIVE: values are lost",
            ])
            .keeps(VALUE, &["cake"]),
        column(
            "a number is more precise",
            "NUMERIC(5, 1)",
            "NUMERIC(9, 3)",
            "1.5",
        )
        .plans(&["alter column t#.a from (numeric(5,1), null) to (numeric(9,3), null)"])
        .there(VALUE, &["1.500"])
        .back(VALUE, &["1.5"]),
        column(
            "a moment has a time zone",
            "TIMESTAMP",
            "TIMESTAMPTZ",
            "'2026-11-21 10:00'",
        )
        .plans(&[
            "alter column t#.a from (timestamp without time zone, null) to (timestamp with \
             time zone, null), DESTRUCTIVE: values are lost",
        ])
        .there(
            "SELECT extract(hour FROM a)::text FROM t# WHERE id = 1",
            &["10"],
        )
        .back(VALUE, &["2026-11-21 10:00:00"]),
        column(
            "a text is an id",
            "TEXT",
            "UUID",
            "'00000000-0000-0000-0000-000000000007'",
        )
        .plans(&[
            "alter column t#.a from (text, null) to (uuid, null), DESTRUCTIVE: values are \
             lost",
        ])
        .keeps(VALUE, &["00000000-0000-0000-0000-000000000007"]),
        column("a text that is no id becomes one", "TEXT", "UUID", "'cake'")
            .plans(&[
                "alter column t#.a from (text, null) to (uuid, null), DESTRUCTIVE: values are \
                 lost",
            ])
            .backfills("t#", "a", "md5(a)::uuid")
            .there(VALUE, &["a1b85851-22e1-ad60-623d-6a74d3eb3b6a"]),
        column(
            "a truth value has a default",
            "BOOLEAN",
            "BOOLEAN NOT NULL DEFAULT false",
            "true",
        )
        .plans(&["alter column t#.a from (boolean, null) to (boolean, not null, default false)"])
        .keeps("SELECT a::text FROM t#", &["true", "false"]),
        column(
            "a number is a truth value",
            "INTEGER DEFAULT 0",
            "BOOLEAN NOT NULL DEFAULT false",
            "1",
        )
        .plans(&[
            "alter column t#.a from (integer, null, default 0) to (boolean, not null, \
             default false), DESTRUCTIVE: values are lost",
        ])
        .keeps("SELECT a::int::text FROM t#", &["1", "0"]),
        column(
            "a text is a document",
            "TEXT",
            "JSONB NOT NULL DEFAULT '{}'",
            "'[1]'",
        )
        .plans(&[
            "alter column t#.a from (text, null) to (jsonb, not null, default '{}'::jsonb), \
             DESTRUCTIVE: values are lost",
        ])
        .keeps("SELECT a::text FROM t#", &["[1]", "{}"]),
        column(
            "a text is sorted otherwise",
            "TEXT",
            "TEXT COLLATE \"C\"",
            "'b'",
        )
        .plans(&["alter column t#.a from (text, null) to (text, null, collate C)"])
        .keeps(VALUE, &["b"]),
        column(
            "a column is computed no more",
            "INTEGER GENERATED ALWAYS AS (id * 2) STORED",
            "INTEGER",
            "DEFAULT",
        )
        .plans(&[
            "alter column t#.a from (integer, null, generated as (id * 2) stored) to \
             (integer, null)",
        ])
        .back(VALUE, &["2"]),
        column(
            "a column is computed",
            "INTEGER",
            "INTEGER GENERATED ALWAYS AS (id * 2) STORED",
            "5",
        )
        .plans(&[
            "alter column t#.a from (integer, null) to (integer, null, generated as (id * 2) \
             stored), DESTRUCTIVE: values are lost",
        ])
        .there(VALUE, &["2"]),
    ]
}

fn referred() -> Vec<Case> {
    let family = |parent: &str, child: &str| {
        format!(
            "CREATE TABLE p# (id {parent} NOT NULL PRIMARY KEY, code {child} UNIQUE, twice \
             {child} GENERATED ALWAYS AS (code * 2) STORED); CREATE TABLE k# (id INTEGER NOT \
             NULL PRIMARY KEY, p {parent} REFERENCES p# (id) ON DELETE CASCADE, c {child} \
             CONSTRAINT coded# REFERENCES p# (code) CHECK (c > 0), over {parent}); CREATE \
             INDEX by_p# ON k# (p) INCLUDE (c) WHERE c > 5; CREATE INDEX by_sum# ON k# ((c + \
             1)); CREATE VIEW seen# AS SELECT k#.id, p#.twice FROM k# JOIN p# ON k#.p = \
             p#.id; CREATE VIEW seen_twice# AS SELECT id FROM seen#"
        )
    };
    vec![
        case(
            "numbers on both sides of keys are wider, with all that stands on them",
            &family("INTEGER", "INTEGER"),
            &family("BIGINT", "BIGINT"),
        )
        .plans(&[
            "drop view seen_twice#",
            "drop view seen#",
            "drop foreign key coded# of k#",
            "drop foreign key k#_p_fkey of k#",
            "drop column p#.twice",
            "alter column k#.p from (integer, null) to (bigint, null)",
            "alter column k#.c from (integer, null) to (bigint, null)",
            "alter column k#.over from (integer, null) to (bigint, null)",
            "alter column p#.id from (integer, not null) to (bigint, not null)",
            "alter column p#.code from (integer, null) to (bigint, null)",
            "add column p#.twice (bigint, null, generated as (code * 2) stored)",
            "add foreign key coded# to k# (c) to p# (code)",
            "add foreign key k#_p_fkey to k# (p) to p# (id) on delete cascade",
            "create view seen#",
            "create view seen_twice#",
        ])
        .rows("INSERT INTO p# (id, code) VALUES (1, 7); INSERT INTO k# VALUES (9, 1, 7, 3)")
        .keeps("SELECT id || '-' || twice FROM seen#", &["9-14"])
        .keeps("SELECT id::text FROM seen_twice#", &["9"])
        .keeps("SELECT p || '-' || c FROM k#", &["1-7"]),
    ]
}

fn numbered() -> Vec<Case> {
    let next = "INSERT INTO t# (a) VALUES ('late') RETURNING id::text";
    let table = |id: &str| format!("CREATE TABLE t# (id {id} PRIMARY KEY, a TEXT)");
    vec![
        case(
            "rows are numbered by the engine",
            &table("INTEGER"),
            &table("INTEGER GENERATED BY DEFAULT AS IDENTITY"),
        )
        .plans(&[
            "alter column t#.id from (integer, not null) to (integer, not null, numbered by \
             the engine)",
        ])
        .rows("INSERT INTO t# VALUES (1, 'a'), (4, 'b')")
        .there(next, &["5"])
        .back("SELECT id::text FROM t#", &["1", "4", "5"]),
        case(
            "rows are numbered by the engine no more",
            &table("SERIAL"),
            &table("INTEGER"),
        )
        .plans(&[
            "alter column t#.id from (integer, not null, numbered by the engine) to \
             (integer, not null)",
        ])
        .rows("INSERT INTO t# (a) VALUES ('a'), ('b')")
        .back(next, &["3"]),
        case(
            "a column with numbers is added",
            "CREATE TABLE t# (a TEXT)",
            &table("SERIAL"),
        )
        .plans(&[
            "add column t#.id (integer, not null, numbered by the engine)",
            "add primary key (id) to t#",
        ])
        .rows("INSERT INTO t# VALUES ('a'), ('b')")
        .there("SELECT id::text FROM t#", &["1", "2"])
        .there(next, &["3"])
        .back("SELECT a FROM t#", &["a", "b", "late"]),
        case(
            "numbers are longer, and go on",
            &table("SERIAL"),
            &table("BIGSERIAL"),
        )
        .plans(&[
            "alter column t#.id from (integer, not null, numbered by the engine) to (bigint, \
             not null, numbered by the engine)",
        ])
        .rows("INSERT INTO t# (a) VALUES ('a'), ('b')")
        .there(next, &["3"])
        .back(next, &["4"]),
        case(
            "numbers are the engine's alone",
            &table("BIGINT GENERATED BY DEFAULT AS IDENTITY"),
            &table("BIGINT GENERATED ALWAYS AS IDENTITY"),
        )
        .plans(&[
            "alter column t#.id from (bigint, not null, numbered by the engine) to (bigint, \
             not null, numbered by the engine alone)",
        ])
        .rows("INSERT INTO t# (a) VALUES ('a'), ('b')")
        .there(next, &["3"])
        .back(next, &["4"]),
        case(
            "numbers of a sequence are the engine's alone",
            &table("SERIAL"),
            &table("INTEGER GENERATED ALWAYS AS IDENTITY"),
        )
        .plans(&[
            "alter column t#.id from (integer, not null, numbered by the engine) to \
             (integer, not null, numbered by the engine alone)",
        ])
        .rows("INSERT INTO t# (a) VALUES ('a'), ('b')")
        .there(next, &["3"])
        .back(next, &["4"]),
        case(
            "numbers of rows that are gone are not given again",
            &table("SERIAL"),
            &table("INTEGER GENERATED ALWAYS AS IDENTITY"),
        )
        .plans(&[
            "alter column t#.id from (integer, not null, numbered by the engine) to \
             (integer, not null, numbered by the engine alone)",
        ])
        .rows("INSERT INTO t# (a) VALUES ('a'), ('b'); DELETE FROM t#")
        .there(next, &["3"])
        .there("DELETE FROM t# RETURNING id::text", &["3"])
        .back(next, &["4"]),
        case(
            "numbers of a sequence that nobody has used begin at its beginning",
            &table("SERIAL"),
            &table("INTEGER GENERATED ALWAYS AS IDENTITY"),
        )
        .plans(&[
            "alter column t#.id from (integer, not null, numbered by the engine) to \
             (integer, not null, numbered by the engine alone)",
        ])
        .there(next, &["1"])
        .back(next, &["2"]),
    ]
}
