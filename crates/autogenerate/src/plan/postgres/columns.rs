//! Columns and options of tables that stay.

use super::Plan;
use crate::catalog::{Column, Table};
use crate::error::Error;
use crate::plan::diff::{Altered, TableChange};
use crate::plan::operation::Operation;
use crate::plan::order::mentions;

impl Plan<'_> {
    pub(super) fn change(&mut self, change: &TableChange<'_>) -> Result<(), Error> {
        let table = || change.name.to_owned();
        if change.options {
            self.options(change)?;
        }
        self.parts(change);
        if change.primary_key && !change.from.primary_key.is_empty() {
            self.stages.drop_parts.push(Operation::DropPrimaryKey {
                table: table(),
                name: change.from.primary_key_name.clone(),
                columns: change.from.primary_key.clone(),
            });
        }
        self.columns(change);
        if change.primary_key && !change.to.primary_key.is_empty() {
            self.stages.columns.push(Operation::AddPrimaryKey {
                table: table(),
                columns: change.to.primary_key.clone(),
            });
        }
        if change.comment {
            self.stages.add_keys.push(Operation::Comment {
                table: table(),
                column: None,
                comment: change.to.comment.clone(),
            });
        }
        Ok(())
    }

    fn columns(&mut self, change: &TableChange<'_>) {
        let table = || change.name.to_owned();
        let comment = |column: &Column| Operation::Comment {
            table: table(),
            column: Some(column.name.clone()),
            comment: column.comment.clone(),
        };
        // What is computed of a column stands in its way, and goes before.
        let (computed, plain): (Vec<&Altered<'_>>, Vec<&Altered<'_>>) = change
            .altered
            .iter()
            .partition(|it| it.generated() && it.from.generated.is_some());
        let anew = self.computed_anew(change);
        for altered in computed.into_iter().chain(plain) {
            if anew.iter().any(|it| it.name == altered.to.name) {
                continue;
            }
            if altered.definition() {
                self.stages.columns.push(Operation::AlterColumn {
                    table: table(),
                    from: altered.from.clone(),
                    to: altered.to.clone(),
                    fill: self.fills.altered(change, altered),
                    narrows: altered.narrows(),
                });
            }
            let is_lost = altered.generated() && altered.to.comment.is_some();
            if altered.comment() || is_lost {
                self.stages.columns.push(comment(altered.to));
            }
        }
        for column in &change.added {
            let add = Operation::AddColumn {
                table: table(),
                column: (*column).clone(),
                key: None,
                fill: self.fills.added(change, column),
            };
            self.stages.columns.push(add);
            if column.comment.is_some() {
                self.stages.columns.push(comment(column));
            }
        }
        // Of the computed ones first, which need the others.
        let (computed, plain): (Vec<&Column>, Vec<&Column>) =
            change.dropped.iter().partition(|it| it.generated.is_some());
        for column in computed.into_iter().chain(plain) {
            self.stages.drop_columns.push(Operation::DropColumn {
                table: table(),
                column: column.clone(),
            });
        }
        self.compute_anew(change);
    }

    /// PostgreSQL changes no column of which a kept one is computed.
    pub(super) fn compute_anew(&mut self, change: &TableChange<'_>) {
        for column in self.computed_anew(change) {
            let table = || change.name.to_owned();
            self.stages.drop_parts.push(Operation::DropColumn {
                table: table(),
                column: change.from.column(&column.name).unwrap_or(column).clone(),
            });
            self.stages.columns.push(Operation::AddColumn {
                table: table(),
                column: column.clone(),
                key: None,
                fill: None,
            });
            if column.comment.is_some() {
                self.stages.columns.push(Operation::Comment {
                    table: table(),
                    column: Some(column.name.clone()),
                    comment: column.comment.clone(),
                });
            }
        }
    }

    pub(super) fn computed_anew<'a>(&self, change: &TableChange<'a>) -> Vec<&'a Column> {
        let of_enums = self.replaced.iter().flat_map(|it| self.columns_of(it));
        let of_enums = of_enums.filter(|it| it.table == change.name);
        let retyped = change.altered.iter().filter(|it| it.data_type());
        let retyped = retyped.map(|it| it.to.name.clone());
        let retyped: Vec<_> = retyped.chain(of_enums.map(|it| it.column)).collect();
        let is_touched = |column: &&Column| {
            let Some(generated) = &column.generated else {
                return false;
            };
            let mut altered = change.altered.iter();
            let is_altered = altered.any(|it| it.to.name == column.name && it.generated());
            let is_new = change.from.column(&column.name).is_none();
            let mut retyped = retyped.iter();
            !is_altered && !is_new && retyped.any(|it| mentions(&generated.expression, it))
        };
        change.to.columns.iter().filter(is_touched).collect()
    }

    fn options(&mut self, change: &TableChange<'_>) -> Result<(), Error> {
        let others = |table: &Table| {
            let others = table.options.iter().filter(|it| *it != UNLOGGED);
            others.cloned().collect::<Vec<_>>()
        };
        if others(change.from) != others(change.to) {
            return Err(Error::NoWay(format!(
                "PostgreSQL cannot change how the table {} is partitioned",
                change.name
            )));
        }
        self.stages.columns.push(Operation::SetOptions {
            table: change.name.to_owned(),
            options: change.to.options.clone(),
        });
        Ok(())
    }
}

const UNLOGGED: &str = "UNLOGGED";
