//! What one catalog has and the other has not, or otherwise.

pub(crate) mod describe;
mod widening;

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::catalog::{Catalog, Column, Table};
use crate::difference::{Difference, Kind, Object, Severity, Side};
pub(crate) use widening::is_wider;

/// With whom entities are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rival {
    Migrations,
    /// A real one.
    Database,
}

/// In the order of kinds, tables and names. Both have to be normalised.
#[must_use]
pub(crate) fn compare(rival: Rival, entities: &Catalog, migrations: &Catalog) -> Vec<Difference> {
    let mut found = Found {
        rival,
        differences: Vec::new(),
    };
    found.enums(&entities.enums, &migrations.enums);
    found.texts(Kind::View, &entities.views, &migrations.views);
    found.texts(Kind::Trigger, &entities.triggers, &migrations.triggers);
    for (object, pair) in pairs(&entities.tables, &migrations.tables) {
        let object = Object {
            kind: Kind::Table,
            table: None,
            name: object.to_owned(),
        };
        match pair {
            (Some(table), None) => found.only_entities(object, &columns(table), Severity::Safe),
            (None, Some(table)) => {
                found.only_migrations(object, &columns(table), Severity::Destructive);
            }
            (Some(entity), Some(migrated)) => found.table(&object.name, entity, migrated),
            (None, None) => {}
        }
    }
    let mut differences = found.differences;
    differences.sort_by(|one, other| one.object.cmp(&other.object));
    differences
}

/// What the entities have of a name, and what the migrations.
type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

