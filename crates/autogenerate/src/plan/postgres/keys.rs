//! Foreign keys, and the tables that go.

use super::Plan;
use crate::catalog::ForeignKey;
use crate::plan::diff::{Altered, Changes};
use crate::plan::operation::Operation;
use crate::plan::order::parents_first;

impl Plan<'_> {
    /// Those that change, and those that are kept and stand in the way of their columns or of what they refer to.
    pub(super) fn keys(&mut self, changes: &Changes<'_>) {
        for change in &changes.changed {
            let table = || change.name.to_owned();
            let drop = change
                .keys
                .dropped
                .iter()
                .map(|it| Operation::DropForeignKey {
                    table: table(),
                    key: (*it).clone(),
                });
            self.stages.drop_keys.extend(drop);
            let add = change.keys.added.iter().map(|it| Operation::AddForeignKey {
                table: table(),
                key: (*it).clone(),
            });
            self.stages.add_keys.extend(add);
        }
        for (name, table) in &self.from.raw.tables {
            let change = changes.changed.iter().find(|it| it.name == name);
            let is_dropped = changes.dropped.contains(&name.as_str());
            for key in &table.foreign_keys {
                let is_kept =
                    change.is_none_or(|it| it.keys.kept.iter().any(|(old, _)| *old == key));
                let disturbed = disturbs(changes, name, key) || self.is_of_enum(name, key);
                if !is_kept || is_dropped || !disturbed {
                    continue;
                }
                self.stages.drop_keys.push(Operation::DropForeignKey {
                    table: name.clone(),
                    key: key.clone(),
                });
                self.stages.add_keys.push(Operation::AddForeignKey {
                    table: name.clone(),
                    key: key.clone(),
                });
            }
        }
    }

    /// Whether one of its columns is of an enum that is made anew.
    fn is_of_enum(&self, table: &str, key: &ForeignKey) -> bool {
        let columns = self.replaced.iter().flat_map(|it| self.columns_of(it));
        let mut columns = columns.filter(|it| it.table == table);
        columns.any(|it| key.columns.contains(&it.column))
    }

    pub(super) fn drop(&mut self, changes: &Changes<'_>) {
        for (table, index) in &changes.namesakes {
            self.stages.drop_parts.push(Operation::DropIndex {
                table: (*table).to_owned(),
                index: (*index).clone(),
            });
        }
        let mut order = parents_first(&changes.dropped, &self.from.raw.tables);
        order.reverse();
        for (at, name) in order.iter().enumerate() {
            let table = &self.from.raw.tables[*name];
            // Its children are gone by now, but for those in a circle.
            for key in &table.foreign_keys {
                if order[..at].iter().any(|it| *it == key.target) {
                    self.stages.drop_keys.push(Operation::DropForeignKey {
                        table: (*name).to_owned(),
                        key: key.clone(),
                    });
                }
            }
            self.stages.drop_tables.push(Operation::DropTable {
                name: (*name).to_owned(),
                table: table.clone(),
            });
        }
        // A dropped table may still refer to what a surviving one loses.
        for name in &changes.dropped {
            for key in &self.from.raw.tables[*name].foreign_keys {
                let is_cycle = self.stages.drop_keys.iter().any(
                    |it| matches!(it, Operation::DropForeignKey { table, key: other } if table == name && other == key),
                );
                if !is_cycle && disturbs(changes, name, key) {
                    self.stages.drop_keys.push(Operation::DropForeignKey {
                        table: (*name).to_owned(),
                        key: key.clone(),
                    });
                }
            }
        }
    }
}

/// Whether a key cannot stay while the columns at either end change, or what makes its target unique.
fn disturbs(changes: &Changes<'_>, table: &str, key: &ForeignKey) -> bool {
    let retyped = |table: &str, columns: &[String]| {
        let change = changes.changed.iter().find(|it| it.name == table);
        let altered = change.map(|it| it.altered.as_slice()).unwrap_or_default();
        let is_retyped =
            |it: &Altered<'_>| (it.data_type() || it.generated()) && columns.contains(&it.to.name);
        altered.iter().any(is_retyped)
    };
    let same = |one: &[&str], other: &[String]| {
        one.len() == other.len() && one.iter().all(|it| other.iter().any(|other| other == it))
    };
    let target = changes.changed.iter().find(|it| it.name == key.target);
    let loses_unique = target.is_some_and(|it| {
        let old: Vec<_> = it.from.primary_key.iter().map(String::as_str).collect();
        let key_changes = it.primary_key && same(&old, &key.target_columns);
        let rebuilt = it.indexes.kept.iter().map(|(old, _)| *old);
        let mut dropped = it
            .indexes
            .dropped
            .iter()
            .copied()
            .chain(rebuilt.filter(|_| !it.altered.is_empty()));
        key_changes
            || dropped.any(|index| {
                let columns: Vec<_> = index.parts.iter().map(|it| it.key.text()).collect();
                index.unique && same(&columns, &key.target_columns)
            })
    });
    retyped(table, &key.columns) || retyped(&key.target, &key.target_columns) || loses_unique
}
