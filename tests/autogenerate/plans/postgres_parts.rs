//! What PostgreSQL has beside columns: indexes of its own, keys that wait, comments, schemas.

use super::case::{Case, case};

/// A table that gets something.
fn gets(name: &'static str, more: &str) -> Case {
    case(name, TABLE, &format!("{TABLE}; {more}"))
        .rows(ROWS)
        .keeps("SELECT a FROM t#", &["x", "y"])
}

const TABLE: &str = "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b INTEGER)";
const ROWS: &str = "INSERT INTO t# VALUES (1, 'x', 1), (2, 'y', NULL)";

/// By a view that guards itself, and by one that is stored and has indexes.
fn seen(data_type: &str) -> String {
    format!(
        "CREATE TABLE t# (id INTEGER NOT NULL PRIMARY KEY, a {data_type}); CREATE VIEW v# WITH \
         (security_barrier) AS SELECT id, a FROM t# WHERE a > 0 WITH LOCAL CHECK OPTION; CREATE \
         MATERIALIZED VIEW m# AS SELECT id, a FROM t#; CREATE UNIQUE INDEX m#_by_id ON m# (id); \
         CREATE INDEX m#_by_a ON m# (a DESC)"
    )
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = added();
    cases.extend(changed());
    cases
}

fn added() -> Vec<Case> {
    vec![
        case(
            "a new check gets the name that the server gave to one that stays",
            &TABLE.replace("b INTEGER)", "b INTEGER, CHECK (b > 0))"),
            &TABLE.replace("b INTEGER)", "b INTEGER CHECK (b < 9), CHECK (b > 0))"),
        )
        .plans(&[
            "drop check t#_b_check of t#",
            "add check t#_b_check to t# `(b < 9)`",
            "add check t#_b_check1 to t# `(b > 0)`",
        ])
        .rows(ROWS)
        .keeps("SELECT a FROM t#", &["x", "y"]),
        gets(
            "an index is partial",
            "CREATE UNIQUE INDEX i# ON t# (a) WHERE b IS NOT NULL",
        )
        .plans(&["create index i# on t# unique (a) where (b IS NOT NULL)"]),
        gets(
            "an index is descending",
            "CREATE INDEX i# ON t# (a DESC, b NULLS FIRST)",
        )
        .plans(&["create index i# on t# (a desc, b nulls first)"]),
        gets(
            "an index is over an expression",
            "CREATE UNIQUE INDEX i# ON t# (lower(a), (b + 1))",
        )
        .plans(&["create index i# on t# unique (lower(a), ((b + 1)))"]),
        gets(
            "an index includes a column",
            "CREATE UNIQUE INDEX i# ON t# (a) INCLUDE (b)",
        )
        .plans(&["create index i# on t# unique (a) including (b)"]),
        gets(
            "an index has one NULL",
            "CREATE UNIQUE INDEX i# ON t# (b) NULLS NOT DISTINCT",
        )
        .plans(&["create index i# on t# unique (b) nulls not distinct"]),
        gets(
            "an index is of another kind",
            "CREATE INDEX i# ON t# USING hash (a)",
        )
        .plans(&["create index i# on t# (a) using hash"]),
        gets(
            "an index sorts otherwise",
            "CREATE INDEX i# ON t# (a COLLATE \"C\" text_pattern_ops)",
        )
        .plans(&["create index i# on t# (a collate C text_pattern_ops)"]),
        gets(
            "a unique constraint waits",
            "ALTER TABLE t# ADD CONSTRAINT u# UNIQUE (a) DEFERRABLE INITIALLY DEFERRED",
        )
        .plans(&["create index u# on t# unique (a) deferrable, initially deferred"]),
        gets(
            "a key waits",
            "ALTER TABLE t# ADD CONSTRAINT f# FOREIGN KEY (b) REFERENCES t# (id) DEFERRABLE \
             INITIALLY DEFERRED",
        )
        .plans(&["add foreign key f# to t# (b) to t# (id) deferrable, initially deferred"]),
        gets(
            "no two rows exclude each other",
            "ALTER TABLE t# ADD CONSTRAINT x# EXCLUDE USING btree (a WITH =) WHERE (b > 0)",
        )
        .plans(&["add check x# to t# `EXCLUDE USING btree (a WITH =) WHERE ((b > 0))`"]),
        gets(
            "a table and a column have comments",
            "COMMENT ON TABLE t# IS 'It''s ours'; COMMENT ON COLUMN t#.a IS 'A \"text\"'",
        )
        .plans(&["comment on column t#.a", "comment on table t#"]),
        gets(
            "a trigger calls what is there",
            "CREATE TRIGGER g# BEFORE UPDATE ON t# FOR EACH ROW EXECUTE FUNCTION \
             suppress_redundant_updates_trigger()",
        )
        .plans(&["create trigger g# on t#"]),
        gets(
            "a view is added",
            "CREATE VIEW v# AS SELECT a FROM t# WHERE b > 0",
        )
        .plans(&["create view v#"]),
        gets(
            "a view that is kept is added",
            "CREATE MATERIALIZED VIEW v# AS SELECT a FROM t#",
        )
        .plans(&["create view v#"]),
    ]
}

