//! What a schema means, whatever its names.

use sea_orm_migration::prelude::ForeignKeyAction;

use super::model::{Form, Id, Schema};

impl Schema {
    /// Without the names of indexes, keys and checks, and in no order: those make no difference.
    pub(super) fn meaning(&self) -> Vec<String> {
        let mut schema = self.clone();
        for table in &mut schema.tables {
            for unique in &mut table.uniques {
                unique.name.clear();
                unique.form = Form::Index;
            }
            table.indexes.iter_mut().for_each(|it| it.name.clear());
            for key in &mut table.foreign_keys {
                key.name = None;
                for action in [&mut key.on_update, &mut key.on_delete] {
                    // To do nothing is what they do where nobody says anything.
                    action.take_if(|it| matches!(it, ForeignKeyAction::NoAction));
                }
            }
            for check in &mut table.checks {
                check.name = None;
                check.of_column = false;
            }
        }
        let mut statements = schema.create();
        statements.sort_unstable();
        statements
    }

    /// The column and all that have its values by a key, near and far.
    pub(super) fn linked(&self, table: Id, column: Id) -> Vec<(Id, Id)> {
        let mut linked = vec![(table, column)];
        let mut at = 0;
        while at < linked.len() {
            let known = linked[at];
            at += 1;
            for table in &self.tables {
                for key in &table.foreign_keys {
                    for (child, parent) in key.columns.iter().zip(&key.target_columns) {
                        let ends = [(table.id, *child), (key.target, *parent)];
                        if ends.contains(&known) {
                            let new = ends
                                .into_iter()
                                .filter(|it| !linked.contains(it))
                                .collect::<Vec<_>>();
                            linked.extend(new);
                        }
                    }
                }
            }
        }
        linked
    }
}
