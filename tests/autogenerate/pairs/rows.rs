//! Rows that all constraints of two schemas allow, so that one can become the other under them.
//!
//! Row `n` has value `n` in each column, so whatever is or becomes unique is so; a key has the value of a row that its
//! target has, or NULL.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;

use super::model::{Column, ForeignKey, Id, Kind, Schema, Table};
use super::sql::quoted;
use super::{chance, types};

const AT_MOST: usize = 5;

/// The rows of one table: for each column SQL's text of the value, `None` for NULL.
type Row = BTreeMap<Id, Option<String>>;

/// How each schema says it, and what there may be of it.
struct Plan<'a> {
    a: &'a Schema,
    b: &'a Schema,
    counts: BTreeMap<Id, usize>,
}

/// The statements that fill the tables of `a`, all of whose values `b` has room for.
pub(crate) fn rows(rng: &mut Rng, a: &Schema, b: &Schema) -> Vec<String> {
    let counts = a
        .tables
        .iter()
        .map(|it| (it.id, rng.usize(0..=limit(it, a, b))));
    let mut plan = Plan {
        a,
        b,
        counts: counts.collect(),
    };
    plan.lower();
    let mut inserts = Vec::new();
    let mut updates = Vec::new();
    for table in &a.tables {
        for number in 0..plan.counts[&table.id] {
            let row = plan.row(rng, table, number);
            let later = plan.later(table);
            inserts.push(insert(table, &row, &later));
            updates.extend(update(table, &row, &later));
        }
    }
    inserts.extend(updates);
    inserts
}

/// How many rows the table can have, whatever the others have.
fn limit(table: &Table, a: &Schema, b: &Schema) -> usize {
    let Some(other) = b.table(table.id) else {
        // What would become of a stranger's values, nobody knows.
        let has_stranger = b.tables.iter().any(|it| it.name == table.name);
        return if has_stranger { 0 } else { AT_MOST };
    };
    let mut limit = AT_MOST;
    for (one, other) in [(table, other), (other, table)] {
        // What comes (and, on the way back, what goes) has one value for all rows.
        for column in other
            .columns
            .iter()
            .filter(|it| one.column(it.id).is_none())
        {
            let is_constant = !column.nullable || column.default.is_some();
            if is_constant && other.is_unique(column.id) {
                limit = limit.min(1);
            }
            if is_constant && other.is_child(column.id) {
                limit = 0;
            }
        }
    }
    for column in &table.columns {
        let Some(after) = other.column(column.id) else {
            continue;
        };
        let is_lost = !is_convertible(a, &column.kind, b, &after.kind);
        if is_lost && is_required(column.id, table, other) {
            limit = 0;
        }
    }
    limit
}

/// It is NOT NULL before or after, or told apart by it.
fn is_required(column: Id, one: &Table, other: &Table) -> bool {
    let required = |table: &Table| {
        table.column(column).is_some_and(|it| !it.nullable) || table.key.contains(&column)
    };
    required(one) || required(other)
}

