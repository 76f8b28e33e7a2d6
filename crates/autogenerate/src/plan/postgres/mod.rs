//! The operations of PostgreSQL, in the order in which it takes them.

mod columns;
mod create;
mod enums;
mod keys;
mod parts;

use std::collections::BTreeSet;

use super::diff::Changes;
use super::fills::Fills;
use super::operation::Operation;
use super::order::mentions;
use super::texts::{Texts, texts};
use crate::error::Error;
use crate::snapshot::Snapshot;

/// # Errors
/// `NoWay` for what PostgreSQL cannot change.
pub(super) fn operations(
    changes: &Changes<'_>,
    from: &Snapshot,
    to: &Snapshot,
    fills: &Fills,
) -> Result<Vec<Operation>, Error> {
    let mut plan = Plan {
        from,
        to,
        fills,
        replaced: enums::replaced(changes, to, fills),
        stages: Stages::default(),
    };
    plan.enums(changes);
    plan.create(changes);
    for change in &changes.changed {
        plan.change(change)?;
    }
    for table in &changes.same {
        plan.parts(table);
        plan.compute_anew(table);
    }
    plan.keys(changes);
    plan.drop(changes);
    let Texts { before, after } = texts(changes, |view| plan.disturbs(changes, view));
    let stages = plan.stages.in_order();
    Ok(before.into_iter().chain(stages).chain(after).collect())
}

#[derive(Default)]
struct Stages {
    enums: Vec<Operation>,
    drop_keys: Vec<Operation>,
    drop_parts: Vec<Operation>,
    enum_columns: Vec<Operation>,
    tables: Vec<Operation>,
    columns: Vec<Operation>,
    add_parts: Vec<Operation>,
    add_keys: Vec<Operation>,
    drop_columns: Vec<Operation>,
    drop_tables: Vec<Operation>,
    drop_enums: Vec<Operation>,
}

impl Stages {
    fn in_order(self) -> impl Iterator<Item = Operation> {
        [
            self.enums,
            self.drop_keys,
            self.drop_parts,
            // New tables and columns get the enum as it will be.
            self.enum_columns,
            self.tables,
            self.columns,
            self.add_parts,
            self.add_keys,
            self.drop_columns,
            self.drop_tables,
            self.drop_enums,
        ]
        .into_iter()
        .flatten()
    }
}

struct Plan<'a> {
    from: &'a Snapshot,
    to: &'a Snapshot,
    fills: &'a Fills,
    /// Enums that are made anew.
    replaced: BTreeSet<&'a str>,
    stages: Stages,
}

impl Plan<'_> {
    /// Whether a view or a trigger with this text has to go while columns change.
    fn disturbs(&self, changes: &Changes<'_>, text: &str) -> bool {
        let of_enum = self.replaced.iter().any(|name| {
            let columns = self.columns_of(name);
            mentions(text, name) || columns.iter().any(|it| mentions(text, &it.table))
        });
        of_enum
            || changes.changed.iter().any(|it| {
                let retyped = it.altered.iter().any(|it| it.data_type() || it.generated());
                (retyped || !it.dropped.is_empty()) && mentions(text, it.name)
            })
            || changes.dropped.iter().any(|it| mentions(text, it))
    }
}
