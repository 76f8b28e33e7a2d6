//! What Django's `makemigrations` asks about, and what its operations are about.

use super::case::{Case, case};

fn shop(more: &str) -> String {
    format!("CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, name TEXT{more})")
}

const SHOPS: &str = "INSERT INTO shop# (id, name) VALUES (1, 'Ada'), (2, 'Eve')";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = fields();
    cases.extend(models());
    cases
}

fn fields() -> Vec<Case> {
    vec![
        case(
            "a field without a default is added",
            &shop(""),
            &shop(", slug TEXT NOT NULL"),
        )
        .plans_either(
            &["rebuild table shop#: add column shop#.slug (text, not null)"],
            &["add column shop#.slug (text, not null)"],
        )
        .backfills("shop#", "slug", "lower(name)")
        .rows(SHOPS)
        .there("SELECT slug FROM shop#", &["ada", "eve"])
        .back("SELECT name FROM shop#", &["Ada", "Eve"]),
        case(
            "a field with a default is added, and rows that are there get something else",
            "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, name TEXT)",
            "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, name TEXT, town TEXT NOT NULL \
             DEFAULT 'Ulm')",
        )
        .plans_either(
            &["rebuild table shop#: add column shop#.town (text, not null, default 'Ulm')"],
            &["add column shop#.town (text, not null, default 'Ulm'::text)"],
        )
        .backfills("shop#", "town", "'of ' || name")
        .rows("INSERT INTO shop# VALUES (1, 'Ada'), (2, 'Eve')")
        .there("SELECT town FROM shop#", &["of Ada", "of Eve"]),
        case(
            "a unique field without a default is added",
            &shop(""),
            &shop(", slug TEXT NOT NULL UNIQUE, place INTEGER NOT NULL DEFAULT 0"),
        )
        .plans_either(
            &[
                "rebuild table shop#: add column shop#.slug (text, not null); add column \
                 shop#.place (integer, not null, default 0)",
                "create index shop#_slug_key on shop# unique (slug)",
            ],
            &[
                "add column shop#.slug (text, not null)",
                "add column shop#.place (integer, not null, default 0)",
                "create index shop#_slug_key on shop# unique (slug)",
            ],
        )
        .backfills("shop#", "slug", "name || id")
        .backfills("shop#", "place", "id * 10")
        .rows(SHOPS)
        .there("SELECT slug || place FROM shop#", &["Ada110", "Eve220"]),
        case(
            "a unique field with a default is added",
            &shop(""),
            &shop(", slug TEXT NOT NULL DEFAULT 'none' UNIQUE, town TEXT DEFAULT 'none' UNIQUE"),
        )
        .plans_either(
            &[
                "rebuild table shop#: add column shop#.slug (text, not null, default 'none'); add \
                 column shop#.town (text, null, default 'none')",
                "create index shop#_slug_key on shop# unique (slug)",
                "create index shop#_town_key on shop# unique (town)",
            ],
            &[
                "add column shop#.slug (text, not null, default 'none'::text)",
                "add column shop#.town (text, null, default 'none'::text)",
                "create index shop#_slug_key on shop# unique (slug)",
                "create index shop#_town_key on shop# unique (town)",
            ],
        )
        .backfills("shop#", "slug", "name || id")
        .backfills("shop#", "town", "NULL")
        .rows(SHOPS)
        .there(
            "SELECT slug || coalesce(town, '-') FROM shop#",
            &["Ada1-", "Eve2-"],
        ),
        // What it was is gone, but no two rows may have the same.
        case(
            "unique fields that take no NULL are removed, and come back",
            "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, code VARCHAR(9) NOT NULL UNIQUE, \
             number INTEGER NOT NULL, town TEXT NOT NULL, UNIQUE (town, number))",
            "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, town TEXT NOT NULL)",
        )
        .plans_either(
            &[
                "rebuild table shop#: drop index unique (code) of shop#; drop index unique (town, \
                 number) of shop#; drop column shop#.code, DESTRUCTIVE: values are lost; drop \
                 column shop#.number, DESTRUCTIVE: values are lost",
            ],
            &[
                "drop index shop#_code_key of shop#",
                "drop index shop#_town_number_key of shop#",
                "drop column shop#.code, DESTRUCTIVE: values are lost",
                "drop column shop#.number, DESTRUCTIVE: values are lost",
            ],
        )
        .rows("INSERT INTO shop# VALUES (1, 'a', 1, 'Ulm'), (2, 'b', 2, 'Ulm')")
        .back(
            "SELECT code || number || town FROM shop#",
            &["11Ulm", "22Ulm"],
        ),
        case(
            "a unique field takes NULL, and on the way back no two rows get the same",
            "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE)",
            "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, code TEXT UNIQUE)",
        )
        .plans_either(
            &["rebuild table shop#: alter column shop#.code from (text, not null) to (text, null)"],
            &["alter column shop#.code from (text, not null) to (text, null)"],
        )
        .rows("INSERT INTO shop# VALUES (1, 'a')")
        .there(
            "INSERT INTO shop# VALUES (2, NULL), (3, NULL) RETURNING code",
            &["NULL", "NULL"],
        )
        .back("SELECT code FROM shop#", &["2", "3", "a"]),
        case(
            "a field is null no more, and gets what it has as its default",
            &shop(", place INTEGER"),
            &shop(", place INTEGER NOT NULL DEFAULT 5"),
        )
        .plans_either(
            &[
                "rebuild table shop#: alter column shop#.place from (integer, null) to (integer, \
                 not null, default 5)",
            ],
            &["alter column shop#.place from (integer, null) to (integer, not null, default 5)"],
        )
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 3), (2, 'Eve', NULL)")
        .keeps("SELECT place || '' FROM shop#", &["3", "5"]),
        case(
            "a field is renamed and altered at once",
            &shop(", place INTEGER"),
            &shop(", seat BIGINT NOT NULL"),
        )
        .plans_either(
            &[
                "rename column shop#.place to seat",
                "rebuild table shop#: alter column shop#.seat from (integer, null) to (bigint, \
                 not null)",
            ],
            &[
                "rename column shop#.place to seat",
                "alter column shop#.seat from (integer, null) to (bigint, not null)",
            ],
        )
        .renames("shop#", "place", "seat")
        .backfills("shop#", "seat", "0")
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 3), (2, 'Eve', NULL)")
        .there("SELECT seat || '' FROM shop#", &["0", "3"])
        .back("SELECT place || '' FROM shop#", &["0", "3"]),
        case(
            "an index has another name, and is left alone",
            &(shop("") + "; CREATE INDEX by_name# ON shop# (name)"),
            &(shop("") + "; CREATE INDEX named# ON shop# (name)"),
        )
        .rows(SHOPS),
        case(
            "of two indexes that do the same the one stays that has its name",
            &(shop("") + "; CREATE INDEX by_name# ON shop# (name)"),
            &(shop("")
                + "; CREATE INDEX a_name# ON shop# (name); CREATE INDEX by_name# ON shop# (name)"),
        )
        .plans(&["create index a_name# on shop# (name)"])
        .rows(SHOPS),
        case(
            "fields stand in another order, and are left alone",
            "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, name TEXT, town TEXT)",
            "CREATE TABLE shop# (town TEXT, name TEXT, id INTEGER NOT NULL PRIMARY KEY)",
        )
        .rows(SHOPS),
        case(
            "a field is removed with its index and its part of a constraint",
            &(shop(", town TEXT, UNIQUE (name, town)") + "; CREATE INDEX in_town# ON shop# (town)"),
            &shop(""),
        )
        .plans_either(
            &[
                "drop index in_town# of shop#",
                "rebuild table shop#: drop index unique (name, town) of shop#; drop column \
                 shop#.town, DESTRUCTIVE: values are lost",
            ],
            &[
                "drop index in_town# of shop#",
                "drop index shop#_name_town_key of shop#",
                "drop column shop#.town, DESTRUCTIVE: values are lost",
            ],
        )
        .rows(SHOPS)
        .keeps("SELECT name FROM shop#", &["Ada", "Eve"]),
    ]
}