impl Plan<'_> {
    /// Until every child that needs a parent has one.
    fn lower(&mut self) {
        loop {
            let mut lowered = false;
            for table in &self.a.tables {
                let mut count = self.counts[&table.id];
                for key in self.keys(table) {
                    let required = key.columns.iter().any(|it| self.requires(table, *it));
                    let parents = self.parents(table, &key);
                    if required && (key.target != table.id || parents == 0) {
                        // Each row has a parent of its own where it must be unique; any parent will do elsewhere.
                        let shared = !key.columns.iter().any(|it| self.is_unique(table, *it));
                        count = if shared && parents > 0 {
                            count
                        } else {
                            count.min(parents)
                        };
                    }
                }
                lowered |= count < self.counts[&table.id];
                self.counts.insert(table.id, count);
            }
            if !lowered {
                return;
            }
        }
    }

    /// Those before and those after.
    fn keys(&self, table: &Table) -> Vec<ForeignKey> {
        let after = self.b.table(table.id);
        let after = after.into_iter().flat_map(|it| &it.foreign_keys);
        let after = after.filter(|it| it.columns.iter().all(|id| table.column(*id).is_some()));
        table.foreign_keys.iter().chain(after).cloned().collect()
    }

    /// How many rows the target has for the key, there and back. What goes comes back without its rows, and what
    /// becomes of another type has no values for a key.
    fn parents(&self, table: &Table, key: &ForeignKey) -> usize {
        let Some(target) = self.a.table(key.target) else {
            return 0;
        };
        let ends = [(table, &key.columns), (target, &key.target_columns)];
        let stays = self.b.table(table.id).is_some();
        let is_sure = ends.into_iter().all(|(table, columns)| {
            let after = self.b.table(table.id);
            columns.iter().all(|id| match (table.column(*id), after) {
                (Some(one), Some(after)) => {
                    after.column(*id).map_or(!stays, |it| is_alike(one, it))
                }
                (Some(_), None) => !stays,
                (None, _) => false,
            })
        });
        if is_sure { self.counts[&target.id] } else { 0 }
    }

    fn requires(&self, table: &Table, column: Id) -> bool {
        is_required(column, table, self.b.table(table.id).unwrap_or(table))
    }

    fn is_unique(&self, table: &Table, column: Id) -> bool {
        let after = self.b.table(table.id);
        table.is_unique(column) || after.is_some_and(|it| it.is_unique(column))
    }

    fn row(&self, rng: &mut Rng, table: &Table, number: usize) -> Row {
        let mut row = Row::new();
        for key in self.keys(table) {
            if key.columns.iter().all(|it| row.contains_key(it)) {
                continue;
            }
            let parent = self.parent(rng, table, &key, number);
            for id in &key.columns {
                let column = table.column(*id).expect("it is in the table");
                let value = parent.map(|it| self.a.literal(&column.kind, it, false));
                row.insert(*id, value);
            }
        }
        for column in &table.columns {
            let value = || self.value(rng, table, column, number);
            row.entry(column.id).or_insert_with(value);
        }
        row
    }

    /// The number of the row that the key is about.
    fn parent(
        &self,
        rng: &mut Rng,
        table: &Table,
        key: &ForeignKey,
        number: usize,
    ) -> Option<usize> {
        let required = key.columns.iter().any(|it| self.requires(table, *it));
        if !required && chance(rng, 25) {
            return None;
        }
        let parents = self.parents(table, key);
        // The row itself, or one that is there already.
        let parents = if key.target == table.id {
            parents.min(number + 1)
        } else {
            parents
        };
        if key.columns.iter().any(|it| self.is_unique(table, *it)) {
            return (number < parents).then_some(number);
        }
        (parents > 0).then(|| rng.usize(0..parents))
    }

    fn value(
        &self,
        rng: &mut Rng,
        table: &Table,
        column: &Column,
        number: usize,
    ) -> Option<String> {
        let after = self.b.table(table.id).and_then(|it| it.column(column.id));
        let may_be_null = column.nullable && !table.key.contains(&column.id);
        // A NULL that has to go becomes one value for all rows.
        let unique = self.is_unique(table, column.id);
        let changes = after.is_some_and(|it| !it.nullable && (unique || it.kind != column.kind));
        let is_end = self.is_end(table, column);
        if may_be_null && !changes && !is_end && chance(rng, 25) {
            return None;
        }
        let Some(after) = after else {
            return Some(self.a.literal(&column.kind, number, !is_end));
        };
        if !is_convertible(self.a, &column.kind, self.b, &after.kind) {
            return None;
        }
        match (&column.kind, &after.kind) {
            (Kind::Plain(one), Kind::Plain(other))
                if types::is_text(one) && !types::is_text(other) =>
            {
                let literal = super::values::literal(self.a.engine, other, number, false);
                Some(super::sql::text(
                    literal.trim_start_matches(['B', 'X']).trim_matches('\''),
                ))
            }
            (Kind::Enum(_) | Kind::EnumArray(_), _) => {
                let common = self.common(&column.kind);
                let value = common.get(number % common.len().max(1))?;
                let is_array = matches!(column.kind, Kind::EnumArray(_));
                Some(super::sql::text(&if is_array {
                    format!("{{\"{value}\"}}")
                } else {
                    value.clone()
                }))
            }
            (one, other) => {
                let rich = one == other && !is_end;
                Some(self.a.literal(one, number, rich))
            }
        }
    }

    /// Of a key, which has its value, plainly.
    fn is_end(&self, table: &Table, column: &Column) -> bool {
        let mut all = self.a.tables.iter().chain(&self.b.tables);
        all.any(|it| {
            let mut keys = it.foreign_keys.iter();
            keys.any(|it| it.target == table.id && it.target_columns.contains(&column.id))
        })
    }

    /// The values of an enum before and after.
    fn common(&self, kind: &Kind) -> Vec<String> {
        common(self.a, self.b, kind)
    }

    /// The columns of keys whose targets are further down.
    fn later(&self, table: &Table) -> BTreeSet<Id> {
        let place = self.a.place(table.id);
        let later = table
            .foreign_keys
            .iter()
            .filter(|it| self.a.place(it.target) > place);
        later.flat_map(|it| it.columns.clone()).collect()
    }
}

