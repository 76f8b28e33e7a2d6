//! Checks and indexes: those that change, and those that are kept and stand in the way.

use super::{Plan, Stages};
use crate::catalog::Key;
use crate::plan::diff::TableChange;
use crate::plan::operation::Operation;
use crate::plan::order::mentions;

impl Plan<'_> {
    pub(super) fn parts(&mut self, change: &TableChange<'_>) {
        let table = || change.name.to_owned();
        let drop_check = |check: &_| Operation::DropCheck {
            table: table(),
            check: Clone::clone(check),
        };
        let add_check = |check: &_| Operation::AddCheck {
            table: table(),
            check: Clone::clone(check),
        };
        let drop_index = |index: &_| Operation::DropIndex {
            table: table(),
            index: Clone::clone(index),
        };
        let create_index = |index: &_| Operation::CreateIndex {
            table: table(),
            index: Clone::clone(index),
        };
        let computed_anew = self.computed_anew(change);
        let Stages {
            drop_parts,
            add_parts,
            ..
        } = &mut self.stages;
        drop_parts.extend(change.checks.dropped.iter().copied().map(drop_check));
        drop_parts.extend(change.indexes.dropped.iter().copied().map(drop_index));
        add_parts.extend(change.indexes.added.iter().copied().map(create_index));
        add_parts.extend(change.checks.added.iter().copied().map(add_check));
        // What is kept and stands in the way of another type goes, and comes back.
        let stands_in_the_way = |sql: &str| {
            let mut columns = change.altered.iter();
            columns.any(|it| {
                let other = (it.data_type() && !it.is_wider()) || it.generated();
                other && mentions(sql, &it.to.name)
            }) || self.replaced.iter().any(|it| mentions(sql, it))
                || computed_anew.iter().any(|it| mentions(sql, &it.name))
        };
        for (old, new) in &change.checks.kept {
            if stands_in_the_way(&old.expression) || stands_in_the_way(&new.expression) {
                let mut back = (*new).clone();
                back.name.clone_from(&old.name);
                drop_parts.push(drop_check(old));
                add_parts.push(add_check(&back));
            }
        }
        let is_computed_anew = |name: &str| {
            let mut columns = change.altered.iter();
            columns.any(|it| it.generated() && it.to.name == name)
                || computed_anew.iter().any(|it| it.name == name)
        };
        for (old, new) in &change.indexes.kept {
            let texts = || {
                let keys = old.parts.iter().filter_map(|it| match &it.key {
                    Key::Expression(sql) => Some(sql.as_str()),
                    Key::Column(_) => None,
                });
                keys.chain(old.predicate.as_deref())
            };
            let columns = old.parts.iter().map(|it| it.key.text());
            let mut columns = columns.chain(old.included.iter().map(String::as_str));
            let classes = old.parts.iter().any(|it| it.operator_class.is_some());
            let retyped = change.altered.iter().any(|it| {
                let is_part = old.parts.iter().any(|part| part.key.text() == it.to.name);
                it.data_type() && is_part && (classes || old.method != "btree")
            });
            if texts().any(stands_in_the_way) || columns.any(is_computed_anew) || retyped {
                let mut back = (*new).clone();
                back.name.clone_from(&old.name);
                back.is_constraint = old.is_constraint;
                drop_parts.push(drop_index(old));
                add_parts.push(create_index(&back));
            }
        }
    }
}
