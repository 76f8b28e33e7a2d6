//! Names that need quotes, or are as long as names can be.

use super::case::{Case, case};

pub(super) fn cases() -> Vec<Case> {
    // 63 bytes with what stands for `#`.
    let long = format!("a{}", "b".repeat(56));
    vec![
        case(
            "words of SQL are names",
            r#"CREATE TABLE "order#" ("group" INTEGER NOT NULL PRIMARY KEY, "select" TEXT)"#,
            r#"CREATE TABLE "order#" ("group" INTEGER NOT NULL PRIMARY KEY, "select" TEXT NOT NULL DEFAULT 'x', "table" INTEGER,
               CONSTRAINT "check#" CHECK ("table" > 0)); CREATE INDEX "where#" ON "order#" ("select", "table")"#,
        )
        .rows(r#"INSERT INTO "order#" VALUES (1, 'a'), (2, NULL)"#)
        .keeps(r#"SELECT "select" FROM "order#""#, &["a", "x"]),
        case(
            "names have capitals, blanks and quotes",
            r#"CREATE TABLE "Group's#" ("The Id" INTEGER NOT NULL PRIMARY KEY, "a ""b"" c" TEXT)"#,
            r#"CREATE TABLE "Group's#" ("The Id" INTEGER NOT NULL PRIMARY KEY, "a ""b"" c" TEXT NOT NULL,
               "Next One" INTEGER REFERENCES "Group's#" ("The Id") ON DELETE SET NULL, UNIQUE ("a ""b"" c"))"#,
        )
        .backfills("Group's#", r#"a "b" c"#, "'none'")
        .rows(r#"INSERT INTO "Group's#" VALUES (1, 'a'), (2, NULL)"#)
        .keeps(r#"SELECT "a ""b"" c" FROM "Group's#""#, &["a", "none"]),
        case(
            "a table and a column with such names have others",
            r#"CREATE TABLE "My Table#" (id INTEGER NOT NULL PRIMARY KEY, "Order" TEXT)"#,
            r#"CREATE TABLE "Your Table#" (id INTEGER NOT NULL PRIMARY KEY, "The Group" TEXT)"#,
        )
        .renames_table("My Table#", "Your Table#")
        .renames("Your Table#", "Order", "The Group")
        .rows(r#"INSERT INTO "My Table#" VALUES (1, 'a')"#)
        .there(r#"SELECT "The Group" FROM "Your Table#""#, &["a"])
        .back(r#"SELECT "Order" FROM "My Table#""#, &["a"]),
        case(
            "names have 63 bytes",
            &format!("CREATE TABLE {long}# (id INTEGER NOT NULL PRIMARY KEY, {long}cdefg INTEGER)"),
            &format!(
                "CREATE TABLE {long}# (id INTEGER NOT NULL PRIMARY KEY, {long}cdefg BIGINT NOT NULL DEFAULT 1 UNIQUE \
                 REFERENCES {long}# (id), {long}cdefh INTEGER UNIQUE CHECK ({long}cdefh > 0) CHECK ({long}cdefh < 9))"
            ),
        )
        .rows(&format!("INSERT INTO {long}# VALUES (1, NULL)"))
        .keeps(&format!("SELECT {long}cdefg || '' FROM {long}#"), &["1"]),
        case(
            "names are not of this alphabet",
            "CREATE TABLE größe# (id INTEGER NOT NULL PRIMARY KEY, maß TEXT)",
            "CREATE TABLE größe# (id INTEGER NOT NULL PRIMARY KEY, maß TEXT NOT NULL DEFAULT 'ß', UNIQUE (maß))",
        )
        .rows("INSERT INTO größe# VALUES (1, 'ö')")
        .keeps("SELECT maß FROM größe#", &["ö"]),
    ]
}
