//! What is planned leads where it should, and back: the library has tried it before it tells.

use sea_orm_autogenerate::{Entities, Error, Options, Plan, plan};
use sea_orm_migration::prelude::*;

use super::{STATEMENTS, Statements, execute, here, server};

async fn planned(entities: &[&str], migrations: &[&str], options: &Options) -> Result<Plan, Error> {
    STATEMENTS.set(migrations.iter().map(|it| (*it).to_owned()).collect());
    let extras = async |manager: &SchemaManager<'_>| {
        for sql in entities {
            execute(manager, sql).await?;
        }
        Ok(())
    };
    plan::<Statements>(&server(), &Entities::new(), extras, options).await
}

#[tokio::test]
async fn it_works() {
    let options = Options {
        allow_destructive: true,
        ..Options::default()
    };
    let a = "CREATE TABLE shops (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(9), a INTEGER); CREATE TABLE old (id INTEGER PRIMARY KEY, shop INTEGER REFERENCES shops (id))";
    let b = "CREATE TABLE shops (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(12) NOT NULL DEFAULT 'x' UNIQUE, b INTEGER CHECK (b > 0)); CREATE TABLE cakes (id INTEGER PRIMARY KEY, shop INTEGER REFERENCES shops (id) ON DELETE CASCADE, name TEXT); CREATE INDEX cakes_name ON cakes (lower(name)) WHERE shop IS NOT NULL";
    let plan = planned(&[b], &[a], &options)
        .await
        .unwrap_or_else(|it| panic!("{it}"));
    println!("{:#?}", plan.operations());
    let plan = planned(&[b], &[a], &Options::default()).await.unwrap_err();
    println!("{plan}");
}

