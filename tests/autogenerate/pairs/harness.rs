//! The way of several pairs at once, in one database, and back.

use std::collections::BTreeMap;

use fastrand::Rng;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, Statement};
use sea_orm_autogenerate::{Backfill, Options, RenamedColumn, RenamedTable};
use sea_orm_migration::prelude::ColumnType;
use sea_orm_migration_runner::{Runner, Target};
use support::{Engine, TestDatabase};

use super::super::ways::{There, connect, leads_there_and_back, planned};
use super::model::{Column, Id, Kind, Schema, Table};
use super::rows::rows;
use super::sql::quoted;
use super::{pair, types};

pub(super) struct Pair {
    pub(super) a: Schema,
    pub(super) b: Schema,
    pub(super) rows: Vec<String>,
}

impl Pair {
    pub(super) fn of(seed: usize) -> Self {
        let (a, b) = pair(seed);
        let rows = rows(&mut Rng::with_seed(seed as u64), &a, &b);
        Self { a, b, rows }
    }
}

impl std::fmt::Display for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (a, b) = (self.a.create(), self.b.create());
        for (title, statements) in [("A", &a), ("rows", &self.rows), ("B", &b)] {
            write!(f, "\n-- {title}\n{};\n", statements.join(";\n"))?;
        }
        Ok(())
    }
}

/// What is wrong with the way.
pub(super) async fn complaint(pairs: &[Pair]) -> Option<String> {
    go(pairs).await.err()
}

async fn go(pairs: &[Pair]) -> Result<(), String> {
    let all = |of: fn(&Pair) -> Vec<String>| -> Vec<String> { pairs.iter().flat_map(of).collect() };
    let (a, b) = (all(|it| it.a.create()), all(|it| it.b.create()));
    let planned = planned(&a, &b, &options(pairs)).await;
    let planned = planned.map_err(|it| format!("no plan: {it}"))?;
    let operations = planned.operations().join("\n");
    let idle = pairs
        .iter()
        .find(|it| !operations.contains(it.a.prefix.as_str()));
    if let Some(pair) = idle {
        return Err(format!(
            "nothing is planned for {}\n{operations}",
            pair.a.prefix
        ));
    }
    let led = leads_there_and_back(&a, &b).await;
    led.map_err(|it| format!("{it}\n{operations}"))?;
    with_rows(pairs)
        .await
        .map_err(|it| format!("{it}\n{operations}"))
}

async fn with_rows(pairs: &[Pair]) -> Result<(), String> {
    let database = TestDatabase::empty().await;
    let connection = connect(&database).await;
    let runner = Runner::of::<There>();
    let outcome = async {
        let ran = runner.up(&connection, &Target::Steps(1)).await;
        ran.map_err(|it| format!("A: {it}"))?;
        let rows: Vec<_> = pairs.iter().flat_map(|it| it.rows.clone()).collect();
        let filled = connection.execute_unprepared(&rows.join(";\n")).await;
        filled.map_err(|it| format!("rows: {it}"))?;
        let before = contents(&connection, pairs, |it| &it.a).await?;
        let ran = runner.up(&connection, &Target::All).await;
        ran.map_err(|it| format!("up: {it}"))?;
        let there = contents(&connection, pairs, |it| &it.b).await?;
        survive(&before, &there).map_err(|it| format!("up: {it}"))?;
        let ran = runner.down(&connection, &Target::Steps(1)).await;
        ran.map_err(|it| format!("down: {it}"))?;
        let back = contents(&connection, pairs, |it| &it.a).await?;
        survive(&there, &back).map_err(|it| format!("down: {it}"))
    };
    let outcome = outcome.await;
    connection.close().await.map_err(|it| it.to_string())?;
    outcome
}

/// The rows of each table that both schemas have, in the columns that keep their values.
type Contents = BTreeMap<(usize, Id), Vec<Vec<Option<String>>>>;

pub(super) async fn contents(
    connection: &DatabaseConnection,
    pairs: &[Pair],
    schema: fn(&Pair) -> &Schema,
) -> Result<Contents, String> {
    let mut contents = Contents::new();
    for (number, pair) in pairs.iter().enumerate() {
        for table in &pair.a.tables {
            let Some(after) = pair.b.table(table.id) else {
                continue;
            };
            let (there, now) = (schema(pair), schema(pair).table(table.id));
            let kept = table.columns.iter().filter(|it| {
                let after = after.column(it.id);
                after.is_some_and(|after| holds(pair, it, after))
            });
            let now = now.expect("both have it");
            let columns: Vec<_> = kept.filter_map(|it| now.column(it.id)).collect();
            let rows = read(connection, there, now, &columns).await;
            contents.insert((number, table.id), rows.map_err(|it| it.to_string())?);
        }
    }
    Ok(contents)
}

