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
            let name = format!("{bare}_{}_fkey", key.columns.join("_"));
            give(&mut key.name, &name, &mut taken);
        }
        let columns: Vec<_> = table.columns.iter().map(|it| it.name.clone()).collect();
        for check in &mut table.checks {
            let used = columns.iter().filter(|it| mentions(&check.expression, it));
            let used: Vec<_> = used.map(String::as_str).collect();
            let name = match used.as_slice() {
                [only] => format!("{bare}_{only}_check"),
                _ => format!("{bare}_check"),
            };
            give(&mut check.name, &name, &mut taken);
        }
    }
}

fn indexes(bare: &str, table: &mut Table, keep_constraints: bool) {
    let mut taken = BTreeSet::new();
    for index in &mut table.indexes {
        let nameless = index.name.starts_with("sqlite_autoindex_");
        if nameless {
            index.name.clear();
        }
        if nameless || (!keep_constraints && index.deferrable == Deferrable::No) {
            index.is_constraint = false;
        }
        let columns: Vec<_> = index.parts.iter().map(|it| it.key.text()).collect();
        let name = format!("{bare}_{}_key", columns.join("_"));
        give(&mut index.name, &name, &mut taken);
    }
}

fn give(name: &mut String, new: &str, taken: &mut BTreeSet<String>) {
    if name.is_empty() {
        let base = shortened(new, LONGEST);
        let mut number = 0;
        base.clone_into(name);
        while taken.contains(name) {
            number += 1;
            let number = number.to_string();
            *name = format!("{}{number}", shortened(new, LONGEST - number.len()));
        }
    }
    taken.insert(name.clone());
}

/// Bytes that PostgreSQL keeps of a name.
const LONGEST: usize = 63;

fn shortened(name: &str, longest: usize) -> &str {
    let mut end = name.len().min(longest);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}