#[tokio::test]
async fn zz_scratch() {
    let options = Options {
        allow_destructive: true,
        ..Options::default()
    };
    let pg = here(false, true);
    let t = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, b TEXT, c VARCHAR(9))";
    let mut cases: Vec<(&str, String, String)> = vec![
        ("view", format!("{t}; CREATE VIEW v AS SELECT id FROM t"), t.into()),
        ("view changed", format!("{t}; CREATE VIEW v AS SELECT id FROM t"), format!("{t}; CREATE VIEW v AS SELECT id FROM t WHERE a > 1")),
        ("partial", format!("{t}; CREATE UNIQUE INDEX i ON t (a, b DESC) WHERE a > 1"), t.into()),
        ("expr", format!("{t}; CREATE INDEX i ON t (lower(b))"), format!("{t}; CREATE INDEX i ON t (b)")),
        ("default expr", "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TIMESTAMP DEFAULT CURRENT_TIMESTAMP)".into(), "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TIMESTAMP)".into()),
        ("check", format!("{t}; CREATE TABLE u (a INTEGER CHECK (a > 0))"), format!("{t}; CREATE TABLE u (a INTEGER)")),
        ("pk", "CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b))".into(), "CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a))".into()),
        ("narrower", t.replace("VARCHAR(9)", "VARCHAR(5)"), t.into()),
        ("self", "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, p INTEGER REFERENCES t (id) ON DELETE SET NULL)".into(), "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, p INTEGER)".into()),
        ("collate", t.replace("b TEXT", here("b TEXT COLLATE NOCASE", "b TEXT COLLATE \"C\"")), t.into()),
        ("generated", t.replace("b TEXT", "b TEXT, g INTEGER GENERATED ALWAYS AS (a + 1) STORED"), t.into()),
        ("generated changed", t.replace("b TEXT", "b TEXT, g INTEGER GENERATED ALWAYS AS (a + 1) STORED"), t.replace("b TEXT", "b TEXT, g INTEGER GENERATED ALWAYS AS (a + 2) STORED")),
        ("to generated", t.replace("a INTEGER", "d INTEGER, a INTEGER GENERATED ALWAYS AS (d + 1) STORED"), t.replace("a INTEGER", "d INTEGER, a INTEGER")),
        ("order of columns", "CREATE TABLE t (a INTEGER, b TEXT)".into(), "CREATE TABLE t (b TEXT, a INTEGER)".into()),
    ];
    if pg {
        cases.extend([
            ("trigger", format!("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; {t}; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"), format!("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; {t}")),
            ("trigger+function", format!("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; {t}; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"), t.into()),
            ("function", format!("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; {t}"), t.into()),
            ("sequence", format!("CREATE SEQUENCE s; {t}"), t.into()),
            ("domain", format!("CREATE DOMAIN d AS int; {t}"), t.into()),
            ("matview", format!("{t}; CREATE MATERIALIZED VIEW v AS SELECT id FROM t"), t.into()),
            ("policy", format!("{t}; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (true)"), t.into()),
            ("partition", "CREATE TABLE t (id INTEGER NOT NULL) PARTITION BY RANGE (id)".into(), "CREATE TABLE t (id INTEGER NOT NULL)".into()),
            ("partition new", "CREATE TABLE t (id INTEGER NOT NULL) PARTITION BY RANGE (id)".into(), "CREATE TABLE q (id INTEGER NOT NULL)".into()),
            ("partitions", "CREATE TABLE t (id INTEGER NOT NULL) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (2)".into(), "CREATE TABLE t (id INTEGER NOT NULL) PARTITION BY RANGE (id)".into()),
            ("exclude", "CREATE TABLE t (r int4range, EXCLUDE USING gist (r WITH &&))".into(), "CREATE TABLE t (r int4range)".into()),
            ("identity", "CREATE TABLE t (id INTEGER NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY)".into(), "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY)".into()),
            ("identity gone", "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY)".into(), "CREATE TABLE t (id SERIAL NOT NULL PRIMARY KEY)".into()),
            ("comment", format!("{t}; COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'y'"), t.into()),
            ("comment index", format!("{t}; CREATE INDEX i ON t (a); COMMENT ON INDEX i IS 'y'"), format!("{t}; CREATE INDEX i ON t (a)")),
            ("unlogged", t.replace("CREATE", "CREATE UNLOGGED"), t.into()),
            ("enum middle", "CREATE TYPE m AS ENUM ('a', 'b', 'c'); CREATE TABLE t (m m)".into(), "CREATE TYPE m AS ENUM ('a', 'c'); CREATE TABLE t (m m)".into()),
            ("enum gone", "CREATE TYPE m AS ENUM ('a', 'b'); CREATE TABLE t (m m DEFAULT 'a')".into(), "CREATE TYPE m AS ENUM ('a', 'c', 'b'); CREATE TABLE t (m m DEFAULT 'a')".into()),
            ("enum order", "CREATE TYPE m AS ENUM ('a', 'b'); CREATE TABLE t (m m DEFAULT 'a')".into(), "CREATE TYPE m AS ENUM ('b', 'a'); CREATE TABLE t (m m DEFAULT 'a')".into()),
            ("deferrable", "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (p INTEGER REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)".into(), "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (p INTEGER REFERENCES p (id))".into()),
            ("cycle", "CREATE TABLE p (id INTEGER PRIMARY KEY, q INTEGER); CREATE TABLE q (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id)); ALTER TABLE p ADD FOREIGN KEY (q) REFERENCES q (id)".into(), String::from("SELECT 1")),
            ("include", format!("{t}; CREATE INDEX i ON t USING gin (to_tsvector('english', b)); CREATE UNIQUE INDEX j ON t (a) INCLUDE (b) NULLS NOT DISTINCT"), t.into()),
            ("storage", format!("{t}; ALTER TABLE t SET (fillfactor = 70)"), t.into()),
            ("grant", format!("{t}; GRANT SELECT ON t TO PUBLIC"), t.into()),
            ("text to integer", "CREATE TABLE t (a INTEGER)".into(), "CREATE TABLE t (a TEXT)".into()),
        ]);
    } else {
        cases.extend([
            ("trigger", format!("{t}; CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = 1; END"), t.into()),
            ("strict", format!("{} STRICT", t.replace("VARCHAR(9)", "TEXT")), t.replace("VARCHAR(9)", "TEXT")),
            ("cycle", "CREATE TABLE p (id INTEGER PRIMARY KEY, q INTEGER REFERENCES q (id)); CREATE TABLE q (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id))".into(), String::from("SELECT 1")),
            ("autoincrement", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)".into(), "CREATE TABLE t (id INTEGER PRIMARY KEY)".into()),
            ("virtual", format!("{t}; CREATE VIRTUAL TABLE f USING fts5(x)"), t.into()),
            ("text to integer", "CREATE TABLE t (a INTEGER)".into(), "CREATE TABLE t (a TEXT)".into()),
        ]);
    }
    for (name, entities, migrations) in cases {
        match planned(&[&entities], &[&migrations], &options).await {
            Ok(plan) => println!("CASE {name}: {:?}", plan.operations()),
            Err(error) => println!("CASE {name}: ERROR {error}"),
        }
    }
}
