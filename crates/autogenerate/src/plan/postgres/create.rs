//! New tables, with the keys that can stand in them.

use std::collections::BTreeSet;

use super::Plan;
use crate::catalog::{ForeignKey, Table};
use crate::plan::diff::Changes;
use crate::plan::operation::Operation;
use crate::plan::order::parents_first;

impl Plan<'_> {
    pub(super) fn create(&mut self, changes: &Changes<'_>) {
        let mut there = BTreeSet::new();
        for name in parents_first(&changes.created, &self.to.raw.tables) {
            there.insert(name);
            let mut table = self.to.raw.tables[name].clone();
            let keys = std::mem::take(&mut table.foreign_keys);
            for key in keys {
                if self.is_ready(&key, name, &there) {
                    table.foreign_keys.push(key);
                } else {
                    let table = name.to_owned();
                    self.stages
                        .add_keys
                        .push(Operation::AddForeignKey { table, key });
                }
            }
            let indexes = std::mem::take(&mut table.indexes);
            let comments = comments(name, &table);
            self.stages.tables.push(Operation::CreateTable {
                name: name.to_owned(),
                table,
            });
            let create = |index| Operation::CreateIndex {
                table: name.to_owned(),
                index,
            };
            self.stages.tables.extend(indexes.into_iter().map(create));
            self.stages.tables.extend(comments);
        }
    }

    /// Whether what a new table refers to is there: a primary key that is made before it, or was there all the time.
    fn is_ready(&self, key: &ForeignKey, table: &str, there: &BTreeSet<&str>) -> bool {
        let target = self.to.raw.tables.get(&key.target);
        if target.is_none_or(|it| it.primary_key != key.target_columns) {
            return false;
        }
        if key.target == table || there.contains(key.target.as_str()) {
            return true;
        }
        // Another type of its columns would be made later.
        let old = self.from.normal.tables.get(&key.target);
        let new = self.to.normal.tables.get(&key.target);
        old.zip(new).is_some_and(|(old, new)| {
            let mut columns = key.target_columns.iter();
            old.primary_key == new.primary_key && columns.all(|it| old.column(it) == new.column(it))
        })
    }
}

fn comments(name: &str, table: &Table) -> Vec<Operation> {
    let of_table = table.comment.as_ref().map(|it| (None, it));
    let of_columns = table.columns.iter();
    let of_columns =
        of_columns.filter_map(|it| Some((Some(it.name.clone()), it.comment.as_ref()?)));
    let comment = |(column, comment): (Option<String>, &String)| Operation::Comment {
        table: name.to_owned(),
        column,
        comment: Some(comment.clone()),
    };
    of_table
        .into_iter()
        .chain(of_columns)
        .map(comment)
        .collect()
}
