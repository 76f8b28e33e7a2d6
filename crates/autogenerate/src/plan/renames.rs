//! Renames come first, and the engine itself carries them through keys, indexes, checks and views.

use sea_orm::DbBackend;

use super::operation::Operation;
use super::options::{Options, RenamedColumn, RenamedTable};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::snapshot::Snapshot;

/// Those that were asked for, and those that entities tell of and no migration has made.
///
/// # Errors
/// `NoSuchRename` when there is nothing of the old name, or something of the new one that keeps it.
pub(super) fn operations(
    options: &Options,
    told: &[RenamedColumn],
    from: &Catalog,
    to: &Snapshot,
    engine: DbBackend,
) -> Result<Vec<Operation>, Error> {
    let tables = tables(&options.renamed_tables, from, &to.raw)?;
    // To SQLite a table in other capitals is the same.
    let is_one = |one: &str, other: &str| match engine {
        DbBackend::Sqlite => one.eq_ignore_ascii_case(other),
        _ => one == other,
    };
    let tables = in_steps(tables, is_one).into_iter();
    let mut operations: Vec<_> = tables
        .map(|(from, to)| Operation::RenameTable { from, to })
        .collect();
    let columns = columns(options, told, from, &to.raw)?;
    let mut names: Vec<_> = columns.iter().map(|it| it.table.as_str()).collect();
    names.dedup();
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            continue;
        }
        let own = columns.iter().filter(|it| it.table == *name);
        let own = own.map(|it| (it.from.clone(), it.to.clone())).collect();
        let steps = in_steps(own, |one, other| one == other).into_iter();
        operations.extend(steps.map(|(from, to)| Operation::RenameColumn {
            table: (*name).to_owned(),
            from,
            to,
        }));
    }
    Ok(operations)
}

/// Old names and new ones.
fn tables(
    renames: &[RenamedTable],
    from: &Catalog,
    to: &Catalog,
) -> Result<Vec<(String, String)>, Error> {
    for rename in renames {
        let gets_free = renames.iter().any(|it| it.from == rename.to);
        let fits = from.tables.contains_key(&rename.from)
            && (gets_free || !from.tables.contains_key(&rename.to))
            && to.tables.contains_key(&rename.to);
        if !fits {
            let text = format!("{}:{}", rename.from, rename.to);
            return Err(Error::NoSuchRename(text));
        }
    }
    let renames = renames.iter();
    Ok(renames.map(|it| (it.from.clone(), it.to.clone())).collect())
}

fn columns<'a>(
    options: &'a Options,
    told: &'a [RenamedColumn],
    from: &Catalog,
    to: &Catalog,
) -> Result<Vec<&'a RenamedColumn>, Error> {
    let old_name = |table: &str| -> String {
        let mut renames = options.renamed_tables.iter();
        let rename = renames.find(|it| it.to == table);
        rename.map_or_else(|| table.to_owned(), |it| it.from.clone())
    };
    let has = |schema: &Catalog, table: &str, column: &str| {
        let table = schema.tables.get(table);
        table.is_some_and(|it| it.column(column).is_some())
    };
    // Of `others` one may take the name that this one gives, or give the one that it takes.
    let fits = |it: &RenamedColumn, others: &[RenamedColumn]| {
        let before = old_name(&it.table);
        let mut others = others.iter().filter(|other| other.table == it.table);
        let gets_free = others.clone().any(|other| other.from == it.to);
        let is_given = others.any(|other| other.to == it.from);
        has(from, &before, &it.from)
            && (gets_free || !has(from, &before, &it.to))
            && has(to, &it.table, &it.to)
            && (is_given || !has(to, &it.table, &it.from))
    };
    let asked = &options.renamed_columns;
    for rename in asked {
        if !fits(rename, asked) {
            let text = format!("{}.{}:{}", rename.table, rename.from, rename.to);
            return Err(Error::NoSuchRename(text));
        }
    }
    // An entity goes on telling it when the migration has long been made.
    let told = told
        .iter()
        .filter(|it| fits(it, &[]) && !asked.contains(it));
    Ok(asked.iter().chain(told).collect())
}

/// Old names and new ones, each step when the new name is free; in a circle the first goes by a name of its own.
fn in_steps(
    mut left: Vec<(String, String)>,
    is_one: impl Fn(&str, &str) -> bool,
) -> Vec<(String, String)> {
    let mut steps = Vec::new();
    while !left.is_empty() {
        let is_free = |(_, to): &(String, String)| !left.iter().any(|(it, _)| is_one(it, to));
        if let Some(at) = left.iter().position(is_free) {
            steps.push(left.remove(at));
        } else {
            let (from, to) = left.remove(0);
            let meanwhile = format!("{from}__old");
            steps.push((from, meanwhile.clone()));
            left.push((meanwhile, to));
        }
    }
    steps
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
