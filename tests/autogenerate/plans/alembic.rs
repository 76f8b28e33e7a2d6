//! What Alembic's documentation lists: as detected, as not detected, and as planned for later.

use super::case::{Case, case};

const SHOP: &str = "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20))";
const SHOPS: &str = "INSERT INTO shop# (id, name) VALUES (1, 'Ada'), (2, NULL)";
const NAMES: &str = "SELECT id || ' ' || coalesce(name, '-') FROM shop#";

/// The shop with something in its definition.
fn with(more: &str) -> String {
    let open = SHOP.strip_suffix(')').expect("it ends");
    format!("{open}, {more})")
}

/// A shop to which cakes refer.
fn cake(key: &str) -> String {
    format!("{SHOP}; CREATE TABLE cake# (id INTEGER NOT NULL PRIMARY KEY, shop INTEGER{key})")
}

const CAKES: &str =
    "INSERT INTO shop# (id, name) VALUES (1, 'Ada'); INSERT INTO cake# VALUES (7, 1), (8, NULL)";
const SOLD: &str = "SELECT id || ' ' || coalesce(shop, 0) FROM cake#";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = detected();
    cases.extend(not_detected());
    cases.extend(later());
    cases
}

fn detected() -> Vec<Case> {
    vec![
        case("a table is added", SHOP, &cake(" REFERENCES shop# (id)"))
            .rows(SHOPS)
            .keeps(NAMES, &["1 Ada", "2 -"])
            .there("SELECT 'x' FROM cake#", &[]),
        case("a table is removed", &cake(" REFERENCES shop# (id)"), SHOP)
            .rows(CAKES)
            .keeps(NAMES, &["1 Ada"])
            .back("SELECT 'x' FROM cake#", &[]),
        case("a column is added", SHOP, &with("town TEXT"))
            .rows(SHOPS)
            .there(
                "SELECT name || coalesce(town, '-') FROM shop# WHERE id = 1",
                &["Ada-"],
            )
            .back(NAMES, &["1 Ada", "2 -"]),
        case("a column is removed", &with("town TEXT"), SHOP)
            .rows("INSERT INTO shop# VALUES (1, 'Ada', 'Ulm')")
            .there(NAMES, &["1 Ada"])
            .back("SELECT name || coalesce(town, '-') FROM shop#", &["Ada-"]),
        case(
            "a column takes NULL",
            &with("town TEXT NOT NULL"),
            &with("town TEXT"),
        )
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 'Ulm')")
        .keeps("SELECT town FROM shop#", &["Ulm"]),
        case(
            "a column takes NULL no more",
            &with("town TEXT"),
            &with("town TEXT NOT NULL"),
        )
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 'Ulm'), (2, 'Eve', NULL)")
        .backfills("shop#", "town", "'in ' || name")
        .keeps("SELECT town FROM shop#", &["Ulm", "in Eve"]),
        case(
            "an index is added",
            SHOP,
            &format!("{SHOP}; CREATE INDEX named# ON shop# (name)"),
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "an index has other columns",
            &format!("{SHOP}; CREATE INDEX named# ON shop# (name)"),
            &format!("{SHOP}; CREATE UNIQUE INDEX named# ON shop# (name, id)"),
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a named constraint is added",
            SHOP,
            &with("CONSTRAINT one# UNIQUE (name)"),
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a named constraint is removed",
            &with("CONSTRAINT one# UNIQUE (name)"),
            SHOP,
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a foreign key is added",
            &cake(""),
            &cake(" CONSTRAINT sold# REFERENCES shop# (id) ON DELETE CASCADE"),
        )
        .rows(CAKES)
        .keeps(SOLD, &["7 1", "8 0"]),
        case(
            "a foreign key is removed",
            &cake(" CONSTRAINT sold# REFERENCES shop# (id)"),
            &cake(""),
        )
        .rows(CAKES)
        .keeps(SOLD, &["7 1", "8 0"]),
        case(
            "a foreign key does something else",
            &cake(" CONSTRAINT sold# REFERENCES shop# (id) ON DELETE CASCADE"),
            &cake(" CONSTRAINT sold# REFERENCES shop# (id) ON UPDATE CASCADE ON DELETE SET NULL"),
        )
        .rows(CAKES)
        .keeps(SOLD, &["7 1", "8 0"]),
        case(
            "a column has a wider type",
            &with("size INTEGER"),
            &with("size BIGINT"),
        )
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 7)")
        .keeps("SELECT size || '' FROM shop#", &["7"]),
        case(
            "a column has another type",
            &with("size VARCHAR(9)"),
            &with("size INTEGER"),
        )
        .rows("INSERT INTO shop# VALUES (1, 'Ada', '7'), (2, 'Eve', NULL)")
        .keeps("SELECT size || '' FROM shop#", &["7", "NULL"]),
        case(
            "a default is added",
            &with("size INTEGER"),
            &with("size INTEGER DEFAULT 3"),
        )
        .rows("INSERT INTO shop# (id) VALUES (1)")
        .keeps("SELECT size || '' FROM shop#", &["NULL"]),
        case(
            "a default is another",
            &with("size INTEGER NOT NULL DEFAULT 3, town TEXT DEFAULT 'Ulm'"),
            &with("size INTEGER NOT NULL DEFAULT 4, town TEXT"),
        )
        .rows("INSERT INTO shop# (id) VALUES (1)")
        .keeps("SELECT size || town FROM shop#", &["3Ulm"]),
    ]
}

fn not_detected() -> Vec<Case> {
    vec![
        case(
            "a table has another name",
            &cake(" REFERENCES shop# (id)"),
            &{
                let renamed = cake(" REFERENCES store# (id)");
                renamed.replace("shop# (id INT", "store# (id INT")
            },
        )
        .renames_table("shop#", "store#")
        .rows(CAKES)
        .there("SELECT name FROM store#", &["Ada"])
        .there(SOLD, &["7 1", "8 0"])
        .back(NAMES, &["1 Ada"]),
        case(
            "a column has another name",
            &format!(
                "{}; CREATE INDEX in_town# ON shop# (town)",
                with("town TEXT CHECK (town <> '')")
            ),
            &format!(
                "{}; CREATE INDEX in_town# ON shop# (city)",
                with("city TEXT CHECK (city <> '')")
            ),
        )
        .renames("shop#", "town", "city")
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 'Ulm')")
        .there("SELECT city FROM shop#", &["Ulm"])
        .back("SELECT town FROM shop#", &["Ulm"]),
        case(
            "a nameless constraint is added",
            SHOP,
            &with("UNIQUE (name), CHECK (id > 0)"),
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a nameless constraint is removed",
            &with("UNIQUE (name), CHECK (id > 0)"),
            SHOP,
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a nameless key is removed",
            &cake(" REFERENCES shop# (id)"),
            &cake(""),
        )
        .rows(CAKES)
        .keeps(SOLD, &["7 1", "8 0"]),
    ]
}

fn later() -> Vec<Case> {
    vec![
        case(
            "a check is added",
            SHOP,
            &with("CONSTRAINT real# CHECK (id > 0 AND name <> '')"),
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a check is another",
            &with("CONSTRAINT real# CHECK (id > 0)"),
            &with("CONSTRAINT real# CHECK (id > -1)"),
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a primary key is added",
            "CREATE TABLE shop# (id INTEGER NOT NULL, name TEXT)",
            "CREATE TABLE shop# (id INTEGER NOT NULL, name TEXT, PRIMARY KEY (id))",
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a primary key is removed",
            "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, name TEXT)",
            "CREATE TABLE shop# (id INTEGER NOT NULL, name TEXT)",
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
    ]
}
