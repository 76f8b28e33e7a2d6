//! What is asked instead of guessed.

use sea_orm_autogenerate::{Backfill, Error, Options, Question, RenamedColumn};

use super::super::here;
use super::super::ways::planned;

async fn asked(from: &str, to: &str) -> Vec<Question> {
    let options = Options::default();
    match planned(&[from.to_owned()], &[to.to_owned()], &options).await {
        Err(Error::Refused(questions)) => questions,
        other => panic!("nobody was asked: {other:?}"),
    }
}

fn table(columns: &str) -> String {
    format!("CREATE TABLE shop (id INTEGER NOT NULL PRIMARY KEY{columns})")
}

#[tokio::test]
async fn values_are_not_lost_unasked() {
    let from = table(", town TEXT, name TEXT, size INTEGER") + "; CREATE TABLE old (id INTEGER)";
    let to = table(", name VARCHAR(9), size INTEGER AS (id * 2) STORED");
    let to = here(to.clone(), to.replace(" AS (", " GENERATED ALWAYS AS ("));

    let questions = asked(&from, &to).await;

    let lost = here(
        [
            "alter column shop.name from (text, null) to (varchar(9), null), DESTRUCTIVE: \
             values are lost",
            "alter column shop.size from (integer, null) to (integer, null, generated as id \
             * 2 stored), DESTRUCTIVE: values are lost",
            "drop column shop.town, DESTRUCTIVE: values are lost",
            "drop table old, DESTRUCTIVE: values are lost",
        ],
        [
            "alter column shop.name from (text, null) to (character varying(9), null), \
             DESTRUCTIVE: values are lost",
            "alter column shop.size from (integer, null) to (integer, null, generated as (id \
             * 2) stored), DESTRUCTIVE: values are lost",
            "drop column shop.town, DESTRUCTIVE: values are lost",
            "drop table old, DESTRUCTIVE: values are lost",
        ],
    );
    let [Question::Destructive(operations)] = questions.as_slice() else {
        panic!("{questions:?}");
    };
    let mut operations = operations.clone();
    operations.sort_unstable();
    assert_eq!(operations, lost);
}

#[tokio::test]
async fn a_value_of_an_enum_is_not_lost_unasked() {
    let shirt = "CREATE TABLE shirt (id INTEGER PRIMARY KEY, size size)";
    let from = format!("CREATE TYPE size AS ENUM ('s', 'm'); {shirt}");
    let to = format!("CREATE TYPE size AS ENUM ('s', 'medium'); {shirt}");
    // SQLite has no enums, and a check that nobody can look into.
    let (from, to) = here(
        (
            table(", town TEXT"),
            table(", town TEXT CHECK (town = 's')"),
        ),
        (from, to),
    );
    let options = Options::default();

    let outcome = planned(&[from], &[to], &options).await;

    let said = outcome.map_or_else(|it| it.to_string(), |it| it.operations().join("\n"));
    assert_eq!(
        said,
        here(
            "rebuild table shop: add check shop_town_check to shop `town = 's'`",
            "somebody has to decide first:\n- values are lost by: replace enum size ('s', \
             'm') by ('s', 'medium'), DESTRUCTIVE: values are lost. If they may be: \
             --allow-destructive",
        )
    );
}

#[tokio::test]
async fn a_rename_is_not_guessed() {
    let from = table(", town TEXT, size INTEGER") + "; CREATE TABLE cakes (id INTEGER, name TEXT)";
    let to = table(", city TEXT, place TEXT, age INTEGER")
        + "; CREATE TABLE pies (id INTEGER, name TEXT); CREATE TABLE sweets (id INTEGER, \
           name TEXT)";

    let mut questions = asked(&from, &to).await;

    let column = |dropped: &str, added: &str| Question::RenamedColumn {
        table: "shop".to_owned(),
        dropped: dropped.to_owned(),
        added: added.to_owned(),
    };
    let table = |added: &str| Question::RenamedTable {
        dropped: "cakes".to_owned(),
        added: added.to_owned(),
    };
    let destructive = questions.pop();
    assert!(matches!(destructive, Some(Question::Destructive(_))));
    assert_eq!(
        questions,
        [
            column("town", "city"),
            column("town", "place"),
            column("size", "age"),
            table("pies"),
            table("sweets"),
        ]
    );
    assert_eq!(
        questions[0].to_string(),
        "shop.town goes and shop.city comes, of the same type. If it is the same column, \
         renamed: --rename shop.town:city; if they are two, and the values of the old \
         one may be lost: --allow-destructive"
    );
    assert_eq!(
        questions[3].to_string(),
        "the table cakes goes and pies comes, with the same columns. If it is the same \
         table, renamed: --rename-table cakes:pies; if they are two, and the rows of the \
         old one may be lost: --allow-destructive"
    );
}