fn pairs<'a, T>(
    entities: &'a BTreeMap<String, T>,
    migrations: &'a BTreeMap<String, T>,
) -> Vec<(&'a str, Pair<'a, T>)> {
    let mut names: Vec<_> = entities.keys().chain(migrations.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let pair = |name: &'a String| (name.as_str(), (entities.get(name), migrations.get(name)));
    names.into_iter().map(pair).collect()
}

fn columns(table: &Table) -> String {
    let columns: Vec<_> = table.columns.iter().map(|it| it.name.as_str()).collect();
    format!("({})", columns.join(", "))
}

struct Found {
    rival: Rival,
    differences: Vec<Difference>,
}

impl Found {
    fn only_entities(&mut self, object: Object, details: &dyn Display, severity: Severity) {
        self.differences.push(Difference {
            message: match self.rival {
                Rival::Migrations => {
                    format!("the entities have the {object} {details}, and no migration makes it.")
                }
                Rival::Database => {
                    format!("the entities have the {object} {details}, and the database has not.")
                }
            },
            next: match self.rival {
                Rival::Migrations => "write a migration that adds it, or take it out of the entities.",
                Rival::Database => {
                    "apply what is pending; if no migration adds it, write one, or take it out of the entities."
                }
            }
            .to_owned(),
            side: Side::Entities,
            object,
            severity,
            migration: None,
        });
    }

    fn only_migrations(&mut self, object: Object, details: &dyn Display, severity: Severity) {
        let place = match object.kind {
            Kind::Table | Kind::Column | Kind::Enum | Kind::PrimaryKey => {
                "declare it in an entity of the list"
            }
            _ => "declare it in the entity, or in the extras where an entity has no words for it",
        };
        self.differences.push(Difference {
            message: match self.rival {
                Rival::Migrations => {
                    format!("the migrations make the {object} {details}, and no entity has it.")
                }
                Rival::Database => {
                    format!("the database has the {object} {details}, and no entity has it.")
                }
            },
            next: match self.rival {
                Rival::Migrations => format!("{place}; or write a migration that drops it."),
                Rival::Database => {
                    format!("{place}; or drop it; or ignore it, if it is none of the project's.")
                }
            },
            side: match self.rival {
                Rival::Migrations => Side::Migrations,
                Rival::Database => Side::Database,
            },
            object,
            severity,
            migration: None,
        });
    }

    fn both(
        &mut self,
        object: Object,
        (entity, migrated): (&dyn Display, &dyn Display),
        severity: Severity,
    ) {
        self.differences.push(Difference {
            message: match self.rival {
                Rival::Migrations => format!(
                    "the {object} is {entity} by the entities, and {migrated} by the migrations."
                ),
                Rival::Database => format!(
                    "the {object} is {entity} by the entities, and {migrated} in the database."
                ),
            },
            next: match self.rival {
                Rival::Migrations => "write a migration that changes it, or change the entity back.",
                Rival::Database => {
                    "apply what is pending; if no migration changes it, write one, or change the entity back."
                }
            }
            .to_owned(),
            side: Side::Both,
            object,
            severity,
            migration: None,
        });
    }

    fn enums(
        &mut self,
        entities: &BTreeMap<String, Vec<String>>,
        migrations: &BTreeMap<String, Vec<String>>,
    ) {
        for (name, pair) in pairs(entities, migrations) {
            let object = Object {
                kind: Kind::Enum,
                table: None,
                name: name.to_owned(),
            };
            match pair {
                (Some(values), None) => {
                    self.only_entities(object, &describe::list(values), Severity::Safe);
                }
                (None, Some(values)) => {
                    self.only_migrations(object, &describe::list(values), Severity::Destructive);
                }
                (Some(entity), Some(migrated)) if entity != migrated => {
                    let removed = migrated.iter().any(|it| !entity.contains(it));
                    let severity = if removed {
                        Severity::Destructive
                    } else {
                        Severity::Safe
                    };
                    self.both(
                        object,
                        (&describe::list(entity), &describe::list(migrated)),
                        severity,
                    );
                }
                _ => {}
            }
        }
    }

    fn texts(
        &mut self,
        kind: Kind,
        entities: &BTreeMap<String, String>,
        migrations: &BTreeMap<String, String>,
    ) {
        for (name, pair) in pairs(entities, migrations) {
            let object = Object {
                kind,
                table: None,
                name: name.to_owned(),
            };
            match pair {
                (Some(text), None) => {
                    self.only_entities(object, &describe::code(text), Severity::Safe);
                }
                (None, Some(text)) => {
                    self.only_migrations(object, &describe::code(text), Severity::Safe);
                }
                (Some(entity), Some(migrated)) if entity != migrated => self.both(
                    object,
                    (&describe::code(entity), &describe::code(migrated)),
                    Severity::Safe,
                ),
                _ => {}
            }
        }
    }

    fn table(&mut self, name: &str, entity: &Table, migrated: &Table) {
        self.columns(name, entity, migrated);
        if entity.primary_key != migrated.primary_key {
            let object = object(Kind::PrimaryKey, name, "");
            let keys = (
                &describe::key(&entity.primary_key) as &dyn Display,
                &describe::key(&migrated.primary_key) as &dyn Display,
            );
            self.both(object, keys, Severity::MayFail);
        }
        if entity.comment != migrated.comment || entity.options != migrated.options {
            let table = Object {
                kind: Kind::Table,
                table: None,
                name: name.to_owned(),
            };
            let both = (
                &describe::table(entity) as &dyn Display,
                &describe::table(migrated) as &dyn Display,
            );
            self.both(table, both, Severity::Safe);
        }
        self.parts(
            (Kind::Index, name),
            entity.indexes.iter().map(describe::index).collect(),
            migrated.indexes.iter().map(describe::index).collect(),
        );
        self.parts(
            (Kind::ForeignKey, name),
            entity
                .foreign_keys
                .iter()
                .map(describe::foreign_key)
                .collect(),
            migrated
                .foreign_keys
                .iter()
                .map(describe::foreign_key)
                .collect(),
        );
        self.parts(
            (Kind::Check, name),
            entity.checks.iter().map(describe::check).collect(),
            migrated.checks.iter().map(describe::check).collect(),
        );
    }

    fn columns(&mut self, table: &str, entity: &Table, migrated: &Table) {
        for column in &entity.columns {
            let object = object(Kind::Column, table, &column.name);
            let described = describe::column(column);
            match migrated.column(&column.name) {
                None => self.only_entities(object, &described, addition(column)),
                Some(other) if other != column => self.both(
                    object,
                    (&described, &describe::column(other)),
                    change(column, other),
                ),
                Some(_) => {}
            }
        }
        for column in &migrated.columns {
            if entity.column(&column.name).is_none() {
                let object = object(Kind::Column, table, &column.name);
                self.only_migrations(object, &describe::column(column), Severity::Destructive);
            }
        }
    }

    /// Indexes, keys and checks are the same when they do the same, whatever their names: those of entities are
    /// SeaORM's, and those of constraints are often the server's.
    fn parts(
        &mut self,
        (kind, table): (Kind, &str),
        mut entities: Vec<describe::Part>,
        mut migrations: Vec<describe::Part>,
    ) {
        take_pairs(&mut entities, &mut migrations, |one, other| {
            one.definition == other.definition
        });
        // What is left with one name, or on the same columns, is one thing that was changed.
        let changed = take_pairs(&mut entities, &mut migrations, |one, other| {
            one.subject == other.subject || (!one.name.is_empty() && one.name == other.name)
        });
        for (entity, migrated) in changed {
            let object = object(kind, table, &migrated.name);
            self.both(
                object,
                (&entity.definition, &migrated.definition),
                entity.severity,
            );
        }
        for part in entities {
            let object = object(kind, table, &part.name);
            self.only_entities(object, &part.definition, part.severity);
        }
        for part in migrations {
            let object = object(kind, table, &part.name);
            self.only_migrations(object, &part.definition, Severity::Safe);
        }
    }
}

fn object(kind: Kind, table: &str, name: &str) -> Object {
    Object {
        kind,
        table: Some(table.to_owned()),
        name: name.to_owned(),
    }
}

fn take_pairs(
    entities: &mut Vec<describe::Part>,
    migrations: &mut Vec<describe::Part>,
    same: impl Fn(&describe::Part, &describe::Part) -> bool,
) -> Vec<(describe::Part, describe::Part)> {
    let mut pairs = Vec::new();
    let mut left = Vec::new();
    for part in entities.drain(..) {
        match migrations.iter().position(|other| same(&part, other)) {
            Some(at) => pairs.push((part, migrations.remove(at))),
            None => left.push(part),
        }
    }
    *entities = left;
    pairs
}

fn addition(column: &Column) -> Severity {
    let has_value = column.nullable
        || column.default.is_some()
        || column.identity.is_some()
        || column.generated.is_some();
    if has_value {
        Severity::Safe
    } else {
        Severity::MayFail
    }
}

fn change(entity: &Column, migrated: &Column) -> Severity {
    let generated = entity.generated != migrated.generated;
    if generated || !is_wider(&entity.data_type, &migrated.data_type) {
        Severity::Destructive
    } else if migrated.nullable && !entity.nullable {
        Severity::MayFail
    } else {
        Severity::Safe
    }
}
