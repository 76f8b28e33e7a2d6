//! Rows for tables that have none. No chance and no clock: the same migrations get the same rows.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};

use super::columns;
use super::contents::{self, table_name};
use super::slots::{Choice, Row, Slot, rows};
use crate::catalog::{Catalog, Column, ForeignKey, Table};
use crate::error::Error;
use crate::plan::{name, parents_first};

/// How many rows a new table gets.
pub(super) const ROWS: usize = 3;

/// How many rows of a parent are on offer.
const PARENTS: usize = 4;

pub(super) struct Filler<'a> {
    database: &'a DatabaseConnection,
    /// The tables that have our rows.
    ours: BTreeSet<String>,
}

impl<'a> Filler<'a> {
    pub(super) fn new(database: &'a DatabaseConnection) -> Self {
        let ours = BTreeSet::new();
        Self { database, ours }
    }

    /// Gives rows to tables that are new, and one more to those of ours that have a new column. Says which new ones stay
    /// empty.
    pub(super) async fn fill(
        &mut self,
        before: &Catalog,
        catalog: &Catalog,
    ) -> Result<Vec<String>, Error> {
        let mut notes = Vec::new();
        let names: Vec<_> = catalog.tables.keys().map(String::as_str).collect();
        for name in parents_first(&names, &catalog.tables) {
            let table = &catalog.tables[name];
            let count = match before.tables.get(name) {
                None => ROWS,
                Some(_) if !self.ours.contains(name) => continue,
                Some(_) if self.is_empty(name).await? => ROWS,
                Some(old) if has_more(table, old) => 1,
                Some(_) => continue,
            };
            self.ours.insert(name.to_owned());
            let filled = self.fill_table(catalog, name, count).await;
            let Some(refusal) = filled.map_err(Error::Catalog)? else {
                continue;
            };
            if self.is_empty(name).await? && !before.tables.contains_key(name) {
                notes.push(format!("no rows in {name}: {refusal}"));
            }
        }
        Ok(notes)
    }

    /// Why a row does not fit.
    async fn fill_table(
        &self,
        catalog: &Catalog,
        table: &str,
        count: usize,
    ) -> Result<Option<String>, DbErr> {
        let first = self.count(table).await?;
        for number in first..first + count {
            let slots = match self.slots(catalog, table, number).await? {
                Ok(slots) => slots,
                Err(reason) => return Ok(Some(reason)),
            };
            let refusal = self.insert_one(table, &slots).await;
            if refusal.is_some() {
                return Ok(refusal);
            }
        }
        Ok(None)
    }

    /// The first refusal, when all of them are refused.
    async fn insert_one(&self, table: &str, slots: &[Slot]) -> Option<String> {
        let mut first = None;
        for row in rows(slots) {
            let insert = self.insert(table, &row);
            match self.database.execute_unprepared(&insert).await {
                Ok(_) => return None,
                Err(error) => first = first.or(Some(error.to_string())),
            }
        }
        first.or_else(|| Some("its foreign keys want different values of one column".to_owned()))
    }

    fn insert(&self, table: &str, row: &Row) -> String {
        let table = table_name(table, self.database.get_database_backend());
        if row.is_empty() {
            return format!("INSERT INTO {table} DEFAULT VALUES");
        }
        let columns: Vec<_> = row.keys().map(|it| name(it)).collect();
        let values: Vec<_> = row.values().map(String::as_str).collect();
        let (columns, values) = (columns.join(", "), values.join(", "));
        format!("INSERT INTO {table} ({columns}) VALUES ({values})")
    }

    async fn is_empty(&self, table: &str) -> Result<bool, Error> {
        let count = self.count(table).await.map_err(Error::Catalog)?;
        Ok(count == 0)
    }

    async fn count(&self, table: &str) -> Result<usize, DbErr> {
        Ok(contents::values(self.database, table, &[], "").await?.len())
    }

    /// For the row of this number. The inner failure is the reason why there can be none.
    async fn slots(
        &self,
        catalog: &Catalog,
        table_name: &str,
        number: usize,
    ) -> Result<Result<Vec<Slot>, String>, DbErr> {
        let table = &catalog.tables[table_name];
        let mut slots = columns::slots(self.database, catalog, table, number).await;
        for key in &table.foreign_keys {
            let Some(slot) = self.key(table_name, table, key, number).await? else {
                let target = &key.target;
                return Ok(Err(format!("it refers to {target}, which has none")));
            };
            slots.push(slot);
        }
        Ok(Ok(slots))
    }

    /// `None` where it must refer to a row, and there is none.
    async fn key(
        &self,
        table_name: &str,
        table: &Table,
        key: &ForeignKey,
        number: usize,
    ) -> Result<Option<Slot>, DbErr> {
        let order: Vec<_> = (1..=key.target_columns.len())
            .map(|it| it.to_string())
            .collect();
        let clauses = format!("ORDER BY {}", order.join(", "));
        let targets = contents::values(self.database, &key.target, &key.target_columns, &clauses);
        // On SQLite a table may be there before the one that it refers to.
        let mut parents = targets.await.unwrap_or_default();
        let turn = number % parents.len().max(1);
        parents.rotate_left(turn);
        parents.truncate(PARENTS);
        let refer = |it: Vec<String>| Choice::Values(it.into_iter().map(Some).collect());
        let mut choices: Vec<_> = parents.into_iter().map(refer).collect();
        let nullable: Vec<_> = key
            .columns
            .iter()
            .map(|it| is_nullable_by_name(table, it))
            .collect();
        if nullable.contains(&true) {
            let null = nullable.into_iter().map(|it| it.then(|| "NULL".to_owned()));
            let at = if number % ROWS == 2 { 0 } else { choices.len() };
            choices.insert(at, Choice::Values(null.collect()));
        } else if key.target == table_name {
            choices.push(Choice::Own(key.target_columns.clone()));
        }
        Ok((!choices.is_empty()).then(|| Slot {
            columns: key.columns.clone(),
            choices,
            is_key: true,
        }))
    }
}

/// Whether it has a column that was not there.
fn has_more(table: &Table, old: &Table) -> bool {
    table
        .columns
        .iter()
        .any(|it| old.column(&it.name).is_none())
}

pub(super) fn is_nullable(table: &Table, column: &Column) -> bool {
    column.nullable && !table.primary_key.contains(&column.name)
}

fn is_nullable_by_name(table: &Table, column: &str) -> bool {
    table
        .column(column)
        .is_some_and(|it| is_nullable(table, it))
}
