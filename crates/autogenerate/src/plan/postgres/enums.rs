//! PostgreSQL's enums: they grow in place, and are made anew for anything else.

use std::collections::BTreeSet;

use super::Plan;
use crate::plan::diff::Changes;
use crate::plan::fills::Fills;
use crate::plan::operation::{EnumColumn, Operation};
use crate::plan::order::mentions;
use crate::plan::sql::literal;
use crate::snapshot::Snapshot;

impl Plan<'_> {
    pub(super) fn enums(&mut self, changes: &Changes<'_>) {
        for name in schemas(self.to).difference(&schemas(self.from)) {
            let schema = Operation::CreateSchema((*name).to_owned());
            self.stages.enums.push(schema);
        }
        for change in &changes.enums {
            let name = change.name.to_owned();
            match (change.from, change.to) {
                (None, Some(values)) => self.stages.enums.push(Operation::CreateEnum {
                    name,
                    values: values.to_vec(),
                }),
                (Some(_), None) => self.stages.drop_enums.push(Operation::DropEnum { name }),
                (Some(from), Some(to)) if self.replaced.contains(change.name) => {
                    let (from, to) = (from.to_vec(), to.to_vec());
                    let columns = self.columns_of(change.name);
                    let old = format!("{name}__old");
                    self.stages
                        .drop_enums
                        .push(Operation::DropEnum { name: old });
                    let replace = Operation::ReplaceEnum {
                        name,
                        from,
                        to,
                        columns,
                    };
                    self.stages.enum_columns.push(replace);
                }
                (Some(from), Some(to)) => {
                    for (at, value) in to.iter().enumerate() {
                        if from.contains(value) {
                            continue;
                        }
                        // The next one that is there already: those between are added after this one.
                        let before = to[at..].iter().find(|it| from.contains(it));
                        self.stages.enums.push(Operation::AddEnumValue {
                            name: name.clone(),
                            value: value.clone(),
                            before: before.cloned(),
                        });
                    }
                }
                (None, None) => {}
            }
        }
    }

    /// Those that have the enum now and keep it.
    pub(super) fn columns_of(&self, name: &str) -> Vec<EnumColumn> {
        let mut columns = Vec::new();
        for (table_name, table) in &self.from.raw.tables {
            let Some(to) = self.to.raw.tables.get(table_name) else {
                continue;
            };
            for column in &table.columns {
                let stays = to.column(&column.name);
                let Some(to) = stays.filter(|it| it.data_type == column.data_type) else {
                    continue;
                };
                if is_of(&column.data_type, name) {
                    columns.push(EnumColumn {
                        table: table_name.clone(),
                        column: column.name.clone(),
                        data_type: column.data_type.clone(),
                        old_default: column.default.clone(),
                        default: to.default.clone(),
                    });
                }
            }
        }
        columns
    }
}

/// Those that lose a value or change their order, and those of which a new value is used at once: PostgreSQL does not
/// let a transaction use a value that it has added.
pub(super) fn replaced<'a>(
    changes: &Changes<'a>,
    to: &Snapshot,
    fills: &Fills,
) -> BTreeSet<&'a str> {
    let mut replaced = BTreeSet::new();
    for change in &changes.enums {
        if let (Some(from), Some(to_values)) = (change.from, change.to) {
            let kept: Vec<_> = to_values.iter().filter(|it| from.contains(it)).collect();
            let grows =
                kept.len() == from.len() && kept.iter().zip(from).all(|(one, other)| *one == other);
            let mut new = to_values.iter().filter(|it| !from.contains(it));
            if !grows
                || new
                    .any(|it| is_used(it, change.name, to) || is_given(it, change.name, to, fills))
            {
                replaced.insert(change.name);
            }
        }
    }
    replaced
}

/// To rows of a table that has the enum.
fn is_given(value: &str, name: &str, schema: &Snapshot, fills: &Fills) -> bool {
    fills.given.iter().any(|((table, _), fill)| {
        let columns = schema.raw.tables.get(table).map(|it| it.columns.iter());
        let has_enum = columns
            .into_iter()
            .flatten()
            .any(|it| is_of(&it.data_type, name));
        has_enum && fill.as_ref().is_some_and(|it| it.contains(&literal(value)))
    })
}

fn is_used(value: &str, name: &str, schema: &Snapshot) -> bool {
    // Alone, or in the text of an array.
    let literal = literal(value);
    let value = literal.trim_matches('\'');
    let uses = |sql: &str| mentions(sql, value) && mentions(sql, name);
    let texts = schema
        .raw
        .views
        .values()
        .chain(schema.raw.triggers.values());
    let in_text = texts.map(String::as_str).any(uses);
    in_text
        || schema.raw.tables.values().any(|table| {
            let defaults = table.columns.iter().filter_map(|it| it.default.as_deref());
            let computed = table.columns.iter().filter_map(|it| it.generated.as_ref());
            let computed = computed.map(|it| it.expression.as_str());
            let checks = table.checks.iter().map(|it| it.expression.as_str());
            let keys = table.indexes.iter().flat_map(|it| &it.parts);
            let predicates = table
                .indexes
                .iter()
                .filter_map(|it| it.predicate.as_deref());
            let mut all = defaults.chain(computed).chain(checks).chain(predicates);
            all.any(uses) || keys.map(|it| it.key.text()).any(uses)
        })
}

fn is_of(data_type: &str, name: &str) -> bool {
    let element = data_type.trim_end_matches("[]");
    element == name || element == format!("\"{name}\"")
}

fn schemas(snapshot: &Snapshot) -> BTreeSet<&str> {
    let tables = snapshot.raw.tables.keys();
    let names = tables.chain(snapshot.raw.enums.keys());
    names
        .filter_map(|it| it.split_once('.'))
        .map(|(schema, _)| schema)
        .collect()
}