fn models() -> Vec<Case> {
    let cake = "CREATE TABLE cake# (id INTEGER NOT NULL PRIMARY KEY, shop INTEGER REFERENCES \
                shop# (id))";
    vec![
        case(
            "two models refer to each other from the first",
            "",
            // PostgreSQL has no table to refer to yet.
            super::super::here(
                "CREATE TABLE team# (id INTEGER NOT NULL PRIMARY KEY, head INTEGER REFERENCES \
                 member# (id)); CREATE TABLE member# (id INTEGER NOT NULL PRIMARY KEY, team \
                 INTEGER REFERENCES team# (id))",
                "CREATE TABLE team# (id INTEGER NOT NULL PRIMARY KEY, head INTEGER); CREATE \
                 TABLE member# (id INTEGER NOT NULL PRIMARY KEY, team INTEGER REFERENCES team# \
                 (id)); ALTER TABLE team# ADD FOREIGN KEY (head) REFERENCES member# (id)",
            ),
        )
        .plans_either(
            &["create table member#", "create table team#"],
            &[
                "create table member#",
                "create table team#",
                "add foreign key member#_team_fkey to member# (team) to team# (id)",
            ],
        )
        .there("SELECT 'x' FROM team#, member#", &[]),
        case(
            "two models that refer to each other are deleted",
            super::super::here(
                "CREATE TABLE team# (id INTEGER NOT NULL PRIMARY KEY, head INTEGER REFERENCES \
                 member# (id)); CREATE TABLE member# (id INTEGER NOT NULL PRIMARY KEY, team \
                 INTEGER REFERENCES team# (id))",
                "CREATE TABLE team# (id INTEGER NOT NULL PRIMARY KEY, head INTEGER); CREATE \
                 TABLE member# (id INTEGER NOT NULL PRIMARY KEY, team INTEGER REFERENCES team# \
                 (id)); ALTER TABLE team# ADD FOREIGN KEY (head) REFERENCES member# (id)",
            ),
            "",
        )
        .plans_either(
            &[
                "drop table team#, DESTRUCTIVE: values are lost",
                "drop table member#, DESTRUCTIVE: values are lost",
            ],
            &[
                "drop foreign key member#_team_fkey of member#",
                "drop table team#, DESTRUCTIVE: values are lost",
                "drop table member#, DESTRUCTIVE: values are lost",
            ],
        )
        .rows(
            "INSERT INTO team# VALUES (1, NULL); INSERT INTO member# VALUES (1, 1); UPDATE \
             team# SET head = 1",
        )
        .back("SELECT 'x' FROM team#, member#", &[]),
        case(
            "a model is deleted with the one that it belongs to",
            &format!("{}; {cake}", shop("")),
            "",
        )
        .plans(&[
            "drop table cake#, DESTRUCTIVE: values are lost",
            "drop table shop#, DESTRUCTIVE: values are lost",
        ])
        .rows(&format!("{SHOPS}; INSERT INTO cake# VALUES (7, 1)"))
        .back("SELECT 'x' FROM shop#, cake#", &[]),
        case(
            "a model is deleted, and the field that referred to it",
            &format!("{}; {cake}", shop("")),
            "CREATE TABLE cake# (id INTEGER NOT NULL PRIMARY KEY)",
        )
        .plans_either(
            &[
                "rebuild table cake#: drop foreign key (shop) to shop# (id) of cake#; drop \
                 column cake#.shop, DESTRUCTIVE: values are lost",
                "drop table shop#, DESTRUCTIVE: values are lost",
            ],
            &[
                "drop foreign key cake#_shop_fkey of cake#",
                "drop column cake#.shop, DESTRUCTIVE: values are lost",
                "drop table shop#, DESTRUCTIVE: values are lost",
            ],
        )
        .rows(&format!("{SHOPS}; INSERT INTO cake# VALUES (7, 1)"))
        .keeps("SELECT id || '' FROM cake#", &["7"]),
        case(
            "a model is added, and a field that refers to it",
            "CREATE TABLE cake# (id INTEGER NOT NULL PRIMARY KEY)",
            &format!("{}; {cake}", shop("")),
        )
        .plans(&[
            "create table shop#",
            "add column cake#.shop (integer, null)",
            "add foreign key cake#_shop_fkey to cake# (shop) to shop# (id)",
        ])
        .rows("INSERT INTO cake# VALUES (7)")
        .keeps("SELECT id || '' FROM cake#", &["7"]),
        case(
            "a model refers to itself",
            &shop(""),
            &shop(", owner INTEGER REFERENCES shop# (id) ON DELETE CASCADE"),
        )
        .plans(&[
            "add column shop#.owner (integer, null)",
            "add foreign key shop#_owner_fkey to shop# (owner) to shop# (id) on delete \
             cascade",
        ])
        .rows(SHOPS)
        .keeps("SELECT name FROM shop#", &["Ada", "Eve"]),
        case(
            "a model has another primary key",
            "CREATE TABLE shop# (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(9) NOT NULL)",
            "CREATE TABLE shop# (id INTEGER NOT NULL, name VARCHAR(9) NOT NULL PRIMARY KEY)",
        )
        .plans_either(
            &[
                "rebuild table shop#: drop primary key (id) of shop#; add primary key (name) to \
                 shop#",
            ],
            &[
                "drop primary key (id) of shop#",
                "add primary key (name) to shop#",
            ],
        )
        .rows(SHOPS)
        .keeps("SELECT id || name FROM shop#", &["1Ada", "2Eve"]),
        case(
            "a primary key to which another refers has one field more",
            "CREATE TABLE shop# (id INTEGER NOT NULL, town INTEGER NOT NULL, PRIMARY KEY \
             (id)); CREATE TABLE cake# (id INTEGER NOT NULL PRIMARY KEY, shop INTEGER, town \
             INTEGER, FOREIGN KEY (shop) REFERENCES shop# (id) ON DELETE CASCADE)",
            "CREATE TABLE shop# (id INTEGER NOT NULL, town INTEGER NOT NULL, PRIMARY KEY \
             (id, town)); CREATE TABLE cake# (id INTEGER NOT NULL PRIMARY KEY, shop INTEGER, \
             town INTEGER, FOREIGN KEY (shop, town) REFERENCES shop# (id, town) ON DELETE \
             CASCADE)",
        )
        .plans_either(
            &[
                "rebuild table shop#: drop primary key (id) of shop#; add primary key (id, town) \
                 to shop#",
                "rebuild table cake#: drop foreign key (shop) to shop# (id) on delete cascade of \
                 cake#; add foreign key cake#_shop_town_fkey to cake# (shop, town) to shop# (id, \
                 town) on delete cascade",
            ],
            &[
                "drop foreign key cake#_shop_fkey of cake#",
                "drop primary key (id) of shop#",
                "add primary key (id, town) to shop#",
                "add foreign key cake#_shop_town_fkey to cake# (shop, town) to shop# (id, town) \
                 on delete cascade",
            ],
        )
        .rows("INSERT INTO shop# VALUES (1, 5); INSERT INTO cake# VALUES (7, 1, 5)")
        .keeps("SELECT shop || '' FROM cake#", &["1"]),
        case(
            "a model and a field are renamed at once, and what refers to them follows",
            &format!("{}; {cake}", shop(", town TEXT")),
            "CREATE TABLE store# (id INTEGER NOT NULL PRIMARY KEY, name TEXT, city TEXT); \
             CREATE TABLE cake# (id INTEGER NOT NULL PRIMARY KEY, store INTEGER REFERENCES \
             store# (id))",
        )
        .plans(&[
            "rename table shop# to store#",
            "rename column store#.town to city",
            "rename column cake#.shop to store",
        ])
        .renames_table("shop#", "store#")
        .renames("store#", "town", "city")
        .renames("cake#", "shop", "store")
        .rows("INSERT INTO shop# VALUES (1, 'Ada', 'Ulm'); INSERT INTO cake# VALUES (7, 1)")
        .there(
            "SELECT city || cake#.id FROM store# JOIN cake# ON store = store#.id",
            &["Ulm7"],
        )
        .back(
            "SELECT town || cake#.id FROM shop# JOIN cake# ON shop = shop#.id",
            &["Ulm7"],
        ),
    ]
}
