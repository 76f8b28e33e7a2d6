//! Keys from table to table, also in circles.

use fastrand::Rng;
use sea_orm_migration::prelude::ForeignKeyAction;

use super::model::{Column, ForeignKey, Id, Schema};
use super::{chance, pick};

impl Schema {
    /// On columns that it adds. The target is the table itself or one further up, or any if NULL is a value.
    pub(super) fn add_foreign_key(&mut self, rng: &mut Rng, table: Id) -> bool {
        let place = self.place(table);
        let target = self.tables[rng.usize(0..=place)].id;
        let nullable = target == table || chance(rng, 60);
        self.add_foreign_key_to(rng, table, target, nullable)
    }

    fn add_foreign_key_to(&mut self, rng: &mut Rng, table: Id, target: Id, nullable: bool) -> bool {
        let id = self.id();
        let parent = self.table(target).expect("it is in the schema").clone();
        let uniques = parent.uniques.iter().map(|it| it.columns.clone());
        // A key that may itself be NULL has no row to promise.
        let is_sure = |it: &Vec<Id>| {
            let mut columns = it.iter().filter_map(|id| parent.column(*id));
            !columns.any(|it| it.nullable && parent.is_child(it.id))
        };
        let ends: Vec<_> = uniques
            .filter(is_sure)
            .chain([parent.key.clone()])
            .collect();
        let target_columns = pick(rng, &ends);
        let mut columns = Vec::new();
        for end in &target_columns {
            let end = parent.column(*end).expect("it is in the table").clone();
            let column = Column {
                id: self.id(),
                name: format!("{}_of_{id}", end.name),
                nullable,
                default: None,
                is_numbered: false,
                comment: None,
                ..end
            };
            columns.push(column.id);
            self.table_mut(table).columns.push(column);
        }
        let (on_update, on_delete) = (action(rng, nullable), action(rng, nullable));
        let has_name = chance(rng, 70);
        let table = self.table_mut(table);
        table.foreign_keys.push(ForeignKey {
            name: has_name.then(|| format!("{}_f{id}", table.name)),
            columns,
            target,
            target_columns,
            on_update,
            on_delete,
        });
        true
    }

    /// A key from a table further up to one further down.
    pub(super) fn close_circle(&mut self, rng: &mut Rng) -> bool {
        let last = self.tables.len() - 1;
        if last == 0 {
            return false;
        }
        let from = rng.usize(0..last);
        let (table, target) = (
            self.tables[from].id,
            self.tables[rng.usize(from + 1..=last)].id,
        );
        self.add_foreign_key_to(rng, table, target, true)
    }
}

pub(super) fn action(rng: &mut Rng, nullable: bool) -> Option<ForeignKeyAction> {
    match rng.u32(0..7) {
        0 => Some(ForeignKeyAction::Restrict),
        1 => Some(ForeignKeyAction::Cascade),
        2 => Some(ForeignKeyAction::NoAction),
        3 if nullable => Some(ForeignKeyAction::SetNull),
        4 if nullable => Some(ForeignKeyAction::SetDefault),
        _ => None,
    }
}
