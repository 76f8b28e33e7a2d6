//! Indexes.

use super::{Sql, deferrable, list, name};
use crate::catalog::{Index, Key, Part};

impl Sql {
    pub(super) fn create_index(&self, table: &str, index: &Index) -> String {
        let parts: Vec<_> = index.parts.iter().map(part).collect();
        let parts = parts.join(", ");
        let mut tail = String::new();
        if !index.included.is_empty() {
            tail = format!(" INCLUDE ({})", list(&index.included));
        }
        let distinct = if index.nulls_not_distinct {
            " NULLS NOT DISTINCT"
        } else {
            ""
        };
        let (table, index_name) = (self.table(table), name(&index.name));
        if index.is_constraint {
            let when = deferrable(index.deferrable);
            return format!(
                "ALTER TABLE {table} ADD CONSTRAINT {index_name} UNIQUE{distinct} ({parts}){tail}{when}"
            );
        }
        let unique = if index.unique { "UNIQUE " } else { "" };
        let method = match index.method.as_str() {
            "btree" => String::new(),
            method => format!(" USING {method}"),
        };
        let predicate = index.predicate.as_ref().map(|it| format!(" WHERE {it}"));
        let predicate = predicate.unwrap_or_default();
        format!(
            "CREATE {unique}INDEX {index_name} ON {table}{method} ({parts}){tail}{distinct}{predicate}"
        )
    }
}

fn part(part: &Part) -> String {
    let mut words = vec![match &part.key {
        Key::Column(column) => name(column),
        Key::Expression(sql) if sql.starts_with('(') && sql.ends_with(')') => sql.clone(),
        Key::Expression(sql) => format!("({sql})"),
    }];
    words.extend(
        part.collation
            .as_ref()
            .map(|it| format!("COLLATE {}", name(it))),
    );
    words.extend(part.operator_class.clone());
    if part.descending {
        words.push("DESC".to_owned());
    }
    if part.nulls_reversed {
        let end = if part.descending { "LAST" } else { "FIRST" };
        words.push(format!("NULLS {end}"));
    }
    words.join(" ")
}
