//! Names that need quotes, or are as long as names can be.

use super::case::{Case, case};

pub(super) fn cases() -> Vec<Case> {
    // 63 bytes with what stands for `#`.
    let long = format!("a{}", "b".repeat(58));
    // As PostgreSQL shortens it in the name of a constraint.
    let (longer, end, shorter) = (&long[..29], &long[..28], &long[..27]);
    vec![
        case(
            "words of SQL are names",
            r#"CREATE TABLE "order#" ("group" INTEGER NOT NULL PRIMARY KEY, "select" TEXT)"#,
            "CREATE TABLE \"order#\" (\"group\" INTEGER NOT NULL PRIMARY KEY, \"select\" \
             TEXT NOT NULL DEFAULT 'x', \"table\" INTEGER, CONSTRAINT \"check#\" CHECK \
             (\"table\" > 0)); CREATE INDEX \"where#\" ON \"order#\" (\"select\", \"table\")",
        )
        .plans_either(
            &[
                "rebuild table order#: add column order#.table (integer, null); alter column \
                 order#.select from (text, null) to (text, not null, default 'x'); add check \
                 check# to order# `\"table\" > 0`",
                "create index where# on order# (select, table)",
            ],
            &[
                "alter column order#.select from (text, null) to (text, not null, default \
                 'x'::text)",
                "add column order#.table (integer, null)",
                "create index where# on order# (select, table)",
                r#"add check check# to order# `("table" > 0)`"#,
            ],
        )
        .rows(r#"INSERT INTO "order#" VALUES (1, 'a'), (2, NULL)"#)
        .keeps(r#"SELECT "select" FROM "order#""#, &["a", "x"]),
        case(
            "names have capitals, blanks and quotes",
            "CREATE TABLE \"Group's#\" (\"The Id\" INTEGER NOT NULL PRIMARY KEY, \"a \
             \"\"b\"\" c\" TEXT)",
            "CREATE TABLE \"Group's#\" (\"The Id\" INTEGER NOT NULL PRIMARY KEY, \"a \
             \"\"b\"\" c\" TEXT NOT NULL, \"Next One\" INTEGER REFERENCES \"Group's#\" \
             (\"The Id\") ON DELETE SET NULL, UNIQUE (\"a \"\"b\"\" c\"))",
        )
        .plans_either(
            &[
                "rebuild table Group's#: add column Group's#.Next One (integer, null); alter \
                 column Group's#.a \"b\" c from (text, null) to (text, not null); add foreign \
                 key Group's#_Next One_fkey to Group's# (Next One) to Group's# (The Id) on \
                 delete set null",
                r#"create index Group's#_a "b" c_key on Group's# unique (a "b" c)"#,
            ],
            &[
                r#"alter column Group's#.a "b" c from (text, null) to (text, not null)"#,
                "add column Group's#.Next One (integer, null)",
                r#"create index Group's#_a "b" c_key on Group's# unique (a "b" c)"#,
                "add foreign key Group's#_Next One_fkey to Group's# (Next One) to Group's# (The \
                 Id) on delete set null",
            ],
        )
        .backfills("Group's#", r#"a "b" c"#, "'none'")
        .rows(r#"INSERT INTO "Group's#" VALUES (1, 'a'), (2, NULL)"#)
        .keeps(r#"SELECT "a ""b"" c" FROM "Group's#""#, &["a", "none"]),
        case(
            "a table and a column with such names have others",
            r#"CREATE TABLE "My Table#" (id INTEGER NOT NULL PRIMARY KEY, "Order" TEXT)"#,
            r#"CREATE TABLE "Your Table#" (id INTEGER NOT NULL PRIMARY KEY, "The Group" TEXT)"#,
        )
        .plans(&[
            "rename table My Table# to Your Table#",
            "rename column Your Table#.Order to The Group",
        ])
        .renames_table("My Table#", "Your Table#")
        .renames("Your Table#", "Order", "The Group")
        .rows(r#"INSERT INTO "My Table#" VALUES (1, 'a')"#)
        .there(r#"SELECT "The Group" FROM "Your Table#""#, &["a"])
        .back(r#"SELECT "Order" FROM "My Table#""#, &["a"]),
        case(
            "names have 63 bytes",
            &format!("CREATE TABLE {long}# (id INTEGER NOT NULL PRIMARY KEY, {long}cdef INTEGER)"),
            &format!(
                "CREATE TABLE {long}# (id INTEGER NOT NULL PRIMARY KEY, {long}cdef BIGINT NOT \
                 NULL DEFAULT 1 UNIQUE REFERENCES {long}# (id), {long}cdeg INTEGER UNIQUE CHECK \
                 ({long}cdeg > 0) CHECK ({long}cdeg < 9))"
            ),
        )
        .plans_either(
            &[
                &format!(
                    "rebuild table {long}#: add column {long}#.{long}cdeg (integer, null); alter \
                     column {long}#.{long}cdef from (integer, null) to (bigint, not null, default \
                     1); add check {end}_{shorter}_check1 to {long}# `{long}cdeg < 9`; add check \
                     {end}_{end}_check to {long}# `{long}cdeg > 0`; add foreign key \
                     {longer}_{end}_fkey to {long}# ({long}cdef) to {long}# (id)"
                ),
                &format!("create index {longer}_{end}_key1 on {long}# unique ({long}cdeg)"),
                &format!("create index {longer}_{longer}_key on {long}# unique ({long}cdef)"),
            ],
            &[
                &format!(
                    "alter column {long}#.{long}cdef from (integer, null) to (bigint, not null, \
                     default 1)"
                ),
                &format!("add column {long}#.{long}cdeg (integer, null)"),
                &format!("create index {longer}_{end}_key1 on {long}# unique ({long}cdeg)"),
                &format!("create index {longer}_{longer}_key on {long}# unique ({long}cdef)"),
                &format!("add check {end}_{shorter}_check1 to {long}# `({long}cdeg < 9)`"),
                &format!("add check {end}_{end}_check to {long}# `({long}cdeg > 0)`"),
                &format!(
                    "add foreign key {longer}_{end}_fkey to {long}# ({long}cdef) to {long}# (id)"
                ),
            ],
        )
        .rows(&format!("INSERT INTO {long}# VALUES (1, NULL)"))
        .keeps(&format!("SELECT {long}cdef || '' FROM {long}#"), &["1"]),
        case(
            "names are not of this alphabet",
            "CREATE TABLE größe# (id INTEGER NOT NULL PRIMARY KEY, maß TEXT)",
            "CREATE TABLE größe# (id INTEGER NOT NULL PRIMARY KEY, maß TEXT NOT NULL DEFAULT \
             'ß', UNIQUE (maß))",
        )
        .plans_either(
            &[
                "rebuild table größe#: alter column größe#.maß from (text, null) to (text, not \
                 null, default 'ß')",
                "create index größe#_maß_key on größe# unique (maß)",
            ],
            &[
                "alter column größe#.maß from (text, null) to (text, not null, default 'ß'::text)",
                "create index größe#_maß_key on größe# unique (maß)",
            ],
        )
        .rows("INSERT INTO größe# VALUES (1, 'ö')")
        .keeps("SELECT maß FROM größe#", &["ö"]),
    ]
}
