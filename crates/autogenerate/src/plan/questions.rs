//! What is refused until somebody has answered.

use std::fmt;

use super::diff::Changes;
use super::operation::{Fill, Operation};
use super::options::Options;
use crate::catalog::{Catalog, Column};
use crate::snapshot::Snapshot;

/// What only somebody who knows the values can decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Values are lost by these operations.
    Destructive(Vec<String>),
    /// A column goes and another of its type comes.
    RenamedColumn {
        table: String,
        dropped: String,
        added: String,
    },
    /// A table goes and another with its columns comes.
    RenamedTable { dropped: String, added: String },
    /// Rows that are there have nothing for a column that takes no NULL.
    Backfill { table: String, column: String },
    /// Rows that are there would all get the default of a new column, and no two may have the same.
    SameInAll { table: String, column: String },
}

pub(super) fn questions(
    changes: &Changes<'_>,
    operations: &[Operation],
    (from, to): (&Snapshot, &Snapshot),
    options: &Options,
) -> Vec<Question> {
    let mut questions = Vec::new();
    if !options.allow_destructive {
        questions = renames(changes, &from.normal, &to.normal);
        let all = operations.iter().flat_map(Operation::with_changes);
        let lost = all.filter(|it| it.is_destructive());
        let lost: Vec<_> = lost.map(ToString::to_string).collect();
        if !lost.is_empty() {
            questions.push(Question::Destructive(lost));
        }
    }
    for operation in operations.iter().flat_map(Operation::with_changes) {
        let (Operation::AddColumn {
            table,
            column,
            fill,
            ..
        }
        | Operation::AlterColumn {
            table,
            to: column,
            fill,
            ..
        }) = operation
        else {
            continue;
        };
        if matches!(fill, Some(Fill::Placeholder(_))) {
            let (table, name) = (table.clone(), column.name.clone());
            let has_default = column.default.is_some();
            questions.push(match operation {
                Operation::AddColumn { .. } if has_default => Question::SameInAll {
                    table,
                    column: name,
                },
                _ => Question::Backfill {
                    table,
                    column: name,
                },
            });
        }
    }
    questions
}

fn renames(changes: &Changes<'_>, from: &Catalog, to: &Catalog) -> Vec<Question> {
    let mut questions = Vec::new();
    for change in &changes.changed {
        let table = change.name;
        let (Some(old), Some(new)) = (from.tables.get(table), to.tables.get(table)) else {
            continue;
        };
        for dropped in &change.dropped {
            for added in &change.added {
                let types = old.column(&dropped.name).zip(new.column(&added.name));
                if types.is_some_and(|(old, new)| could_be(old, new)) {
                    questions.push(Question::RenamedColumn {
                        table: table.to_owned(),
                        dropped: dropped.name.clone(),
                        added: added.name.clone(),
                    });
                }
            }
        }
    }
    let columns = |catalog: &Catalog, name: &str| -> Vec<(String, String)> {
        let table = catalog.tables.get(name);
        let columns = table.map(|it| it.columns.as_slice()).unwrap_or_default();
        let mut columns: Vec<_> = columns
            .iter()
            .map(|it| (it.name.clone(), it.data_type.clone()))
            .collect();
        columns.sort();
        columns
    };
    for dropped in &changes.dropped {
        for added in &changes.created {
            if columns(from, dropped) == columns(to, added) {
                questions.push(Question::RenamedTable {
                    dropped: (*dropped).to_owned(),
                    added: (*added).to_owned(),
                });
            }
        }
    }
    questions
}

fn could_be(old: &Column, new: &Column) -> bool {
    old.data_type == new.data_type && old.generated.is_none() && new.generated.is_none()
}

/// With the answers, ready to be typed.
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Destructive(operations) => write!(
                f,
                "values are lost by: {}. If they may be: --allow-destructive",
                operations.join("; ")
            ),
            Self::RenamedColumn {
                table,
                dropped,
                added,
            } => write!(
                f,
                "{table}.{dropped} goes and {table}.{added} comes, of the same type. If it is the same column, renamed: \
                 --rename {table}.{dropped}:{added}; if they are two, and the values of the old one may be lost: \
                 --allow-destructive"
            ),
            Self::RenamedTable { dropped, added } => write!(
                f,
                "the table {dropped} goes and {added} comes, with the same columns. If it is the same table, renamed: \
                 --rename-table {dropped}:{added}; if they are two, and the rows of the old one may be lost: \
                 --allow-destructive"
            ),
            Self::Backfill { table, column } => write!(
                f,
                "{table}.{column} takes no NULL, and rows that are there have nothing for it. Say what they get, in SQL: \
                 --backfill \"{table}.{column}=EXPRESSION\"; or leave a place for it in the file, which does not compile \
                 until it is filled: --backfill {table}.{column}"
            ),
            Self::SameInAll { table, column } => write!(
                f,
                "{table}.{column} is unique, and its default would be the same in all rows that are there. Say what they \
                 get, in SQL: --backfill \"{table}.{column}=EXPRESSION\"; or leave a place for it in the file, which does \
                 not compile until it is filled: --backfill {table}.{column}"
            ),
        }
    }
}
