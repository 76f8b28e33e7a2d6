//! The operations of SQLite, whose ALTER TABLE renames, adds plain columns and drops them; for anything else the table
//! is made anew (<https://sqlite.org/lang_altertable.html>).

use super::diff::{Altered, Changes, TableChange};
use super::fills::Fills;
use super::operation::{Fill, Operation};
use super::order::{mentions, parents_first};
use super::sql::name as quoted;
use super::texts::{Texts, texts};
use crate::catalog::{Column, ForeignKey, Index};
use crate::snapshot::Snapshot;

pub(super) fn operations(
    changes: &Changes<'_>,
    from: &Snapshot,
    to: &Snapshot,
    fills: &Fills,
) -> Vec<Operation> {
    let mut operations = dropped_indexes(changes);
    for name in parents_first(&changes.created, &to.raw.tables) {
        let mut table = to.raw.tables[name].clone();
        let indexes = std::mem::take(&mut table.indexes);
        let name = name.to_owned();
        operations.push(Operation::CreateTable {
            name: name.clone(),
            table,
        });
        operations.extend(indexes.into_iter().map(|index| Operation::CreateIndex {
            table: name.clone(),
            index,
        }));
    }
    let mut order: Vec<_> = changes.changed.iter().map(|it| it.name).collect();
    order = parents_first(&order, &to.raw.tables);
    let mut disturbed: Vec<&str> = changes.dropped.clone();
    for name in order {
        let Some(change) = changes.changed.iter().find(|it| it.name == name) else {
            continue;
        };
        let rebuilt = needs_rebuild(change, fills);
        if rebuilt || !change.dropped.is_empty() {
            disturbed.push(change.name);
        }
        if rebuilt {
            rebuild(change, fills, &mut operations);
        } else {
            alter(change, fills, &mut operations);
        }
    }
    let mut dropped = parents_first(&changes.dropped, &from.raw.tables);
    dropped.reverse();
    operations.extend(dropped.into_iter().map(|name| Operation::DropTable {
        name: name.to_owned(),
        table: from.raw.tables[name].clone(),
    }));
    let disturbs = |text: &str| disturbed.iter().any(|it| mentions(text, it));
    let Texts { mut before, after } = texts(changes, disturbs);
    before.append(&mut operations);
    before.extend(after);
    before
}

/// First of all, because no two tables can have indexes of one name. Constraints go with their tables.
fn dropped_indexes(changes: &Changes<'_>) -> Vec<Operation> {
    let of_tables = changes.changed.iter().flat_map(|change| {
        let dropped = change.indexes.dropped.iter();
        dropped.map(|it| (change.name, *it))
    });
    let all = of_tables.chain(changes.namesakes.iter().copied());
    let named = all.filter(|(_, it)| !it.is_constraint);
    let drop = named.map(|(table, index)| Operation::DropIndex {
        table: table.to_owned(),
        index: index.clone(),
    });
    drop.collect()
}

fn needs_rebuild(change: &TableChange<'_>, fills: &Fills) -> bool {
    let keys = change
        .keys
        .added
        .iter()
        .any(|key| added_with(change, key).is_none());
    let constraints = change.indexes.dropped.iter().any(|it| it.is_constraint);
    // It cannot take NULL until its rows have got what they get.
    let is_filled = |it: &Column| !it.nullable && fills.added(change, it).is_some();
    let columns = change
        .added
        .iter()
        .any(|it| is_filled(it) || !can_be_added(it, change))
        || change.dropped.iter().any(|it| !can_be_dropped(it, change))
        || change.altered.iter().any(Altered::definition);
    change.primary_key
        || change.options
        || !change.checks.is_none()
        || !change.keys.dropped.is_empty()
        || keys
        || constraints
        || columns
}

/// The new column that the key can be added with.
fn added_with<'a>(change: &TableChange<'a>, key: &ForeignKey) -> Option<&'a Column> {
    let [name] = key.columns.as_slice() else {
        return None;
    };
    let column = change.added.iter().find(|it| it.name == *name)?;
    (column.nullable && column.default.is_none()).then_some(column)
}

fn can_be_added(column: &Column, change: &TableChange<'_>) -> bool {
    let is_constant = |default: &String| {
        let default = default.to_lowercase();
        let quoted = default.starts_with('\'') && default.ends_with('\'');
        let number = default.parse::<f64>().is_ok();
        quoted || number || ["true", "false"].contains(&default.as_str())
    };
    let default = column.default.as_ref();
    let generated = column.generated.as_ref();
    let has_value = column.nullable || default.is_some() || generated.is_some();
    has_value
        && default.is_none_or(is_constant)
        && generated.is_none_or(|it| !it.stored)
        && !change.to.primary_key.contains(&column.name)
}

fn can_be_dropped(column: &Column, change: &TableChange<'_>) -> bool {
    let name = &column.name;
    let in_key = change
        .from
        .foreign_keys
        .iter()
        .any(|it| it.columns.contains(name));
    let in_check = change
        .from
        .checks
        .iter()
        .any(|it| mentions(&it.expression, name));
    let computed = change
        .from
        .columns
        .iter()
        .filter_map(|it| it.generated.as_ref());
    let mut computed = computed.map(|it| it.expression.as_str());
    let in_index = change.indexes.kept.iter().any(|(it, _)| {
        let mut texts = it.parts.iter().map(|it| it.key.text());
        texts.any(|it| mentions(it, name)) || it.predicate.iter().any(|it| mentions(it, name))
    });
    !in_key
        && !in_check
        && !in_index
        && !change.from.primary_key.contains(name)
        && !computed.any(|it| mentions(it, name))
}

