//! Renames come first, and the engine itself carries them through keys, indexes, checks and views.

use super::operation::Operation;
use super::options::{Options, RenamedColumn};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::snapshot::Snapshot;

/// Those that were asked for, and those that entities tell of and no migration has made.
///
/// # Errors
/// `NoSuchRename` when there is nothing of the old name, or something of the new one.
pub(super) fn operations(
    options: &Options,
    told: &[RenamedColumn],
    from: &Catalog,
    to: &Snapshot,
) -> Result<Vec<Operation>, Error> {
    let mut operations = Vec::new();
    for rename in &options.renamed_tables {
        let fits = from.tables.contains_key(&rename.from)
            && !from.tables.contains_key(&rename.to)
            && to.raw.tables.contains_key(&rename.to);
        if !fits {
            let text = format!("{}:{}", rename.from, rename.to);
            return Err(Error::NoSuchRename(text));
        }
        operations.push(Operation::RenameTable {
            from: rename.from.clone(),
            to: rename.to.clone(),
        });
    }
    let old_name = |table: &str| -> String {
        let mut renames = options.renamed_tables.iter();
        let rename = renames.find(|it| it.to == table);
        rename.map_or_else(|| table.to_owned(), |it| it.from.clone())
    };
    let has = |schema: &Catalog, table: &str, column: &str| {
        let table = schema.tables.get(table);
        table.is_some_and(|it| it.column(column).is_some())
    };
    let fits = |it: &RenamedColumn| {
        let before = old_name(&it.table);
        has(from, &before, &it.from)
            && !has(from, &before, &it.to)
            && has(&to.raw, &it.table, &it.to)
            && !has(&to.raw, &it.table, &it.from)
    };
    for rename in &options.renamed_columns {
        if !fits(rename) {
            let text = format!("{}.{}:{}", rename.table, rename.from, rename.to);
            return Err(Error::NoSuchRename(text));
        }
    }
    // An entity goes on telling it when the migration has long been made.
    let told = told
        .iter()
        .filter(|it| fits(it) && !options.renamed_columns.contains(it));
    for rename in options.renamed_columns.iter().chain(told) {
        operations.push(Operation::RenameColumn {
            table: rename.table.clone(),
            from: rename.from.clone(),
            to: rename.to.clone(),
        });
    }
    Ok(operations)
}

/// The way back.
pub(super) fn reversed(operations: &[Operation]) -> Vec<Operation> {
    let back = |operation: &Operation| match operation {
        Operation::RenameTable { from, to } => Operation::RenameTable {
            from: to.clone(),
            to: from.clone(),
        },
        Operation::RenameColumn { table, from, to } => Operation::RenameColumn {
            table: table.clone(),
            from: to.clone(),
            to: from.clone(),
        },
        other => other.clone(),
    };
    operations.iter().rev().map(back).collect()
}
