//! Every constraint gets a name, so that the way back can speak of it; where nobody gave one, that which PostgreSQL
//! would have given.

use std::collections::BTreeSet;

use super::order::mentions;
use crate::catalog::{Catalog, Deferrable, Table};

/// What entities ask to be unique becomes an index: both engines can add and drop that. A constraint it stays where only
/// a constraint can do what it does, or where `keep_constraints`.
pub(crate) fn give_names(catalog: &mut Catalog, keep_constraints: bool) {
    for (name, table) in &mut catalog.tables {
        let bare = name.rsplit('.').next().unwrap_or(name);
        indexes(bare, table, keep_constraints);
        let mut taken = BTreeSet::new();
        for key in &mut table.foreign_keys {
            give(
                &mut key.name,
                bare,
                &key.columns.join("_"),
                "fkey",
                &mut taken,
            );
        }
        let columns: Vec<_> = table.columns.iter().map(|it| it.name.clone()).collect();
        for check in &mut table.checks {
            let used = columns.iter().filter(|it| mentions(&check.expression, it));
            let used: Vec<_> = used.map(String::as_str).collect();
            let column = match used.as_slice() {
                [only] => only,
                _ => "",
            };
            give(&mut check.name, bare, column, "check", &mut taken);
        }
        // In one order on all engines, so that what is the same can be said once.
        table
            .indexes
            .sort_by(|one, other| one.name.cmp(&other.name));
        table.checks.sort_by(|one, other| one.name.cmp(&other.name));
        let keys = &mut table.foreign_keys;
        keys.sort_by(|one, other| one.name.cmp(&other.name));
    }
}

fn indexes(bare: &str, table: &mut Table, keep_constraints: bool) {
    let mut taken = BTreeSet::new();
    for index in &mut table.indexes {
        if index.name.starts_with("sqlite_autoindex_") {
            index.name.clear();
        }
        if !keep_constraints && index.deferrable == Deferrable::No {
            index.is_constraint = false;
        }
        let columns: Vec<_> = index.parts.iter().map(|it| it.key.text()).collect();
        give(&mut index.name, bare, &columns.join("_"), "key", &mut taken);
    }
}

fn give(name: &mut String, table: &str, columns: &str, kind: &str, taken: &mut BTreeSet<String>) {
    if name.is_empty() {
        *name = made_of(table, columns, kind);
        let mut number = 0;
        while taken.contains(name) {
            number += 1;
            *name = made_of(table, columns, &format!("{kind}{number}"));
        }
    }
    taken.insert(name.clone());
}

/// Bytes that PostgreSQL keeps of a name.
const LONGEST: usize = 63;

/// What is too long loses its end: first the longer one of the two.
fn made_of(table: &str, columns: &str, kind: &str) -> String {
    let separators = if columns.is_empty() { 1 } else { 2 };
    let room = LONGEST - kind.len() - separators;
    let (mut left, mut right) = (table.len(), columns.len());
    while left + right > room {
        if left > right {
            left -= 1;
        } else {
            right -= 1;
        }
    }
    let (table, columns) = (shortened(table, left), shortened(columns, right));
    if columns.is_empty() {
        format!("{table}_{kind}")
    } else {
        format!("{table}_{columns}_{kind}")
    }
}

fn shortened(name: &str, longest: usize) -> &str {
    let mut end = name.len().min(longest);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_postgresql_would_give() {
        let long = "a".repeat(60);
        assert_eq!(made_of("shop", "name", "key"), "shop_name_key");
        assert_eq!(made_of("shop", "", "check"), "shop_check");
        assert_eq!(made_of(&long, "name", "key").len(), LONGEST);
        assert_eq!(
            made_of(&long, &long, "check1"),
            format!("{}_{}_check1", &long[..28], &long[..27])
        );
    }
}