fn holds(pair: &Pair, before: &Column, after: &Column) -> bool {
    match (&before.kind, &after.kind) {
        (Kind::Plain(one), Kind::Plain(other)) => types::holds(pair.a.engine, other, one),
        (one, other) => one == other,
    }
}

async fn read(
    connection: &DatabaseConnection,
    schema: &Schema,
    table: &Table,
    columns: &[&Column],
) -> Result<Vec<Vec<Option<String>>>, DbErr> {
    let text = |it: &&Column| {
        let name = quoted(&it.name);
        match schema.engine {
            Engine::Sqlite => format!("nullif(quote({name}), 'NULL')"),
            // However many digits are kept after the point.
            Engine::Postgres if matches!(it.kind, Kind::Plain(ColumnType::Decimal(_))) => {
                format!("trim_scale({name})::text")
            }
            Engine::Postgres => format!("{name}::text"),
        }
    };
    let mut texts: Vec<_> = columns.iter().map(text).collect();
    texts.push("'row'".to_owned());
    let sql = format!("SELECT {} FROM {}", texts.join(", "), quoted(&table.name));
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await?;
    let row = |row: sea_orm::QueryResult| {
        let all = 0..texts.len();
        all.map(|at| row.try_get_by_index(at))
            .collect::<Result<Vec<Option<String>>, _>>()
    };
    let mut rows: Vec<_> = rows.into_iter().map(row).collect::<Result<_, _>>()?;
    rows.sort_unstable();
    Ok(rows)
}

/// Nothing is another, but for what took a NULL and takes none any more.
pub(super) fn survive(before: &Contents, after: &Contents) -> Result<(), String> {
    for (table, rows) in before {
        let mut left = after[table].clone();
        for row in rows {
            let fits = |other: &Vec<Option<String>>| {
                let mut both = row.iter().zip(other);
                both.all(|(one, other)| one.is_none() || one == other)
            };
            // The likest one: the others may have to fit others.
            let exact = left.iter().position(|it| it == row);
            let Some(at) = exact.or_else(|| left.iter().position(fits)) else {
                return Err(format!(
                    "{table:?} had {rows:?}, and has {:?}",
                    after[table]
                ));
            };
            left.remove(at);
        }
        if !left.is_empty() {
            return Err(format!(
                "{table:?} had {rows:?}, and has {:?}",
                after[table]
            ));
        }
    }
    Ok(())
}

/// What was renamed, and what rows get that have nothing.
pub(super) fn options(pairs: &[Pair]) -> Options {
    let mut options = Options {
        allow_destructive: true,
        ..Options::default()
    };
    for Pair { a, b, .. } in pairs {
        for table in &b.tables {
            let same_name = |it: &&Table| it.name == table.name;
            let Some(before) = a
                .table(table.id)
                .or_else(|| a.tables.iter().find(same_name))
            else {
                continue;
            };
            if before.name != table.name {
                options.renamed_tables.push(RenamedTable {
                    from: before.name.clone(),
                    to: table.name.clone(),
                });
            }
            for column in &table.columns {
                let same_name = |it: &&Column| before.id != table.id && it.name == column.name;
                let old = before
                    .column(column.id)
                    .or_else(|| before.columns.iter().find(same_name));
                if let Some(old) = old.filter(|it| it.name != column.name) {
                    options.renamed_columns.push(RenamedColumn {
                        table: table.name.clone(),
                        from: old.name.clone(),
                        to: column.name.clone(),
                    });
                }
                let was_sure = old.is_some_and(|it| !it.nullable || before.key.contains(&it.id));
                let has_value = column.default.is_some() || column.is_numbered;
                // Its default would be the same in all rows, which are few enough where that matters.
                let is_alone = table.uniques.iter().any(|it| it.columns == [column.id]);
                let is_same = old.is_none() && column.default.is_some() && is_alone;
                if (!column.nullable && !was_sure && !has_value) || is_same {
                    options.backfills.push(Backfill {
                        table: table.name.clone(),
                        column: column.name.clone(),
                        expression: Some(b.literal(&column.kind, 3, false)),
                    });
                }
            }
        }
    }
    options
}
