//! What has to change, table by table, in no order yet.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Check, Column, ForeignKey, Index, Table};
use crate::compare::{describe, is_wider};
use crate::snapshot::Snapshot;

#[derive(Debug, Default)]
pub(crate) struct Changes<'a> {
    pub enums: Vec<EnumChange<'a>>,
    pub created: Vec<&'a str>,
    pub dropped: Vec<&'a str>,
    pub changed: Vec<TableChange<'a>>,
    /// Tables that stay as they are.
    pub same: Vec<TableChange<'a>>,
    /// Each with its table: they have the names of new ones, which are made before they would go with their tables.
    pub namesakes: Vec<(&'a str, &'a Index)>,
    pub views: TextChanges<'a>,
    pub triggers: TextChanges<'a>,
}

#[derive(Debug)]
pub(crate) struct EnumChange<'a> {
    pub name: &'a str,
    pub from: Option<&'a [String]>,
    pub to: Option<&'a [String]>,
}

/// By name, each with its text.
#[derive(Debug, Default)]
pub(crate) struct TextChanges<'a> {
    pub dropped: Vec<(&'a str, &'a str)>,
    pub created: Vec<(&'a str, &'a str)>,
    /// With the old text.
    pub kept: Vec<(&'a str, &'a str)>,
}

#[derive(Debug)]
pub(crate) struct TableChange<'a> {
    pub name: &'a str,
    pub from: &'a Table,
    pub to: &'a Table,
    pub added: Vec<&'a Column>,
    pub dropped: Vec<&'a Column>,
    pub altered: Vec<Altered<'a>>,
    pub primary_key: bool,
    pub indexes: Parts<'a, Index>,
    pub keys: Parts<'a, ForeignKey>,
    pub checks: Parts<'a, Check>,
    pub comment: bool,
    pub options: bool,
}

/// A column that is there before and after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Altered<'a> {
    pub from: &'a Column,
    pub to: &'a Column,
    /// Both in the one spelling.
    spelled: (&'a Column, &'a Column),
}

#[derive(Debug)]
pub(crate) struct Parts<'a, T> {
    pub dropped: Vec<&'a T>,
    pub added: Vec<&'a T>,
    /// As it is, and as it is wanted: they do the same under names that may differ.
    pub kept: Vec<(&'a T, &'a T)>,
}

impl TableChange<'_> {
    fn is_none(&self) -> bool {
        let columns = self.added.is_empty() && self.dropped.is_empty() && self.altered.is_empty();
        let parts = self.indexes.is_none() && self.keys.is_none() && self.checks.is_none();
        columns && parts && !self.primary_key && !self.comment && !self.options
    }
}

impl Altered<'_> {
    fn differs<T: PartialEq>(&self, of: impl Fn(&Column) -> T) -> bool {
        of(self.spelled.0) != of(self.spelled.1)
    }

    /// Also where it is another collation.
    pub(crate) fn data_type(&self) -> bool {
        self.differs(|it| (it.data_type.clone(), it.collation.clone()))
    }

    pub(crate) fn is_wider(&self) -> bool {
        is_wider(&self.spelled.1.data_type, &self.spelled.0.data_type)
    }

    pub(crate) fn nullable(&self) -> bool {
        self.differs(|it| it.nullable)
    }

    pub(crate) fn generated(&self) -> bool {
        self.differs(|it| it.generated.clone())
    }

    pub(crate) fn comment(&self) -> bool {
        self.differs(|it| it.comment.clone())
    }

    /// Whether anything but the comment is another.
    pub(crate) fn definition(&self) -> bool {
        self.differs(|it| Column {
            comment: None,
            ..it.clone()
        })
    }

    /// Whether not every old value has a place in it.
    pub(crate) fn narrows(&self) -> bool {
        let computed = self.from.generated.is_none() && self.to.generated.is_some();
        computed || !self.is_wider()
    }
}

impl<T> Parts<'_, T> {
    pub(crate) fn is_none(&self) -> bool {
        self.dropped.is_empty() && self.added.is_empty()
    }
}

impl<'a, T> Parts<'a, T> {
    /// One that is kept keeps its name, unless a new one needs it; or one that has got another by that.
    fn rename(&mut self, new: &mut BTreeSet<&'a str>, name: impl Fn(&'a T) -> &'a str) {
        let is_needed = |(old, wanted): &(&'a T, &'a T), new: &BTreeSet<&str>| {
            name(old) != name(wanted) && new.contains(name(old))
        };
        while let Some(at) = self.kept.iter().position(|it| is_needed(it, new)) {
            let (old, wanted) = self.kept.remove(at);
            new.insert(name(wanted));
            self.dropped.push(old);
            self.added.push(wanted);
        }
    }
}

pub(crate) fn changes<'a>(from: &'a Snapshot, to: &'a Snapshot) -> Changes<'a> {
    let mut changes = Changes {
        enums: enums(&from.raw.enums, &to.raw.enums),
        views: texts(
            (&from.raw.views, &from.normal.views),
            (&to.raw.views, &to.normal.views),
        ),
        triggers: texts(
            (&from.raw.triggers, &from.normal.triggers),
            (&to.raw.triggers, &to.normal.triggers),
        ),
        ..Changes::default()
    };
    for (name, table) in &to.raw.tables {
        let Some(old) = from.raw.tables.get(name) else {
            changes.created.push(name);
            continue;
        };
        let (Some(old_normal), Some(normal)) =
            (from.normal.tables.get(name), to.normal.tables.get(name))
        else {
            continue;
        };
        let change = self::table(name, (old, old_normal), (table, normal));
        changes.changed.push(change);
    }
    let gone = from.raw.tables.keys();
    let gone = gone.filter(|it| !to.raw.tables.contains_key(*it));
    changes.dropped = gone.map(String::as_str).collect();
    let mut new = new_indexes(&changes, to);
    changes.namesakes = namesakes(&changes, from, &new);
    for change in &mut changes.changed {
        change.indexes.rename(&mut new, |it| &it.name);
        let mut keys = change
            .keys
            .added
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        change.keys.rename(&mut keys, |it| &it.name);
        let mut checks = change
            .checks
            .added
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        change.checks.rename(&mut checks, |it| &it.name);
    }
    let all = std::mem::take(&mut changes.changed).into_iter();
    (changes.same, changes.changed) = all.partition(TableChange::is_none);
    changes
}

