//! What the columns of a table can be given, by their types and checks.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use super::fill::{ROWS, is_nullable};
use super::slots::{Choice, Slot};
use super::values;
use crate::catalog::{Catalog, Column, Table};
use crate::plan::{mentions, name};

/// How many combinations of values are looked at, for columns that one check is about.
const COMBINATIONS: usize = 50_000;

/// For the row of this number. Columns that one check is about are given their values together.
pub(super) async fn slots(
    database: &DatabaseConnection,
    catalog: &Catalog,
    table: &Table,
    number: usize,
) -> Vec<Slot> {
    let checks = table.checks.iter().map(|it| it.expression.as_str());
    let checks: Vec<_> = checks.filter(|it| !it.starts_with("EXCLUDE ")).collect();
    let mut slots = Vec::new();
    for columns in groups(table, &checks) {
        let about = |it: &&&str| columns.iter().any(|column| mentions(it, &column.name));
        let checks: Vec<_> = checks.iter().filter(about).copied().collect();
        let is_alone = columns.len() == 1;
        let mut literals = Vec::new();
        for column in &columns {
            let engine = database.get_database_backend();
            let mut found = values::of_type(&column.data_type, engine, &catalog.enums, number);
            // Of a type that is known there are fewer.
            let is_sure = found.len() <= 4;
            let near = checks
                .iter()
                .flat_map(|it| values::of_check(it, &column.data_type));
            found.extend(values::turned(near.collect(), number));
            if !is_sure || !checks.is_empty() {
                let own: &[_] = if is_alone && !checks.is_empty() {
                    &checks
                } else {
                    &["true"]
                };
                found = fitting(database, found, column, own).await;
            }
            if is_nullable(table, column) {
                // One row in three has nothing that it need not have.
                let at = if number % ROWS == 2 { 0 } else { found.len() };
                found.insert(at, "NULL".to_owned());
            }
            literals.push(found);
        }
        let turns = if is_alone {
            Vec::new()
        } else {
            let together = together(database, &columns, &literals, &checks).await;
            together.unwrap_or_default()
        };
        slots.push(slot(&columns, &literals, &turns));
    }
    slots
}

/// The columns that get values, each with those that a check ties to it.
fn groups<'a>(table: &'a Table, checks: &[&str]) -> Vec<Vec<&'a Column>> {
    let columns = table.columns.iter();
    let columns = columns.filter(|it| it.generated.is_none() && it.identity.is_none());
    let mut groups: Vec<_> = columns.map(|it| vec![it]).collect();
    for check in checks {
        let is_tied = |it: &Vec<&Column>| it.iter().any(|it| mentions(check, &it.name));
        let (tied, others) = groups.into_iter().partition(is_tied);
        let tied: Vec<Vec<_>> = tied;
        groups = others;
        groups.extend((!tied.is_empty()).then(|| tied.concat()));
    }
    groups
}

/// By these places of the literals, or, where there are none, by each place of all columns.
fn slot(columns: &[&Column], literals: &[Vec<String>], turns: &[Vec<usize>]) -> Slot {
    let longest = literals.iter().map(Vec::len).max().unwrap_or_default();
    // An enum may have no value at all.
    let each: Vec<_> = (0..longest.max(1))
        .map(|it| vec![it; columns.len()])
        .collect();
    let turns = if turns.is_empty() { &each } else { turns };
    let choice = |turn: &Vec<usize>| {
        let values = literals.iter().zip(turn);
        let values = values.map(|(of, at)| of.get(at.checked_rem(of.len())?).cloned());
        Choice::Values(values.collect())
    };
    Slot {
        columns: columns.iter().map(|it| it.name.clone()).collect(),
        choices: turns.iter().map(choice).collect(),
        is_key: false,
    }
}

/// Those that these checks let pass; all, where none do.
async fn fitting(
    database: &DatabaseConnection,
    literals: Vec<String>,
    column: &Column,
    checks: &[&str],
) -> Vec<String> {
    let mut fitting = Vec::new();
    for literal in &literals {
        let one = std::slice::from_ref(literal);
        let found = together(database, &[column], &[one.to_vec()], checks).await;
        if found.is_ok_and(|it| !it.is_empty()) {
            fitting.push(literal.clone());
        }
    }
    if fitting.is_empty() {
        literals
    } else {
        fitting
    }
}

/// The places of literals that the checks let pass together, likely ones first.
async fn together(
    database: &DatabaseConnection,
    columns: &[&Column],
    literals: &[Vec<String>],
    checks: &[&str],
) -> Result<Vec<Vec<usize>>, DbErr> {
    let engine = database.get_database_backend();
    let mut room = 1;
    while (room + 1_usize).pow(u32::try_from(columns.len()).unwrap_or(u32::MAX).min(16))
        <= COMBINATIONS
    {
        room += 1;
    }
    let table = |(at, (column, literals)): (usize, (&&Column, &Vec<String>))| {
        let row = |(place, literal): (usize, &String)| {
            let value = match engine {
                DbBackend::Postgres => format!("CAST({literal} AS {})", column.data_type),
                _ => literal.clone(),
            };
            format!(
                "SELECT {value} AS {}, {place} AS \"place {at}\"",
                name(&column.name)
            )
        };
        let rows: Vec<_> = literals.iter().take(room).enumerate().map(row).collect();
        format!("({}) AS \"values {at}\"", rows.join(" UNION ALL "))
    };
    let tables: Vec<_> = columns
        .iter()
        .zip(literals)
        .enumerate()
        .map(table)
        .collect();
    let places: Vec<_> = (0..columns.len())
        .map(|it| format!("\"place {it}\""))
        .collect();
    let checks: Vec<_> = checks
        .iter()
        .map(|it| format!("({it}) IS NOT FALSE"))
        .collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE {} ORDER BY {}, {} LIMIT 8",
        places.join(", "),
        tables.join(" CROSS JOIN "),
        checks.join(" AND "),
        places.join(" + "),
        places.join(", ")
    );
    let rows = database
        .query_all_raw(Statement::from_string(engine, sql))
        .await?;
    let row = |row: &sea_orm::QueryResult| {
        let places = 0..columns.len();
        let place = |at| {
            row.try_get_by_index::<i32>(at)
                .map(|it| it.unsigned_abs() as usize)
        };
        places.map(place).collect()
    };
    rows.iter().map(row).collect()
}