fn alter(change: &TableChange<'_>, fills: &Fills, operations: &mut Vec<Operation>) {
    let table = || change.name.to_owned();
    for column in &change.added {
        let mut keys = change.keys.added.iter();
        let key = keys.find(|it| it.columns == [column.name.clone()]);
        operations.push(Operation::AddColumn {
            table: table(),
            column: (*column).clone(),
            key: key.map(|it| (*it).clone()),
            fill: fills.added(change, column),
        });
    }
    operations.extend(
        change
            .indexes
            .added
            .iter()
            .map(|it| create_index(change, it)),
    );
    operations.extend(change.dropped.iter().map(|it| Operation::DropColumn {
        table: table(),
        column: (*it).clone(),
    }));
}

fn create_index(change: &TableChange<'_>, index: &Index) -> Operation {
    Operation::CreateIndex {
        table: change.name.to_owned(),
        index: index.clone(),
    }
}

fn rebuild(change: &TableChange<'_>, fills: &Fills, operations: &mut Vec<Operation>) {
    let mut to = change.to.clone();
    to.indexes.clear();
    // Those that are kept keep their names, but for those that had none.
    let indexes = change.indexes.kept.iter().map(|(old, new)| {
        let mut index = (*new).clone();
        if !old.is_constraint {
            index.name.clone_from(&old.name);
        }
        index
    });
    let (kept, computed) = rows(change, fills);
    operations.push(Operation::Rebuild {
        table: change.name.to_owned(),
        to,
        kept,
        computed,
        indexes: indexes.collect(),
        changes: reasons(change, fills),
    });
    let added = change.indexes.added.iter();
    operations.extend(added.map(|it| create_index(change, it)));
}

/// The columns that rows bring along as they are, and those that are made for them.
fn rows(change: &TableChange<'_>, fills: &Fills) -> (Vec<String>, Vec<(String, Fill)>) {
    let (mut kept, mut computed) = (Vec::new(), Vec::new());
    let columns = change.to.columns.iter().filter(|it| it.generated.is_none());
    for column in columns.clone() {
        let altered = change.altered.iter().find(|it| it.to.name == column.name);
        let fill = match (change.from.column(&column.name), altered) {
            // Without a fill it gets its default, or its number.
            (None, _) => match fills.added(change, column) {
                Some(fill) => fill,
                None => continue,
            },
            (Some(_), None) => {
                kept.push(column.name.clone());
                continue;
            }
            (Some(old), Some(altered)) => {
                let instead_of_null = altered.nullable() && !column.nullable;
                match fills.altered(change, altered) {
                    Some(fill) if instead_of_null && old.generated.is_none() => {
                        fill.map(|it| format!("coalesce({}, {it})", quoted(&column.name)))
                    }
                    Some(fill) => fill,
                    None => {
                        kept.push(column.name.clone());
                        continue;
                    }
                }
            }
        };
        computed.push((column.name.clone(), fill));
    }
    if kept.is_empty() && computed.is_empty() {
        // Rows are rows, also where nothing is left of them.
        computed.extend(columns.take(1).map(|it| {
            let default = it.default.clone().unwrap_or_else(|| "NULL".to_owned());
            (it.name.clone(), Fill::Expression(default))
        }));
    }
    (kept, computed)
}

/// What would have been altered, if it could.
fn reasons(change: &TableChange<'_>, fills: &Fills) -> Vec<Operation> {
    let table = || change.name.to_owned();
    let mut reasons = Vec::new();
    if change.options {
        reasons.push(Operation::SetOptions {
            table: table(),
            options: change.to.options.clone(),
        });
    }
    if change.primary_key && !change.from.primary_key.is_empty() {
        reasons.push(Operation::DropPrimaryKey {
            table: table(),
            name: String::new(),
            columns: change.from.primary_key.clone(),
        });
    }
    reasons.extend(
        change
            .keys
            .dropped
            .iter()
            .map(|it| Operation::DropForeignKey {
                table: table(),
                key: (*it).clone(),
            }),
    );
    reasons.extend(change.checks.dropped.iter().map(|it| Operation::DropCheck {
        table: table(),
        check: (*it).clone(),
    }));
    let constraints = change.indexes.dropped.iter().filter(|it| it.is_constraint);
    reasons.extend(constraints.map(|it| Operation::DropIndex {
        table: table(),
        index: (*it).clone(),
    }));
    reasons.extend(change.added.iter().map(|it| Operation::AddColumn {
        table: table(),
        column: (*it).clone(),
        key: None,
        fill: fills.added(change, it),
    }));
    let altered = change.altered.iter().filter(|it| it.definition());
    reasons.extend(altered.map(|it| Operation::AlterColumn {
        table: table(),
        from: it.from.clone(),
        to: it.to.clone(),
        fill: fills.altered(change, it),
        narrows: it.narrows(),
    }));
    if change.primary_key && !change.to.primary_key.is_empty() {
        reasons.push(Operation::AddPrimaryKey {
            table: table(),
            columns: change.to.primary_key.clone(),
        });
    }
    reasons.extend(change.checks.added.iter().map(|it| Operation::AddCheck {
        table: table(),
        check: (*it).clone(),
    }));
    reasons.extend(change.keys.added.iter().map(|it| Operation::AddForeignKey {
        table: table(),
        key: (*it).clone(),
    }));
    reasons.extend(change.dropped.iter().map(|it| Operation::DropColumn {
        table: table(),
        column: (*it).clone(),
    }));
    reasons
}
