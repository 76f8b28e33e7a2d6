//! The operations of PostgreSQL, in the order in which it takes them.

use std::collections::BTreeSet;

use super::diff::{Altered, Changes, TableChange};
use super::fills::Fills;
use super::operation::{EnumColumn, Operation};
use super::order::{mentions, parents_first};
use super::texts::{Texts, texts};
use crate::catalog::{Column, ForeignKey, Table};
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
        replaced: replaced(changes, to),
        stages: Stages::default(),
    };
    plan.enums(changes);
    plan.create(changes);
    for change in &changes.changed {
        plan.change(change)?;
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

/// Those that lose a value or change their order, and those of which a new value is used at once: PostgreSQL does not
/// let a transaction use a value that it has added.
fn replaced<'a>(changes: &Changes<'a>, to: &Snapshot) -> BTreeSet<&'a str> {
    let mut replaced = BTreeSet::new();
    for change in &changes.enums {
        if let (Some(from), Some(to_values)) = (change.from, change.to) {
            let kept: Vec<_> = to_values.iter().filter(|it| from.contains(it)).collect();
            let grows =
                kept.len() == from.len() && kept.iter().zip(from).all(|(one, other)| *one == other);
            let mut new = to_values.iter().filter(|it| !from.contains(it));
            if !grows || new.any(|it| is_used(it, change.name, to)) {
                replaced.insert(change.name);
            }
        }
    }
    replaced
}

