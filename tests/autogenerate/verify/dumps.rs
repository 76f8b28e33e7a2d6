//! Migrations meet the rows of a real database, by its dump.

#![expect(clippy::disallowed_methods, reason = "a test may block its own thread")]

use std::fs;
use std::path::PathBuf;

use sea_orm_autogenerate::{Dump, Error, Verification, Verified};
use sea_orm_migration_runner::{Runner, Target};
use tempfile::TempDir;

use super::{Steps, WAYS, Way, by, outcome, shops, tells};
use crate::autogenerate::here;

/// A dump of a database with the first migration and two shops of one name.
fn script(applied: &str) -> String {
    let script = here(
        "PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE shops (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, note TEXT);
INSERT INTO shops VALUES(1,'Ada',NULL);
INSERT INTO shops VALUES(2,'Ada','x');
CREATE TABLE seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL);
INSERT INTO seaql_migrations VALUES('m1',1);
COMMIT;
",
        r"--
-- PostgreSQL database dump
--

\restrict 7x

SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.seaql_migrations (
    version character varying NOT NULL,
    applied_at bigint NOT NULL
);

ALTER TABLE public.seaql_migrations OWNER TO nobody_here_knows;

CREATE TABLE public.shops (
    id integer NOT NULL,
    name character varying(20) NOT NULL,
    note text
);

COPY public.seaql_migrations (version, applied_at) FROM stdin;
m1	1
\.

COPY public.shops (id, name, note) FROM stdin;
1	Ada	\N
2	Ada	x
\.

ALTER TABLE ONLY public.shops ADD CONSTRAINT shops_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.seaql_migrations ADD CONSTRAINT seaql_migrations_pkey PRIMARY KEY (version);

\unrestrict 7x
",
    );
    script.replace("m1", applied)
}

fn written(content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("there is room for a folder");
    let file = folder.path().join("staging 100%.dump");
    fs::write(&file, content).expect("the folder is empty");
    (folder, file)
}

async fn from(file: &PathBuf, ways: &[Way]) -> Result<Verified, Error> {
    let verification = Verification {
        dump: Some(Dump::open(file)?),
        ..Verification::default()
    };
    outcome(ways, &verification).await
}

fn unique() -> Way {
    by(
        "CREATE UNIQUE INDEX shops_name ON shops (name)",
        "DROP INDEX shops_name",
    )
}

#[tokio::test]
async fn a_migration_that_only_real_rows_speak_against_is_told() {
    let (_folder, file) = written(script("m1"));

    let ours = outcome(&[shops(), unique()], &Verification::default()).await;
    let theirs = from(&file, &[shops(), unique(), by("SELECT 1", "SELECT 1")])
        .await
        .unwrap();

    assert!(ours.unwrap().holds());
    let [trial] = &theirs.trials[..] else {
        panic!("{theirs:#?}");
    };
    assert_eq!(
        (trial.migration.as_str(), trial.tables, trial.rows),
        ("m2", 1, 2)
    );
    tells(
        &trial.failures,
        &["up fails with rows", here("UNIQUE", "unique")],
    );
    assert_eq!(theirs.untried, ["m3"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), script("m1"));
}

#[tokio::test]
async fn rows_of_a_dump_are_there_on_the_way() {
    let (_folder, file) = written(script("m1"));
    let cakes = by(
        "CREATE TABLE cakes (shop INTEGER NOT NULL REFERENCES shops (id))",
        "DROP TABLE cakes",
    );

    let verified = from(
        &file,
        &[
            shops(),
            cakes,
            by(
                "SELECT 1",
                "DELETE FROM cakes; DELETE FROM shops WHERE id = 2",
            ),
        ],
    )
    .await
    .unwrap();

    // Two of the dump, and three in the table that is new.
    assert_eq!(verified.trials[1].rows, 5);
    assert_eq!(verified.trials[1].failures.len(), 2, "{verified:#?}");
    assert!(
        verified.trials[1].failures[1].contains("1 of the 2 rows of shops"),
        "{verified:#?}"
    );
}

