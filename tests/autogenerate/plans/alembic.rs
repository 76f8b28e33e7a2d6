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

const CAKES: &str = "INSERT INTO shop# (id, name) VALUES (1, 'Ada'); INSERT INTO cake# VALUES (7, \
                     1), (8, NULL)";
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
            .plans(&["create table cake#"])
            .rows(SHOPS)
            .keeps(NAMES, &["1 Ada", "2 -"])
            .there("SELECT 'x' FROM cake#", &[]),
        case("a table is removed", &cake(" REFERENCES shop# (id)"), SHOP)
            .plans(&["drop table cake#, DESTRUCTIVE: values are lost"])
            .rows(CAKES)
            .keeps(NAMES, &["1 Ada"])
            .back("SELECT 'x' FROM cake#", &[]),
        case("a column is added", SHOP, &with("town TEXT"))
            .plans(&["add column shop#.town (text, null)"])
            .rows(SHOPS)
            .there(
                "SELECT name || coalesce(town, '-') FROM shop# WHERE id = 1",
                &["Ada-"],
            )
            .back(NAMES, &["1 Ada", "2 -"]),
        case("a column is removed", &with("town TEXT"), SHOP)
            .plans(&["drop column shop#.town, DESTRUCTIVE: values are lost"])
            .rows("INSERT INTO shop# VALUES (1, 'Ada', 'Ulm')")
            .there(NAMES, &["1 Ada"])
            .back("SELECT name || coalesce(town, '-') FROM shop#", &["Ada-"]),
        case(
            "a column takes NULL",
            &with("town TEXT NOT NULL"),
            &with("town TEXT"),
        )
        .plans_either(
            &[
                "rebuild table shop#: alter column shop#.town from (text, not null) to (text, \
                 null)",
            ],
            &["alter column shop#.town from (text, not null) to (text, null)"],
        )
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 'Ulm')")
        .keeps("SELECT town FROM shop#", &["Ulm"]),
        case(
            "a column takes NULL no more",
            &with("town TEXT"),
            &with("town TEXT NOT NULL"),
        )
        .plans_either(
            &[
                "rebuild table shop#: alter column shop#.town from (text, null) to (text, not \
                 null)",
            ],
            &["alter column shop#.town from (text, null) to (text, not null)"],
        )
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 'Ulm'), (2, 'Eve', NULL)")
        .backfills("shop#", "town", "'in ' || name")
        .keeps("SELECT town FROM shop#", &["Ulm", "in Eve"]),
        case(
            "an index is added",
            SHOP,
            &format!("{SHOP}; CREATE INDEX named# ON shop# (name)"),
        )
        .plans(&["create index named# on shop# (name)"])
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "an index has other columns",
            &format!("{SHOP}; CREATE INDEX named# ON shop# (name)"),
            &format!("{SHOP}; CREATE UNIQUE INDEX named# ON shop# (name, id)"),
        )
        .plans(&[
            "drop index named# of shop#",
            "create index named# on shop# unique (name, id)",
        ])
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a named constraint is added",
            SHOP,
            &with("CONSTRAINT one# UNIQUE (name)"),
        )
        .plans(&["create index one# on shop# unique (name)"])
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a named constraint is removed",
            &with("CONSTRAINT one# UNIQUE (name)"),
            SHOP,
        )
        .plans_either(
            &["rebuild table shop#: drop index one# of shop#"],
            &["drop index one# of shop#"],
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a foreign key is added",
            &cake(""),
            &cake(" CONSTRAINT sold# REFERENCES shop# (id) ON DELETE CASCADE"),
        )
        .plans_either(
            &[
                "rebuild table cake#: add foreign key sold# to cake# (shop) to shop# (id) on \
                 delete cascade",
            ],
            &["add foreign key sold# to cake# (shop) to shop# (id) on delete cascade"],
        )
        .rows(CAKES)
        .keeps(SOLD, &["7 1", "8 0"]),
        case(
            "a foreign key is removed",
            &cake(" CONSTRAINT sold# REFERENCES shop# (id)"),
            &cake(""),
        )
        .plans_either(
            &["rebuild table cake#: drop foreign key sold# of cake#"],
            &["drop foreign key sold# of cake#"],
        )
        .rows(CAKES)
        .keeps(SOLD, &["7 1", "8 0"]),
        case(
            "a foreign key does something else",
            &cake(" CONSTRAINT sold# REFERENCES shop# (id) ON DELETE CASCADE"),
            &cake(" CONSTRAINT sold# REFERENCES shop# (id) ON UPDATE CASCADE ON DELETE SET NULL"),
        )
        .plans_either(
            &[
                "rebuild table cake#: drop foreign key sold# of cake#; add foreign key sold# to \
                 cake# (shop) to shop# (id) on update cascade on delete set null",
            ],
            &[
                "drop foreign key sold# of cake#",
                "add foreign key sold# to cake# (shop) to shop# (id) on update cascade on delete \
                 set null",
            ],
        )
        .rows(CAKES)
        .keeps(SOLD, &["7 1", "8 0"]),
        case(
            "a column has a wider type",
            &with("size INTEGER"),
            &with("size BIGINT"),
        )
        .plans_either(
            &[],
            &["alter column shop#.size from (integer, null) to (bigint, null)"],
        )
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 7)")
        .keeps("SELECT size || '' FROM shop#", &["7"]),
        case(
            "a column has another type",
            &with("size VARCHAR(9)"),
            &with("size INTEGER"),
        )
        .plans_either(
            &[
                "rebuild table shop#: alter column shop#.size from (varchar(9), null) to \
                 (integer, null), DESTRUCTIVE: values are lost",
            ],
            &[
                "alter column shop#.size from (character varying(9), null) to (integer, null), \
                 DESTRUCTIVE: values are lost",
            ],
        )
        .rows("INSERT INTO shop# VALUES (1, 'Ada', '7'), (2, 'Eve', NULL)")
        .keeps("SELECT size || '' FROM shop#", &["7", "NULL"]),
        case(
            "a default is added",
            &with("size INTEGER"),
            &with("size INTEGER DEFAULT 3"),
        )
        .plans_either(
            &[
                "rebuild table shop#: alter column shop#.size from (integer, null) to (integer, \
                 null, default 3)",
            ],
            &["alter column shop#.size from (integer, null) to (integer, null, default 3)"],
        )
        .rows("INSERT INTO shop# (id) VALUES (1)")
        .keeps("SELECT size || '' FROM shop#", &["NULL"]),
        case(
            "a default is another",
            &with("size INTEGER NOT NULL DEFAULT 3, town TEXT DEFAULT 'Ulm'"),
            &with("size INTEGER NOT NULL DEFAULT 4, town TEXT"),
        )
        .plans_either(
            &[
                "rebuild table shop#: alter column shop#.size from (integer, not null, default \
                 3) to (integer, not null, default 4); alter column shop#.town from (text, null, \
                 default 'Ulm') to (text, null)",
            ],
            &[
                "alter column shop#.size from (integer, not null, default 3) to (integer, not \
                 null, default 4)",
                "alter column shop#.town from (text, null, default 'Ulm'::text) to (text, null)",
            ],
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
        .plans(&["rename table shop# to store#"])
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
        .plans(&["rename column shop#.town to city"])
        .renames("shop#", "town", "city")
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 'Ulm')")
        .there("SELECT city FROM shop#", &["Ulm"])
        .back("SELECT town FROM shop#", &["Ulm"]),
        case(
            "a nameless constraint is added",
            SHOP,
            &with("UNIQUE (name), CHECK (id > 0)"),
        )
        .plans_either(
            &[
                "rebuild table shop#: add check shop#_id_check to shop# `id > 0`",
                "create index shop#_name_key on shop# unique (name)",
            ],
            &[
                "create index shop#_name_key on shop# unique (name)",
                "add check shop#_id_check to shop# `(id > 0)`",
            ],
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a nameless constraint is removed",
            &with("UNIQUE (name), CHECK (id > 0)"),
            SHOP,
        )
        .plans_either(
            &[
                "rebuild table shop#: drop check `id > 0` of shop#; drop index unique (name) of \
                 shop#",
            ],
            &[
                "drop check shop#_id_check of shop#",
                "drop index shop#_name_key of shop#",
            ],
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a nameless key is removed",
            &cake(" REFERENCES shop# (id)"),
            &cake(""),
        )
        .plans_either(
            &["rebuild table cake#: drop foreign key (shop) to shop# (id) of cake#"],
            &["drop foreign key cake#_shop_fkey of cake#"],
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
        .plans_either(
            &["rebuild table shop#: add check real# to shop# `id > 0 AND name <> ''`"],
            &["add check real# to shop# `((id > 0) AND ((name)::text <> ''::text))`"],
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a check is another",
            &with("CONSTRAINT real# CHECK (id > 0)"),
            &with("CONSTRAINT real# CHECK (id > -1)"),
        )
        .plans_either(
            &[
                "rebuild table shop#: drop check real# of shop#; add check real# to shop# `id > \
                 - 1`",
            ],
            &[
                "drop check real# of shop#",
                "add check real# to shop# `(id > '-1'::integer)`",
            ],
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a primary key is added",
            "CREATE TABLE shop# (id INTEGER NOT NULL, name TEXT)",
            "CREATE TABLE shop# (id INTEGER NOT NULL, name TEXT, PRIMARY KEY (id))",
        )
        .plans_either(
            &["rebuild table shop#: add primary key (id) to shop#"],
            &["add primary key (id) to shop#"],
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
        case(
            "a primary key is removed",
            "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, name TEXT)",
            "CREATE TABLE shop# (id INTEGER NOT NULL, name TEXT)",
        )
        .plans_either(
            &["rebuild table shop#: drop primary key (id) of shop#"],
            &["drop primary key (id) of shop#"],
        )
        .rows(SHOPS)
        .keeps(NAMES, &["1 Ada", "2 -"]),
    ]
}
