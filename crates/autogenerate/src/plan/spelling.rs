//! PostgreSQL tells expressions in its own words. Where SQLite has the same part by the same name, it tells what somebody
//! wrote; if that does the same on both, it is said once for both. SQLite knows no names of the foreign keys that SeaORM makes.

use crate::catalog::{Catalog, Key};

/// Takes over what `other` says of parts with the same names.
pub(super) fn adopt(catalog: &mut Catalog, other: &Catalog) {
    for (name, table) in &mut catalog.tables {
        let Some(other) = other.tables.get(name) else {
            continue;
        };
        for check in &mut table.checks {
            if let Some(other) = other.checks.iter().find(|it| it.name == check.name) {
                check.expression.clone_from(&other.expression);
            }
        }
        for index in &mut table.indexes {
            let Some(other) = other.indexes.iter().find(|it| it.name == index.name) else {
                continue;
            };
            if index.predicate.is_some() && other.predicate.is_some() {
                index.predicate.clone_from(&other.predicate);
            }
            for (part, other) in index.parts.iter_mut().zip(&other.parts) {
                if let (Key::Expression(_), Key::Expression(_)) = (&part.key, &other.key) {
                    part.key = other.key.clone();
                }
            }
        }
        for key in &mut table.foreign_keys {
            let mut keys = other.foreign_keys.iter();
            if let Some(other) =
                keys.find(|it| it.columns == key.columns && it.target == key.target)
            {
                key.name.clone_from(&other.name);
            }
        }
        for column in &mut table.columns {
            let other = other
                .column(&column.name)
                .and_then(|it| it.generated.as_ref());
            if let (Some(generated), Some(other)) = (&mut column.generated, other) {
                generated.expression.clone_from(&other.expression);
            }
        }
    }
}