/// Their names.
fn new_indexes<'a>(changes: &Changes<'a>, to: &'a Snapshot) -> BTreeSet<&'a str> {
    let created = changes.created.iter();
    let created = created.flat_map(|it| &to.raw.tables[*it].indexes);
    let added = changes.changed.iter().flat_map(|it| &it.indexes.added);
    created
        .chain(added.copied())
        .map(|it| it.name.as_str())
        .collect()
}

fn namesakes<'a>(
    changes: &Changes<'a>,
    from: &'a Snapshot,
    new: &BTreeSet<&str>,
) -> Vec<(&'a str, &'a Index)> {
    let dropped = changes.dropped.iter().flat_map(|name| {
        let indexes = from.raw.tables[*name].indexes.iter();
        indexes.map(|it| (*name, it))
    });
    dropped
        .filter(|(_, it)| new.contains(it.name.as_str()))
        .collect()
}

fn enums<'a>(
    from: &'a BTreeMap<String, Vec<String>>,
    to: &'a BTreeMap<String, Vec<String>>,
) -> Vec<EnumChange<'a>> {
    let mut names: Vec<_> = from.keys().chain(to.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let change = |name: &'a String| EnumChange {
        name,
        from: from.get(name).map(Vec::as_slice),
        to: to.get(name).map(Vec::as_slice),
    };
    let all = names.into_iter().map(change);
    all.filter(|it| it.from != it.to).collect()
}

type Texts<'a> = &'a BTreeMap<String, String>;

fn texts<'a>(
    (from, from_normal): (Texts<'a>, Texts<'a>),
    (to, to_normal): (Texts<'a>, Texts<'a>),
) -> TextChanges<'a> {
    let mut changes = TextChanges::default();
    for (name, text) in from {
        if to_normal.get(name) == from_normal.get(name) {
            changes.kept.push((name, text));
        } else {
            changes.dropped.push((name, text));
        }
    }
    for (name, text) in to {
        if to_normal.get(name) != from_normal.get(name) {
            changes.created.push((name, text));
        }
    }
    changes
}

/// A table in both spellings.
type Spelled<'a> = (&'a Table, &'a Table);

fn table<'a>(name: &'a str, from: Spelled<'a>, to: Spelled<'a>) -> TableChange<'a> {
    let (mut added, mut altered) = (Vec::new(), Vec::new());
    for (column, normal) in to.0.columns.iter().zip(&to.1.columns) {
        let old = from.0.columns.iter().zip(&from.1.columns);
        let old = old.clone().find(|(_, it)| it.name == normal.name);
        match old {
            None => added.push(column),
            Some((raw, old)) if old != normal => {
                altered.push(Altered {
                    from: raw,
                    to: column,
                    spelled: (old, normal),
                });
            }
            Some(_) => {}
        }
    }
    let is_gone = |it: &&Column| to.0.column(&it.name).is_none();
    TableChange {
        name,
        from: from.0,
        to: to.0,
        added,
        dropped: from.0.columns.iter().filter(is_gone).collect(),
        altered,
        primary_key: from.0.primary_key != to.0.primary_key,
        indexes: parts(
            (&from.0.indexes, &from.1.indexes),
            (&to.0.indexes, &to.1.indexes),
            |it| &it.name,
            |it| describe::index(it).definition,
        ),
        keys: parts(
            (&from.0.foreign_keys, &from.1.foreign_keys),
            (&to.0.foreign_keys, &to.1.foreign_keys),
            |it| &it.name,
            |it| describe::foreign_key(it).definition,
        ),
        checks: parts(
            (&from.0.checks, &from.1.checks),
            (&to.0.checks, &to.1.checks),
            |it| &it.name,
            |it| it.expression.clone(),
        ),
        comment: from.1.comment != to.1.comment,
        options: from.1.options != to.1.options,
    }
}

fn parts<'a, T>(
    (from, from_normal): (&'a [T], &[T]),
    (to, to_normal): (&'a [T], &[T]),
    name: impl Fn(&T) -> &str,
    definition: impl Fn(&T) -> String,
) -> Parts<'a, T> {
    let spelled = |all: &'a [T], normal: &[T]| -> Vec<(&'a T, String)> {
        all.iter().zip(normal.iter().map(&definition)).collect()
    };
    let (mut old, mut new) = (spelled(from, from_normal), spelled(to, to_normal));
    let mut kept = Vec::new();
    // Of several that do the same, first those that keep their names.
    for any_name in [false, true] {
        new.retain(|(part, definition)| {
            let is_same = |(other, it): &(&T, String)| {
                it == definition && (any_name || name(other) == name(part))
            };
            let at = old.iter().position(is_same);
            kept.extend(at.map(|at| (old.remove(at).0, *part)));
            at.is_none()
        });
    }
    let added = new.into_iter().map(|(it, _)| it).collect();
    Parts {
        dropped: old.into_iter().map(|(it, _)| it).collect(),
        added,
        kept,
    }
}