fn common(a: &Schema, b: &Schema, kind: &Kind) -> Vec<String> {
    let id = kind.enumeration().expect("it is an enum");
    let after = b.enums.iter().find(|it| it.id == id);
    let stays = |it: &&String| after.is_none_or(|after| after.values.contains(it));
    a.enumeration(id)
        .values
        .iter()
        .filter(stays)
        .cloned()
        .collect()
}

/// Whether both write a value alike.
fn is_alike(one: &Column, other: &Column) -> bool {
    match (&one.kind, &other.kind) {
        (Kind::Plain(one), Kind::Plain(other)) => {
            one == other
                || (types::is_number(one) && types::is_number(other))
                || (types::is_text(one) && types::is_text(other))
        }
        (one, other) => one == other,
    }
}

/// Whether a value of the one type can become one of the other and come back.
fn is_convertible(a: &Schema, one: &Kind, b: &Schema, other: &Kind) -> bool {
    match (one, other) {
        (Kind::Plain(one), Kind::Plain(other)) => {
            let (old, new) = (
                types::spelled(a.engine, one),
                types::spelled(a.engine, other),
            );
            old == new
                || (types::is_number(one) && types::is_number(other))
                || types::is_long_text(one)
                || types::is_long_text(other)
                || (types::is_text(one) && types::is_text(other))
                || types::is_grown(one, other)
        }
        _ => one == other && !common(a, b, one).is_empty(),
    }
}

fn insert(table: &Table, row: &Row, later: &BTreeSet<Id>) -> String {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for column in &table.columns {
        names.push(quoted(&column.name));
        let value = row[&column.id]
            .clone()
            .filter(|_| !later.contains(&column.id));
        values.push(value.unwrap_or_else(|| "NULL".to_owned()));
    }
    let (names, values) = (names.join(", "), values.join(", "));
    format!(
        "INSERT INTO {} ({names}) VALUES ({values})",
        quoted(&table.name)
    )
}

fn update(table: &Table, row: &Row, later: &BTreeSet<Id>) -> Option<String> {
    let equal = |id: &Id| {
        let name = quoted(&table.column(*id)?.name);
        let value = row[id].as_ref()?;
        Some(format!("{name} = {value}"))
    };
    let values: Vec<_> = later.iter().filter_map(equal).collect();
    let key: Vec<_> = table.key.iter().filter_map(equal).collect();
    let (table, values, key) = (quoted(&table.name), values.join(", "), key.join(" AND "));
    (!values.is_empty()).then(|| format!("UPDATE {table} SET {values} WHERE {key}"))
}