fn is_used(value: &str, name: &str, schema: &Snapshot) -> bool {
    let literal = format!("'{}'::", value.replace('\'', "''"));
    let uses = |sql: &str| sql.contains(&literal) && mentions(sql, name);
    schema.raw.tables.values().any(|table| {
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

impl Plan<'_> {
    fn enums(&mut self, changes: &Changes<'_>) {
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
    fn columns_of(&self, name: &str) -> Vec<EnumColumn> {
        let mut columns = Vec::new();
        for (table_name, table) in &self.from.raw.tables {
            let Some(to) = self.to.raw.tables.get(table_name) else {
                continue;
            };
            for column in &table.columns {
                let stays = to.column(&column.name);
                let stays = stays.is_some_and(|it| it.data_type == column.data_type);
                if stays && is_of(&column.data_type, name) {
                    columns.push(EnumColumn {
                        table: table_name.clone(),
                        column: column.name.clone(),
                        data_type: column.data_type.clone(),
                        default: column.default.clone(),
                    });
                }
            }
        }
        columns
    }

    fn create(&mut self, changes: &Changes<'_>) {
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

    fn change(&mut self, change: &TableChange<'_>) -> Result<(), Error> {
        let table = || change.name.to_owned();
        if change.options {
            self.options(change)?;
        }
        self.parts(change);
        if change.primary_key && !change.from.primary_key.is_empty() {
            self.stages.drop_parts.push(Operation::DropPrimaryKey {
                table: table(),
                name: change.from.primary_key_name.clone(),
                columns: change.from.primary_key.clone(),
            });
        }
        self.columns(change);
        if change.primary_key && !change.to.primary_key.is_empty() {
            self.stages.columns.push(Operation::AddPrimaryKey {
                table: table(),
                columns: change.to.primary_key.clone(),
            });
        }
        if change.comment {
            self.stages.add_keys.push(Operation::Comment {
                table: table(),
                column: None,
                comment: change.to.comment.clone(),
            });
        }
        Ok(())
    }

    fn columns(&mut self, change: &TableChange<'_>) {
        let table = || change.name.to_owned();
        let comment = |column: &Column| Operation::Comment {
            table: table(),
            column: Some(column.name.clone()),
            comment: column.comment.clone(),
        };
        // What is computed of a column stands in its way, and goes before.
        let (computed, plain): (Vec<&Altered<'_>>, Vec<&Altered<'_>>) = change
            .altered
            .iter()
            .partition(|it| it.generated() && it.from.generated.is_some());
        for altered in computed.into_iter().chain(plain) {
            if altered.definition() {
                self.stages.columns.push(Operation::AlterColumn {
                    table: table(),
                    from: altered.from.clone(),
                    to: altered.to.clone(),
                    fill: self.fills.altered(change.name, altered),
                    narrows: altered.narrows(),
                });
            }
            if altered.comment() {
                self.stages.columns.push(comment(altered.to));
            }
        }
        for column in &change.added {
            let add = Operation::AddColumn {
                table: table(),
                column: (*column).clone(),
                key: None,
                fill: self.fills.added(change.name, column),
            };
            self.stages.columns.push(add);
            if column.comment.is_some() {
                self.stages.columns.push(comment(column));
            }
        }
        // Of the computed ones first, which need the others.
        let (computed, plain): (Vec<&Column>, Vec<&Column>) =
            change.dropped.iter().partition(|it| it.generated.is_some());
        for column in computed.into_iter().chain(plain) {
            self.stages.drop_columns.push(Operation::DropColumn {
                table: table(),
                column: column.clone(),
            });
        }
        self.rebuild_computed(change);
    }

    /// PostgreSQL changes no column of which a kept one is computed.
    fn rebuild_computed(&mut self, change: &TableChange<'_>) {
        let retyped: Vec<_> = change.altered.iter().filter(|it| it.data_type()).collect();
        for column in &change.to.columns {
            let is_altered = change
                .altered
                .iter()
                .any(|it| it.to.name == column.name && it.generated());
            let Some(generated) = &column.generated else {
                continue;
            };
            let is_new = change.from.column(&column.name).is_none();
            let touched = retyped
                .iter()
                .any(|it| mentions(&generated.expression, &it.to.name));
            if touched && !is_altered && !is_new {
                let table = || change.name.to_owned();
                self.stages.drop_parts.push(Operation::DropColumn {
                    table: table(),
                    column: column.clone(),
                });
                self.stages.columns.push(Operation::AddColumn {
                    table: table(),
                    column: column.clone(),
                    key: None,
                    fill: None,
                });
            }
        }
    }

    fn parts(&mut self, change: &TableChange<'_>) {
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
            let anew = columns.any(|it| it.generated() && it.to.name == name);
            let column = change.to.column(name).and_then(|it| it.generated.as_ref());
            let mut retyped = change.altered.iter().filter(|it| it.data_type());
            anew || column
                .is_some_and(|it| retyped.any(|other| mentions(&it.expression, &other.to.name)))
        };
        for (old, new) in &change.indexes.kept {
            let texts = || {
                let keys = old.parts.iter().filter_map(|it| match &it.key {
                    crate::catalog::Key::Expression(sql) => Some(sql.as_str()),
                    crate::catalog::Key::Column(_) => None,
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

    /// Those that change, and those that are kept and stand in the way of their columns or of what they refer to.
    fn keys(&mut self, changes: &Changes<'_>) {
        for change in &changes.changed {
            let table = || change.name.to_owned();
            let drop = change
                .keys
                .dropped
                .iter()
                .map(|it| Operation::DropForeignKey {
                    table: table(),
                    key: (*it).clone(),
                });
            self.stages.drop_keys.extend(drop);
            let add = change.keys.added.iter().map(|it| Operation::AddForeignKey {
                table: table(),
                key: (*it).clone(),
            });
            self.stages.add_keys.extend(add);
        }
        for (name, table) in &self.from.raw.tables {
            let change = changes.changed.iter().find(|it| it.name == name);
            let is_dropped = changes.dropped.contains(&name.as_str());
            for key in &table.foreign_keys {
                let is_kept =
                    change.is_none_or(|it| it.keys.kept.iter().any(|(old, _)| *old == key));
                if !is_kept || is_dropped || !disturbs(changes, name, key) {
                    continue;
                }
                self.stages.drop_keys.push(Operation::DropForeignKey {
                    table: name.clone(),
                    key: key.clone(),
                });
                self.stages.add_keys.push(Operation::AddForeignKey {
                    table: name.clone(),
                    key: key.clone(),
                });
            }
        }
    }

    fn drop(&mut self, changes: &Changes<'_>) {
        let mut order = parents_first(&changes.dropped, &self.from.raw.tables);
        order.reverse();
        for (at, name) in order.iter().enumerate() {
            let table = &self.from.raw.tables[*name];
            // Its children are gone by now, but for those in a circle.
            for key in &table.foreign_keys {
                if order[..at].iter().any(|it| *it == key.target) {
                    self.stages.drop_keys.push(Operation::DropForeignKey {
                        table: (*name).to_owned(),
                        key: key.clone(),
                    });
                }
            }
            self.stages.drop_tables.push(Operation::DropTable {
                name: (*name).to_owned(),
                table: table.clone(),
            });
        }
        // A dropped table may still refer to what a surviving one loses.
        for name in &changes.dropped {
            for key in &self.from.raw.tables[*name].foreign_keys {
                let is_cycle = self.stages.drop_keys.iter().any(
                    |it| matches!(it, Operation::DropForeignKey { table, key: other } if table == name && other == key),
                );
                if !is_cycle && disturbs(changes, name, key) {
                    self.stages.drop_keys.push(Operation::DropForeignKey {
                        table: (*name).to_owned(),
                        key: key.clone(),
                    });
                }
            }
        }
    }

    fn options(&mut self, change: &TableChange<'_>) -> Result<(), Error> {
        let others = |table: &Table| {
            let others = table.options.iter().filter(|it| *it != UNLOGGED);
            others.cloned().collect::<Vec<_>>()
        };
        if others(change.from) != others(change.to) {
            return Err(Error::NoWay(format!(
                "PostgreSQL cannot change how the table {} is partitioned",
                change.name
            )));
        }
        self.stages.columns.push(Operation::SetUnlogged {
            table: change.name.to_owned(),
            unlogged: change.to.options.iter().any(|it| it == UNLOGGED),
        });
        Ok(())
    }

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

/// Whether a key cannot stay while the columns at either end change, or what makes its target unique.
fn disturbs(changes: &Changes<'_>, table: &str, key: &ForeignKey) -> bool {
    let retyped = |table: &str, columns: &[String]| {
        let change = changes.changed.iter().find(|it| it.name == table);
        let altered = change.map(|it| it.altered.as_slice()).unwrap_or_default();
        let is_retyped =
            |it: &Altered<'_>| (it.data_type() || it.generated()) && columns.contains(&it.to.name);
        altered.iter().any(is_retyped)
    };
    let same = |one: &[&str], other: &[String]| {
        one.len() == other.len() && one.iter().all(|it| other.iter().any(|other| other == it))
    };
    let target = changes.changed.iter().find(|it| it.name == key.target);
    let loses_unique = target.is_some_and(|it| {
        let old: Vec<_> = it.from.primary_key.iter().map(String::as_str).collect();
        let key_changes = it.primary_key && same(&old, &key.target_columns);
        let rebuilt = it.indexes.kept.iter().map(|(old, _)| *old);
        let mut dropped = it
            .indexes
            .dropped
            .iter()
            .copied()
            .chain(rebuilt.filter(|_| !it.altered.is_empty()));
        key_changes
            || dropped.any(|index| {
                let columns: Vec<_> = index.parts.iter().map(|it| it.key.text()).collect();
                index.unique && same(&columns, &key.target_columns)
            })
    });
    retyped(table, &key.columns) || retyped(&key.target, &key.target_columns) || loses_unique
}

const UNLOGGED: &str = "UNLOGGED";

fn schemas(snapshot: &Snapshot) -> BTreeSet<&str> {
    let tables = snapshot.raw.tables.keys();
    let names = tables.chain(snapshot.raw.enums.keys());
    names
        .filter_map(|it| it.split_once('.'))
        .map(|(schema, _)| schema)
        .collect()
}

fn is_of(data_type: &str, name: &str) -> bool {
    let element = data_type.trim_end_matches("[]");
    element == name || element == format!("\"{name}\"")
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
