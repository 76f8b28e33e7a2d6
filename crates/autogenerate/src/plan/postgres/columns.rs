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
        for altered in computed.into_iter().chain(plain) {
            if altered.definition() {
                self.stages.columns.push(Operation::AlterColumn {
                    table: table(),
                    from: altered.from.clone(),
                    to: altered.to.clone(),
                    fill: self.fills.altered(change.name, altered),
                    narrows: altered.narrows(),
                });
            }
            if altered.comment() {
                self.stages.columns.push(comment(altered.to));
            }
        }
        for column in &change.added {
            let add = Operation::AddColumn {
                table: table(),
                column: (*column).clone(),
                key: None,
                fill: self.fills.added(change.name, column),
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
        self.rebuild_computed(change);
    }

    /// PostgreSQL changes no column of which a kept one is computed.
    fn rebuild_computed(&mut self, change: &TableChange<'_>) {
        let retyped: Vec<_> = change.altered.iter().filter(|it| it.data_type()).collect();
        for column in &change.to.columns {
            let is_altered = change
                .altered
                .iter()
                .any(|it| it.to.name == column.name && it.generated());
            let Some(generated) = &column.generated else {
                continue;
            };
            let is_new = change.from.column(&column.name).is_none();
            let touched = retyped
                .iter()
                .any(|it| mentions(&generated.expression, &it.to.name));
            if touched && !is_altered && !is_new {
                let table = || change.name.to_owned();
                self.stages.drop_parts.push(Operation::DropColumn {
                    table: table(),
                    column: column.clone(),
                });
                self.stages.columns.push(Operation::AddColumn {
                    table: table(),
                    column: column.clone(),
                    key: None,
                    fill: None,
                });
            }
        }
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
        self.stages.columns.push(Operation::SetUnlogged {
            table: change.name.to_owned(),
            unlogged: change.to.options.iter().any(|it| it == UNLOGGED),
        });
        Ok(())
    }
}

const UNLOGGED: &str = "UNLOGGED";
