//! Rows for tables that have none. No chance and no clock: the same migrations get the same rows.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use super::contents::{self, table_name};
use super::slots::{Choice, Row, Slot, rows};
use super::values;
use crate::catalog::{Catalog, Column, ForeignKey, Table};
use crate::error::Error;
use crate::plan::{mentions, name, parents_first};

/// How many rows a new table gets.
const ROWS: usize = 3;

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

    /// Gives rows to tables that are new, and one more to those of ours that have a new column. Says which stay empty.
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
                Some(old) if self.ours.contains(name) && has_more(table, old) => 1,
                Some(_) => continue,
            };
            self.ours.insert(name.to_owned());
            let filled = self.fill_table(catalog, name, count).await;
            let Some(refusal) = filled.map_err(Error::Catalog)? else {
                continue;
            };
            if self.count(name).await.map_err(Error::Catalog)? == 0 {
                notes.push(format!("no rows in {name}: {refusal}"));
            }
        }
        Ok(notes)
    }

    /// Why the last row did not fit.
    async fn fill_table(
        &self,
        catalog: &Catalog,
        table: &str,
        count: usize,
    ) -> Result<Option<String>, DbErr> {
        let first = self.count(table).await?;
        let mut refusal = None;
        for number in first..first + count {
            let slots = match self.slots(catalog, table, number).await? {
                Ok(slots) => slots,
                Err(reason) => return Ok(Some(reason)),
            };
            refusal = self.insert_one(table, &slots).await;
        }
        Ok(refusal)
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
        let mut slots = Vec::new();
        let mut columns: Vec<_> = table.columns.iter().filter(|it| is_given(it)).collect();
        // What several columns have to agree on is tried most.
        columns.sort_by_key(|it| !is_in_common_check(table, it));
        for column in columns {
            slots.push(self.column(catalog, table, column, number).await?);
        }
        for key in &table.foreign_keys {
            match self.key(table_name, table, key, number).await? {
                Some(slot) => slots.push(slot),
                None => {
                    let target = &key.target;
                    return Ok(Err(format!("it refers to {target}, which has none")));
                }
            }
        }
        Ok(Ok(slots))
    }

    async fn column(
        &self,
        catalog: &Catalog,
        table: &Table,
        column: &Column,
        number: usize,
    ) -> Result<Slot, DbErr> {
        let engine = self.database.get_database_backend();
        let data_type = &column.data_type;
        let mut literals = values::of_type(data_type, engine, &catalog.enums, number);
        let checks = table.checks.iter().map(|it| it.expression.as_str());
        let checks: Vec<_> = checks.filter(|it| mentions(it, &column.name)).collect();
        if !checks.is_empty() {
            let found = checks.iter().flat_map(|it| values::of_check(it, data_type));
            literals.extend(values::turned(found.collect(), number));
            let others = |it: &&Column| it.name != column.name;
            let is_alone = |check: &&str| {
                let mut others = table.columns.iter().filter(others);
                !others.any(|it| mentions(check, &it.name))
            };
            let own: Vec<_> = checks.into_iter().filter(is_alone).collect();
            literals = self.fitting(literals, column, &own).await;
        }
        let mut choices: Vec<_> = literals.into_iter().map(Some).collect();
        if is_nullable(table, column) {
            // One row in three has nothing that it need not have.
            let at = if number % ROWS == 2 { 0 } else { choices.len() };
            choices.insert(at, Some("NULL".to_owned()));
        }
        let choices = choices.into_iter().map(|it| Choice::Values(vec![it]));
        Ok(Slot {
            columns: vec![column.name.clone()],
            choices: choices.collect(),
            is_key: false,
        })
    }

    /// Those that the checks of this column alone let pass; all, where none do.
    async fn fitting(
        &self,
        literals: Vec<String>,
        column: &Column,
        checks: &[&str],
    ) -> Vec<String> {
        let mut fitting = Vec::new();
        for literal in &literals {
            let mut fits = true;
            for check in checks {
                fits = fits && self.fits(literal, column, check).await;
            }
            if fits {
                fitting.push(literal.clone());
            }
        }
        if fitting.is_empty() {
            literals
        } else {
            fitting
        }
    }

    async fn fits(&self, literal: &str, column: &Column, check: &str) -> bool {
        let engine = self.database.get_database_backend();
        let value = match engine {
            DbBackend::Postgres => format!("CAST({literal} AS {})", column.data_type),
            _ => literal.to_owned(),
        };
        let column = name(&column.name);
        let sql =
            format!("SELECT 1 FROM (SELECT {value} AS {column}) AS t WHERE ({check}) IS NOT FALSE");
        let statement = Statement::from_string(engine, sql);
        let found = self.database.query_one_raw(statement).await;
        found.is_ok_and(|it| it.is_some())
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
        let mut parents = targets.await?;
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

/// Nobody else gives it a value.
fn is_given(column: &Column) -> bool {
    column.generated.is_none() && column.identity.is_none()
}

fn is_nullable(table: &Table, column: &Column) -> bool {
    column.nullable && !table.primary_key.contains(&column.name)
}

fn is_nullable_by_name(table: &Table, column: &str) -> bool {
    table
        .column(column)
        .is_some_and(|it| is_nullable(table, it))
}

fn is_in_common_check(table: &Table, column: &Column) -> bool {
    let checks = table.checks.iter().map(|it| it.expression.as_str());
    let mut own = checks.filter(|it| mentions(it, &column.name));
    own.any(|check| {
        let mut others = table.columns.iter().filter(|it| it.name != column.name);
        others.any(|it| mentions(check, &it.name))
    })
}
