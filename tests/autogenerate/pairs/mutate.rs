//! What somebody does to a schema between two migrations.

use fastrand::Rng;
use sea_orm_migration::prelude::ColumnType;
use support::Engine;

use super::circles::action;
use super::model::{Column, Form, Id, Kind, Schema, Table};
use super::random::default;
use super::{chance, pick, types};

type Change = fn(&mut Schema, &mut Rng, Id) -> bool;

/// Each says whether it found something to change in the table.
const CHANGES: [Change; 22] = [
    add_column,
    drop_column,
    widen,
    narrow,
    retype,
    change_nullability,
    change_default,
    rename_column,
    add_table,
    drop_table,
    rename_table,
    change_key,
    |schema, rng, table| schema.add_foreign_key(rng, table),
    |schema, rng, _| schema.close_circle(rng),
    change_foreign_key,
    |schema, rng, table| schema.add_unique(rng, table),
    |schema, rng, table| schema.add_index(rng, table),
    |schema, rng, table| schema.add_check(rng, table),
    drop_part,
    change_index,
    change_enum,
    change_words,
];

impl Schema {
    /// The same after one to six changes.
    pub(crate) fn mutated(&self, rng: &mut Rng) -> Self {
        loop {
            let mut schema = self.clone();
            let mut left = rng.usize(1..=6);
            while left > 0 {
                let table = pick(rng, &schema.tables).id;
                if pick(rng, &CHANGES)(&mut schema, rng, table) {
                    left -= 1;
                }
                schema.remove_idle_enums();
            }
            // A later change may take an earlier one back.
            if schema.meaning() != self.meaning() {
                return schema;
            }
        }
    }
}

fn any_column<'a>(
    rng: &mut Rng,
    table: &'a Table,
    fits: impl Fn(&Column) -> bool,
) -> Option<&'a Column> {
    let fit: Vec<_> = table.columns.iter().filter(|it| fits(it)).collect();
    (!fit.is_empty()).then(|| pick(rng, &fit))
}

/// A column that is not in the primary key.
fn any_value(schema: &Schema, rng: &mut Rng, table: Id) -> Option<Column> {
    let table = schema.table(table)?;
    any_column(rng, table, |it| !table.key.contains(&it.id)).cloned()
}

fn add_column(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let column = schema.new_column(rng);
    let table = schema.table_mut(table);
    // SeaORM makes them in the order of the entity.
    let at = rng.usize(0..=table.columns.len());
    table.columns.insert(at, column);
    true
}

fn drop_column(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let Some(column) = any_value(schema, rng, table) else {
        return false;
    };
    schema.remove_column(table, column.id);
    true
}

fn widen(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    grow(schema, rng, table, types::wider)
}

fn narrow(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    grow(schema, rng, table, types::narrower)
}

/// With all columns that hold its values: PostgreSQL wants comparable types at both ends of a key.
fn grow(
    schema: &mut Schema,
    rng: &mut Rng,
    table: Id,
    into: fn(&mut Rng, &ColumnType) -> Option<ColumnType>,
) -> bool {
    let column = pick(
        rng,
        &schema.table(table).expect("it is in the schema").columns,
    )
    .clone();
    let Kind::Plain(old) = &column.kind else {
        return false;
    };
    let Some(new) = into(rng, old) else {
        return false;
    };
    let linked = schema.linked(table, column.id);
    // What is numbered is an INTEGER on SQLite, and no TinyInteger anywhere.
    let all = linked
        .iter()
        .map(|(table, id)| schema.table(*table).and_then(|it| it.column(*id)));
    let is_numbered = all.flatten().any(|it| it.is_numbered);
    let fits = match schema.engine {
        Engine::Sqlite => matches!(new, ColumnType::Integer | ColumnType::BigInteger),
        Engine::Postgres => new != ColumnType::TinyInteger,
    };
    if types::spelled(schema.engine, old) == types::spelled(schema.engine, &new)
        || is_numbered && !fits
    {
        return false;
    }
    for (table, id) in linked {
        schema.table_mut(table).column_mut(id).kind = Kind::Plain(new.clone());
    }
    true
}

/// To one that has nothing to do with the old one. What was said about its values goes.
fn retype(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let Some(column) = any_value(schema, rng, table) else {
        return false;
    };
    let kind = schema.kind(rng);
    let spelled = |kind: &Kind| types::spelled(schema.engine, &schema.column_type(kind));
    if spelled(&kind) == spelled(&column.kind) || schema.linked(table, column.id).len() > 1 {
        return false;
    }
    let has_many = matches!(&kind, Kind::Plain(it) if types::has_many_values(it));
    let table = schema.table_mut(table);
    if table.is_unique(column.id) && !has_many {
        return false;
    }
    let is_ordered = !matches!(&kind, Kind::Plain(it) if !types::is_ordered(it));
    table.remove_expressions(column.id, |text| text != "{0}" || !is_ordered);
    let column = table.column_mut(column.id);
    column.default = column.default.map(|_| default(rng, &kind));
    column.collation = None;
    column.kind = kind;
    true
}

fn change_nullability(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let Some(column) = any_value(schema, rng, table) else {
        return false;
    };
    let place = schema.place(table);
    let keys = &schema
        .table(table)
        .expect("it is in the schema")
        .foreign_keys;
    let mut keys = keys.iter().filter(|it| it.columns.contains(&column.id));
    // Rows of a circle come one after the other.
    if keys.any(|it| schema.place(it.target) >= place) {
        return false;
    }
    schema.table_mut(table).column_mut(column.id).nullable = !column.nullable;
    true
}

