//! What has to be there after `down`, and what need not.

use sea_orm_autogenerate::Verification;

use super::{by, outcome, second, shops, tells, verified};
use crate::autogenerate::here;

#[tokio::test]
async fn a_down_that_forgets_a_column_is_told() {
    let trial = second(by(
        "ALTER TABLE shops ADD COLUMN stars INTEGER; CREATE INDEX shops_name ON shops (name)",
        "DROP INDEX shops_name",
    ))
    .await;

    assert_eq!(trial.failures.len(), 2, "{trial:#?}");
    tells(
        &trial.failures[..1],
        &["column shops.stars", "left over", "let down take back"],
    );
    tells(&trial.failures[1..], &["after down", "stars"]);
    assert!(!trial.is_taken_back);
}

#[tokio::test]
async fn a_down_that_takes_too_much_is_told() {
    let trial = second(by(
        "CREATE INDEX shops_name ON shops (name)",
        "DROP INDEX shops_name; ALTER TABLE shops DROP COLUMN note",
    ))
    .await;

    tells(
        &trial.failures[..1],
        &[
            "not what it was before up",
            "column shops.note (text, null) is gone",
        ],
    );
}

#[tokio::test]
async fn a_down_that_loses_rows_of_another_table_is_told() {
    let trial = second(by(
        "CREATE TABLE cakes (id INTEGER NOT NULL PRIMARY KEY)",
        "DROP TABLE cakes; DELETE FROM shops WHERE id = (SELECT min(id) FROM shops)",
    ))
    .await;

    tells(
        &trial.failures,
        &[
            "1 of the 3 rows of shops are gone",
            "--allow-irreversible m2",
        ],
    );
}

#[tokio::test]
async fn values_that_come_back_as_others_are_told() {
    let trial = second(by("UPDATE shops SET name = 'x'", "SELECT 1")).await;

    tells(
        &trial.failures,
        &["shops.name has other values in 3 of its rows"],
    );
}

#[tokio::test]
async fn rows_without_a_key_are_told_too() {
    let bare = by("CREATE TABLE bare (a INTEGER, b TEXT)", "DROP TABLE bare");
    let delete = by("SELECT 1", "DELETE FROM bare WHERE a IS NULL");

    let verified = verified(&[bare, delete]).await;

    tells(
        &verified.trials[1].failures,
        &["1 of the 3 rows of bare are gone"],
    );
}

#[tokio::test]
async fn what_somebody_has_decided_to_lose_is_a_note() {
    let verification = Verification {
        irreversible: vec!["m2".to_owned()],
        ..Verification::default()
    };
    let ways = [shops(), by("DELETE FROM shops", "SELECT 1")];

    let verified = outcome(&ways, &verification).await.unwrap();

    assert!(verified.holds(), "{verified:#?}");
    tells(
        &verified.trials[1].warnings,
        &["3 of the 3 rows of shops are gone"],
    );
}

#[tokio::test]
async fn what_up_drops_need_not_come_back_whole() {
    let column = second(by(
        "ALTER TABLE shops DROP COLUMN note",
        "ALTER TABLE shops ADD COLUMN note TEXT",
    ))
    .await;
    let table = second(by("DROP TABLE shops", &shops().0)).await;

    assert!(column.failures.is_empty(), "{column:#?}");
    tells(&column.warnings, &["up drops shops.note", "2 rows"]);
    assert!(table.failures.is_empty(), "{table:#?}");
    tells(
        &table.warnings,
        &["up drops the table shops", "3 of its 3 rows"],
    );
}

#[tokio::test]
async fn a_column_that_may_no_longer_be_null_may_keep_what_it_was_given() {
    let verified = verified(&[
        by("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT)", "DROP TABLE t"),
        by(
            here(
                "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, a TEXT NOT NULL);
                INSERT INTO u SELECT id, coalesce(a, '') FROM t; DROP TABLE t; ALTER TABLE u RENAME TO t",
                "UPDATE t SET a = '' WHERE a IS NULL; ALTER TABLE t ALTER a SET NOT NULL",
            ),
            here(
                "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, a TEXT);
                INSERT INTO u SELECT id, a FROM t; DROP TABLE t; ALTER TABLE u RENAME TO t",
                "ALTER TABLE t ALTER a DROP NOT NULL",
            ),
        ),
    ])
    .await;

    assert!(verified.holds(), "{verified:#?}");
    tells(
        &verified.trials[1].warnings,
        &["t.a has other values in 1 of its rows"],
    );
}

#[tokio::test]
async fn a_column_that_may_no_longer_be_null_keeps_the_values_that_it_had() {
    let trial = second(by(
        here(
            "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, note TEXT NOT NULL);
            INSERT INTO u SELECT id, name, '' FROM shops; DROP TABLE shops; ALTER TABLE u RENAME TO shops",
            "UPDATE shops SET note = ''; ALTER TABLE shops ALTER note SET NOT NULL",
        ),
        here(
            "CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) NOT NULL, note TEXT);
            INSERT INTO u SELECT id, name, note FROM shops; DROP TABLE shops; ALTER TABLE u RENAME TO shops",
            "ALTER TABLE shops ALTER note DROP NOT NULL",
        ),
    ))
    .await;

    tells(
        &trial.failures,
        &["shops.note has other values in 2 of its rows"],
    );
}