#[tokio::test]
async fn a_dump_that_has_all_migrations_leaves_nothing_to_verify() {
    let (_folder, file) = written(script("m1"));

    assert_eq!(from(&file, &[shops()]).await.unwrap(), Verified::default());
}

#[tokio::test]
async fn a_dump_with_a_migration_that_the_program_has_not_is_a_broken_history() {
    let (_folder, file) = written(script("m1_of_tomorrow"));

    let error = from(&file, &[shops()]).await.unwrap_err();

    assert_eq!(error.exit_code(), 3, "{error}");
    assert!(error.to_string().contains("m1_of_tomorrow"), "{error}");
}

#[tokio::test]
async fn what_is_no_dump_is_told() {
    let start = here("PRAGMA foreign_keys=OFF;", "");
    for (content, part) in [
        (
            format!("{start}CREATE TABLE t (a INTEGER);").into_bytes(),
            "no table seaql_migrations",
        ),
        (format!("{start}no SQL;").into_bytes(), "syntax error"),
        (b"PGDMP\x01".to_vec(), "pg_restore"),
        (vec![0xff, 0xfe], "neither"),
    ] {
        let (_folder, file) = written(content);

        let error = from(&file, &[shops()]).await.unwrap_err();

        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains(part), "{part}: {error}");
    }
    let nowhere = PathBuf::from("/nowhere/staging.dump");
    let error = from(&nowhere, &[shops()]).await.unwrap_err();
    assert!(
        error.to_string().contains("/nowhere/staging.dump"),
        "{error}"
    );
}

#[tokio::test]
async fn a_script_for_psql_of_several_databases_is_refused() {
    if here(true, false) {
        return;
    }
    let (_folder, file) = written("\\connect staging\n");

    let error = from(&file, &[shops()]).await.unwrap_err();

    assert!(error.to_string().contains("pg_dumpall"), "{error}");
}

#[tokio::test]
async fn a_database_file_of_sqlite_is_a_dump() {
    if here(false, true) {
        return;
    }
    let (_folder, file) = written([]);
    let url = format!(
        "sqlite://{}?mode=rwc",
        file.display().to_string().replace('%', "%25")
    );
    let database = sea_orm::Database::connect(url).await.unwrap();
    let cakes = by(
        "CREATE TABLE cakes (id INTEGER PRIMARY KEY AUTOINCREMENT, shop INTEGER REFERENCES shops (id) ON DELETE CASCADE,
            twice INTEGER GENERATED ALWAYS AS (shop * 2));
        CREATE INDEX cakes_shop ON cakes (shop); CREATE VIEW eaten AS SELECT id FROM cakes;
        CREATE TRIGGER never AFTER INSERT ON cakes BEGIN DELETE FROM cakes; END",
        "DROP VIEW eaten; DROP TABLE cakes",
    );
    WAYS.set(vec![shops(), cakes.clone()]);
    let applied = Runner::of::<Steps>().up(&database, &Target::All).await;
    applied.unwrap();
    let insert = "DROP TRIGGER never; INSERT INTO shops VALUES (1, 'Ada', NULL), (2, 'Ada', ''); INSERT INTO cakes (shop) VALUES (1), (2);
        CREATE TRIGGER never AFTER INSERT ON cakes BEGIN DELETE FROM cakes; END";
    sea_orm::ConnectionTrait::execute_unprepared(&database, insert)
        .await
        .unwrap();
    database.close().await.unwrap();
    let content = fs::read(&file).unwrap();

    let nothing = by("SELECT 1", "SELECT 1");
    let verified = from(&file, &[shops(), cakes.clone(), nothing, unique()])
        .await
        .unwrap();

    let told: Vec<_> = verified
        .trials
        .iter()
        .map(|it| (it.tables, it.rows, it.failures.len()))
        .collect();
    assert_eq!(told, [(2, 4, 0), (2, 4, 1)], "{verified:#?}");
    assert_eq!(fs::read(&file).unwrap(), content);

    fs::write(format!("{}-wal", file.display()), "x").unwrap();
    let error = from(&file, &[shops(), cakes]).await.unwrap_err();
    assert!(error.to_string().contains("-wal"), "{error}");
}