fn changed() -> Vec<Case> {
    let view = "CREATE VIEW v# AS SELECT a FROM t#; CREATE TRIGGER g# BEFORE UPDATE ON t# FOR \
                EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); CREATE \
                MATERIALIZED VIEW w# AS SELECT a FROM v#";
    vec![
        case(
            "a column on which views stand has another type",
            &format!("{TABLE}; {view}"),
            &format!("{}; {view}", TABLE.replace("a TEXT", "a VARCHAR(20)")),
        )
        .plans(&[
            "drop trigger g# of t#",
            "drop view w#",
            "drop view v#",
            "alter column t#.a from (text, null) to (character varying(20), null), \
             DESTRUCTIVE: values are lost",
            "create view v#",
            "create view w#",
            "create trigger g# on t#",
        ])
        .rows(ROWS)
        .keeps("SELECT a FROM v#", &["x", "y"])
        .keeps("SELECT a FROM w#", &["x", "y"]),
        case(
            "views keep their options, and the indexes of materialized ones",
            &seen("INTEGER"),
            &seen("BIGINT"),
        )
        .plans(&[
            "drop view v#",
            "drop view m#",
            "alter column t#.a from (integer, null) to (bigint, null)",
            "create view m#",
            "create view v#",
        ])
        .rows("INSERT INTO t# VALUES (1, 2); REFRESH MATERIALIZED VIEW m#")
        .keeps(
            "SELECT reloptions::text FROM pg_class WHERE relname = 'v#'",
            &["{security_barrier=true,check_option=local}"],
        )
        .keeps(
            "SELECT replace(indexname, 'm#', '') FROM pg_indexes WHERE tablename = 'm#'",
            &["_by_a", "_by_id"],
        ),
        case(
            "a table is not logged",
            TABLE,
            &TABLE.replace("TABLE", "UNLOGGED TABLE"),
        )
        .plans(&["make table t# UNLOGGED"])
        .rows(ROWS)
        .keeps("SELECT a FROM t#", &["x", "y"]),
        case(
            "a table stands in a schema of its own",
            "CREATE SCHEMA s#; CREATE TABLE s#.t (id INTEGER PRIMARY KEY, a TEXT)",
            "CREATE SCHEMA s#; CREATE TABLE s#.t (id INTEGER PRIMARY KEY, a TEXT NOT NULL \
             DEFAULT 'x' UNIQUE, b INTEGER); CREATE INDEX i# ON s#.t (b); CREATE TYPE \
             s#.size AS ENUM ('s', 'm'); CREATE TABLE s#.u (id INTEGER PRIMARY KEY, t \
             INTEGER REFERENCES s#.t (id), size s#.size)",
        )
        .plans(&[
            "create enum s#.size ('s', 'm')",
            "create table s#.u",
            "alter column s#.t.a from (text, null) to (text, not null, default 'x'::text)",
            "add column s#.t.b (integer, null)",
            "create index i# on s#.t (b)",
            "create index t_a_key on s#.t unique (a)",
        ])
        .rows("INSERT INTO s#.t VALUES (1, NULL)")
        .keeps("SELECT a FROM s#.t", &["x"]),
        case(
            "a schema comes with its table",
            "",
            "CREATE SCHEMA s#; CREATE TABLE s#.t (id SERIAL PRIMARY KEY, a TEXT UNIQUE, up \
             INTEGER REFERENCES s#.t (id)); COMMENT ON TABLE s#.t IS 'ours'",
        )
        .plans(&[
            "create schema s#",
            "create table s#.t",
            "create index t_a_key on s#.t unique (a)",
            "comment on table s#.t",
        ])
        .there("SELECT a FROM s#.t", &[]),
        case(
            "a table in a schema goes, and one there has another name",
            "CREATE SCHEMA s#; CREATE TABLE s#.t (id INTEGER PRIMARY KEY, a TEXT); CREATE \
             TABLE s#.gone (id INTEGER PRIMARY KEY); CREATE INDEX i# ON s#.t (a)",
            "CREATE SCHEMA s#; CREATE TABLE s#.u (id INTEGER PRIMARY KEY, b TEXT)",
        )
        .plans(&[
            "rename table s#.t to s#.u",
            "rename column s#.u.a to b",
            "drop index i# of s#.u",
            "drop table s#.gone, DESTRUCTIVE: values are lost",
        ])
        .renames_table("s#.t", "s#.u")
        .renames("s#.u", "a", "b")
        .rows("INSERT INTO s#.t VALUES (1, 'x')")
        .there("SELECT b FROM s#.u", &["x"])
        .back("SELECT a FROM s#.t", &["x"]),
    ]
}