fn change_default(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let Some(column) = any_value(schema, rng, table) else {
        return false;
    };
    // The default of a key would have to be a row of its target.
    if schema.table(table).is_some_and(|it| it.is_child(column.id)) {
        return false;
    }
    let new = chance(rng, 60).then(|| default(rng, &column.kind));
    let literal = |it| match it {
        Some(super::model::Default::Value(number)) => schema.literal(&column.kind, number, false),
        Some(super::model::Default::Now) => "now".to_owned(),
        None => String::new(),
    };
    if literal(new) == literal(column.default) {
        return false;
    }
    schema.table_mut(table).column_mut(column.id).default = new;
    true
}

fn rename_column(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let column = pick(
        rng,
        &schema.table(table).expect("it is in the schema").columns,
    )
    .id;
    let id = schema.id();
    let name = pick(rng, &["new", "New name", "größer"]);
    schema.table_mut(table).column_mut(column).name = format!("{name}{id}");
    true
}

fn add_table(schema: &mut Schema, rng: &mut Rng, _: Id) -> bool {
    schema.add_table(rng);
    true
}

fn drop_table(schema: &mut Schema, _: &mut Rng, table: Id) -> bool {
    if schema.tables.len() == 1 {
        return false;
    }
    schema.remove_table(table);
    true
}

fn rename_table(schema: &mut Schema, _: &mut Rng, table: Id) -> bool {
    let id = schema.id();
    let name = format!("{}renamed{id}", schema.prefix);
    schema.table_mut(table).name = name;
    true
}

/// To columns that are there, or to others in their order.
fn change_key(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let found = schema.table(table).expect("it is in the schema");
    let old = found.key.clone();
    if schema.is_referenced(table, &old) && !found.uniques.iter().any(|it| it.columns == old) {
        return false;
    }
    let fits = |it: &Column| !it.nullable && it.has_many_values() && !old.contains(&it.id);
    let Some(column) = any_column(rng, found, fits).map(|it| it.id) else {
        return false;
    };
    let table = schema.table_mut(table);
    if chance(rng, 50) {
        table.key = vec![column];
    } else {
        table.key.insert(0, column);
    }
    for id in old {
        table.column_mut(id).is_numbered = false;
    }
    let key = table.key.clone();
    table.uniques.retain(|it| it.columns != key);
    true
}

fn change_foreign_key(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let table = schema.table_mut(table);
    if table.foreign_keys.is_empty() {
        return false;
    }
    let at = rng.usize(0..table.foreign_keys.len());
    let mut key = table.foreign_keys[at].clone();
    let nullable = key
        .columns
        .iter()
        .all(|id| table.column(*id).is_some_and(|it| it.nullable));
    key.on_delete = action(rng, nullable);
    key.on_update = action(rng, nullable);
    table.foreign_keys[at] = key;
    true
}

/// An index, a unique, a key or a check.
fn drop_part(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let found = schema.table_mut(table);
    let kind = rng.u32(0..4);
    let count = match kind {
        0 => found.uniques.len(),
        1 => found.indexes.len(),
        2 => found.foreign_keys.len(),
        _ => found.checks.len(),
    };
    if count == 0 {
        return false;
    }
    let at = rng.usize(0..count);
    match kind {
        0 => schema.remove_unique(table, at),
        1 => drop(found.indexes.remove(at)),
        2 => drop(found.foreign_keys.remove(at)),
        _ => drop(found.checks.remove(at)),
    }
    true
}

/// Its order, its predicate or its form, under its name.
fn change_index(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let table = schema.table_mut(table);
    if chance(rng, 30) && !table.uniques.is_empty() {
        let at = rng.usize(0..table.uniques.len());
        let unique = &mut table.uniques[at];
        // Both engines tell the rows of both forms apart by an index.
        unique.form = if unique.form == Form::Index {
            Form::OfTable
        } else {
            Form::Index
        };
        return false;
    }
    if table.indexes.is_empty() {
        return false;
    }
    let at = rng.usize(0..table.indexes.len());
    let index = &mut table.indexes[at];
    if index.predicate.take().is_none() {
        let at = rng.usize(0..index.parts.len());
        let part = &mut index.parts[at];
        part.descending = !part.descending;
    }
    true
}

/// Its values are only known to PostgreSQL.
fn change_enum(schema: &mut Schema, rng: &mut Rng, _: Id) -> bool {
    if schema.engine == Engine::Sqlite || schema.enums.is_empty() {
        return false;
    }
    let id = schema.id();
    let at = rng.usize(0..schema.enums.len());
    let found = &mut schema.enums[at];
    let count = found.values.len();
    match rng.u32(0..4) {
        0 => found.values.push(format!("last {id}")),
        1 => found
            .values
            .insert(rng.usize(0..count), format!("it's {id}")),
        2 if count > 1 => drop(found.values.remove(rng.usize(0..count))),
        _ => found.values.reverse(),
    }
    true
}

/// A comment or a collation.
fn change_words(schema: &mut Schema, rng: &mut Rng, table: Id) -> bool {
    let Some(column) = any_value(schema, rng, table) else {
        return false;
    };
    let collation = schema.collation(&column.kind);
    let (of_table, of_column) = (schema.comment(rng), schema.comment(rng));
    let links = schema.linked(table, column.id).len();
    let found = schema.table_mut(table);
    if chance(rng, 50) {
        let changes = found.comment != of_table || column.comment != of_column;
        found.comment = of_table;
        found.column_mut(column.id).comment = of_column;
        return changes;
    }
    if collation.is_none() || links > 1 {
        return false;
    }
    let found = found.column_mut(column.id);
    found.collation = if found.collation.is_some() {
        None
    } else {
        collation
    };
    true
}