#[tokio::test]
async fn a_column_of_another_type_is_no_renamed_one() {
    let questions = asked(&table(", town TEXT"), &table(", size INTEGER")).await;

    assert!(
        matches!(questions.as_slice(), [Question::Destructive(_)]),
        "{questions:?}"
    );
}

#[tokio::test]
async fn what_rows_get_that_have_nothing_is_asked() {
    let from = table(", town TEXT, size INTEGER");
    let to = table(", town TEXT NOT NULL, size INTEGER NOT NULL DEFAULT 1, name TEXT NOT NULL");

    let questions = asked(&from, &to).await;

    let backfill = |column: &str| Question::Backfill {
        table: "shop".to_owned(),
        column: column.to_owned(),
    };
    assert_eq!(
        questions,
        here(
            [backfill("name"), backfill("town")],
            [backfill("town"), backfill("name")]
        )
    );
    assert_eq!(
        backfill("name").to_string(),
        "shop.name takes no NULL, and rows that are there have nothing for it. Say what \
         they get, in SQL: --backfill \"shop.name=EXPRESSION\"; or leave a place for it \
         in the file, which does not compile until it is filled: --backfill shop.name"
    );
}

#[tokio::test]
async fn what_no_two_rows_may_have_is_asked_where_a_default_gives_it_to_all() {
    let from = table("");
    let to = table(", slug TEXT NOT NULL DEFAULT 'none' UNIQUE, town TEXT DEFAULT 'none' UNIQUE");

    let questions = asked(&from, &to).await;

    let same = |column: &str| Question::SameInAll {
        table: "shop".to_owned(),
        column: column.to_owned(),
    };
    assert_eq!(questions, [same("slug"), same("town")]);
    assert_eq!(
        same("slug").to_string(),
        "shop.slug is unique, and its default would be the same in all rows that are there. Say what \
         they get, in SQL: --backfill \"shop.slug=EXPRESSION\"; or leave a place for it \
         in the file, which does not compile until it is filled: --backfill shop.slug"
    );
}

#[tokio::test]
async fn a_rename_that_does_not_fit_is_told() {
    let from = table(", town TEXT");
    for (table_name, old, new) in [
        ("shop", "village", "city"),
        ("shop", "town", "village"),
        ("store", "town", "city"),
        ("shop", "id", "city"),
    ] {
        let options = Options {
            renamed_columns: vec![RenamedColumn {
                table: table_name.to_owned(),
                from: old.to_owned(),
                to: new.to_owned(),
            }],
            ..Options::default()
        };

        let error = planned(
            std::slice::from_ref(&from),
            &[table(", city TEXT")],
            &options,
        )
        .await;

        let error = error.unwrap_err();
        let text = format!("{table_name}.{old}:{new}");
        assert!(
            matches!(&error, Error::NoSuchRename(it) if *it == text),
            "{error}"
        );
    }
}

/// Its rows would get nothing, and nobody would know.
#[tokio::test]
async fn a_value_for_a_column_that_is_not_there_is_told() {
    let options = Options {
        backfills: vec![Backfill {
            table: "shop".to_owned(),
            column: "twon".to_owned(),
            expression: Some("'Ulm'".to_owned()),
        }],
        ..Options::default()
    };

    let error = planned(&[table("")], &[table(", town TEXT")], &options).await;

    let error = error.unwrap_err();
    assert!(
        matches!(&error, Error::NoSuchColumn(it) if it == "shop.twon"),
        "{error}"
    );
}

#[tokio::test]
async fn schemas_that_agree_need_nothing() {
    let table = table(
        ", up INTEGER REFERENCES shop (id), town TEXT DEFAULT 'x' UNIQUE, CHECK (town <> \
         '')",
    );

    let planned = planned(
        std::slice::from_ref(&table),
        std::slice::from_ref(&table),
        &Options::default(),
    )
    .await;

    let planned = planned.unwrap_or_else(|it| panic!("{it}"));
    assert!(planned.is_empty() && planned.operations().is_empty());
}
