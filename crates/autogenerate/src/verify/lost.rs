//! What became of the rows that were there before a migration and after it was taken back.

use std::collections::BTreeMap;

use super::contents::Rows;
use super::round::State;
use crate::catalog::{Catalog, Column, Table};
use crate::compare::is_wider;

/// In sentences without their end.
#[derive(Default)]
pub(super) struct Losses {
    pub failures: Vec<String>,
    /// What up itself takes away, and says so by what it does to the tables.
    pub warnings: Vec<String>,
}

/// `there` is what the migration makes.
pub(super) fn losses(before: &State, there: &Catalog, back: &State) -> Losses {
    let mut losses = Losses::default();
    for (name, was) in &before.contents {
        // A table that is not there is told by the catalog.
        let Some(is) = back.contents.get(name) else {
            continue;
        };
        let old = before.schema.normal.tables.get(name);
        if let (Some(old), Some(new)) = (old, there.tables.get(name)) {
            losses.kept(name, (old, new), was, is);
            continue;
        }
        let columns: Vec<_> = common(was, is).collect();
        let gone = unmatched(was, is, &columns);
        if gone > 0 {
            let all = was.rows.len();
            losses.warnings.push(format!(
                "up drops the table {name}, and {gone} of its {all} rows do not come back"
            ));
        }
    }
    losses
}

impl Losses {
    fn kept(&mut self, name: &str, (old, new): (&Table, &Table), was: &Rows, is: &Rows) {
        let mut steady = Vec::new();
        let mut dropped = Vec::new();
        for column in common(was, is) {
            match new.column(column) {
                Some(new) if new.generated.is_none() => steady.push((column, excuse(old, new))),
                _ => dropped.push(column),
            }
        }
        let held = steady.iter().filter(|(_, it)| *it == Excuse::None);
        let held: Vec<_> = held.map(|(column, _)| *column).collect();
        let is_held = |it: &String| held.contains(&it.as_str());
        let has_key = !old.primary_key.is_empty() && old.primary_key.iter().all(is_held);
        if !has_key {
            let gone = unmatched(was, is, &held);
            if gone > 0 {
                let all = was.rows.len();
                self.failures.push(format!(
                    "after down, {gone} of the {all} rows of {name} are gone or have other values"
                ));
            }
            self.left(name, was, is, gone);
            return;
        }
        let key: Vec<_> = old.primary_key.iter().map(String::as_str).collect();
        let found: BTreeMap<_, _> = is.rows.iter().map(|it| (is.cells(it, &key), it)).collect();
        let pairs: Vec<_> = was
            .rows
            .iter()
            .filter_map(|row| Some((row, *found.get(&was.cells(row, &key))?)))
            .collect();
        let gone = was.rows.len() - pairs.len();
        if gone > 0 {
            let all = was.rows.len();
            self.failures.push(format!(
                "after down, {gone} of the {all} rows of {name} are gone"
            ));
        }
        self.left(name, was, is, gone);
        // Those that were NULL, and the others.
        let changed = |column: &str| {
            let cells = pairs.iter().map(|(one, other)| {
                let (was, is) = (was.cells(one, &[column]), is.cells(other, &[column]));
                (was == ["NULL"], was != is)
            });
            let (nulls, others): (Vec<_>, Vec<_>) = cells
                .filter(|(_, changed)| *changed)
                .partition(|(null, _)| *null);
            (nulls.len(), others.len())
        };
        for (column, excuse) in steady {
            let (nulls, others) = changed(column);
            let excused = match excuse {
                Excuse::None => 0,
                Excuse::Null => nulls,
                Excuse::All => nulls + others,
            };
            let told = |rows| {
                format!("after down, {name}.{column} has other values in {rows} of its rows")
            };
            if excused > 0 {
                let told = told(excused);
                let why = "up has changed what it can hold";
                self.warnings.push(format!("{told}: {why}"));
            }
            let lost = nulls + others - excused;
            if lost > 0 {
                self.failures.push(told(lost));
            }
        }
        for column in dropped {
            let (_, rows) = changed(column);
            if rows > 0 {
                self.warnings.push(format!(
                    "up drops {name}.{column}, and it comes back without its values in {rows} rows"
                ));
            }
        }
    }

    fn left(&mut self, name: &str, was: &Rows, is: &Rows, gone: usize) {
        let left = (is.rows.len() + gone).saturating_sub(was.rows.len());
        if left > 0 {
            self.warnings.push(format!(
                "after down, {name} has {left} rows that were not there before up"
            ));
        }
    }
}

/// Which values of a column up cannot keep, by what it makes of the column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Excuse {
    None,
    Null,
    All,
}

fn excuse(old: &Table, new: &Column) -> Excuse {
    match old.column(&new.name) {
        Some(old) if !is_wider(&new.data_type, &old.data_type) => Excuse::All,
        Some(old) if old.nullable && !new.nullable => Excuse::Null,
        _ => Excuse::None,
    }
}

fn common<'a>(was: &'a Rows, is: &'a Rows) -> impl Iterator<Item = &'a str> {
    let columns = was.columns.iter().filter(|it| is.columns.contains(it));
    columns.map(String::as_str)
}

/// How many rows have no equal among the others, each of which is equal to one only.
fn unmatched(was: &Rows, is: &Rows, columns: &[&str]) -> usize {
    let mut left: BTreeMap<_, usize> = BTreeMap::new();
    for row in &is.rows {
        *left.entry(is.cells(row, columns)).or_default() += 1;
    }
    let mut count = 0;
    for row in &was.rows {
        match left.get_mut(&was.cells(row, columns)) {
            Some(equal) if *equal > 0 => *equal -= 1,
            _ => count += 1,
        }
    }
    count
}

impl Rows {
    fn cells<'a>(&self, row: &'a [String], columns: &[&str]) -> Vec<&'a str> {
        let at = |column: &&str| self.columns.iter().position(|it| it == column);
        let at = columns.iter().filter_map(at);
        at.map(|it| row[it].as_str()).collect()
    }
}
