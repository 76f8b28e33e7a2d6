//! A schema that makes sense on its engine. Tables, columns and enums have numbers that stay when names change, so
//! that who compares two schemas knows what became of what.

use sea_orm_migration::prelude::{ColumnType, ForeignKeyAction};
use support::Engine;

pub(crate) type Id = usize;

#[derive(Debug, Clone)]
pub(crate) struct Schema {
    pub(super) engine: Engine,
    /// Of every name that is the whole database's, so that several schemas can share one.
    pub(super) prefix: String,
    pub(crate) enums: Vec<Enum>,
    /// Parents first: a key to a table further down stands on columns that may be NULL.
    pub(crate) tables: Vec<Table>,
    pub(super) last: Id,
}

#[derive(Debug, Clone)]
pub(crate) struct Enum {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    pub(super) key: Vec<Id>,
    pub(super) uniques: Vec<Unique>,
    pub(super) indexes: Vec<Index>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) checks: Vec<Check>,
    /// PostgreSQL's.
    pub(super) comment: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(super) kind: Kind,
    pub(super) nullable: bool,
    pub(super) default: Option<Default>,
    pub(super) is_numbered: bool,
    pub(super) collation: Option<&'static str>,
    /// PostgreSQL's.
    pub(super) comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Plain(ColumnType),
    Enum(Id),
    /// PostgreSQL's.
    EnumArray(Id),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Default {
    /// The value of this number, as `values` has it.
    Value(usize),
    /// `CURRENT_TIMESTAMP`, or the day or the time of it.
    Now,
}

#[derive(Debug, Clone)]
pub(super) struct Unique {
    pub(super) name: String,
    pub(super) columns: Vec<Id>,
    pub(super) form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `UNIQUE` behind the column.
    OfColumn,
    /// `CONSTRAINT name UNIQUE (...)`
    OfTable,
    Index,
}

#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) parts: Vec<Part>,
    pub(super) predicate: Option<Expression>,
}

#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) expression: Expression,
    pub(super) descending: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Check {
    pub(super) name: Option<String>,
    pub(super) expression: Expression,
    /// It stands behind the column, not at the end of the table.
    pub(super) of_column: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expression {
    /// With `{0}` and `{1}` for the columns.
    pub(super) text: String,
    pub(super) columns: Vec<Id>,
}

#[derive(Debug, Clone)]
pub(super) struct ForeignKey {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<Id>,
    pub(super) target: Id,
    pub(super) target_columns: Vec<Id>,
    pub(super) on_update: Option<ForeignKeyAction>,
    pub(super) on_delete: Option<ForeignKeyAction>,
}

impl Schema {
    pub(super) fn id(&mut self) -> Id {
        self.last += 1;
        self.last
    }

    pub(crate) fn table(&self, id: Id) -> Option<&Table> {
        self.tables.iter().find(|it| it.id == id)
    }

    pub(super) fn table_mut(&mut self, id: Id) -> &mut Table {
        let found = self.tables.iter_mut().find(|it| it.id == id);
        found.expect("the table is in the schema")
    }

    pub(super) fn place(&self, table: Id) -> usize {
        let found = self.tables.iter().position(|it| it.id == table);
        found.expect("the table is in the schema")
    }

    pub(super) fn enumeration(&self, id: Id) -> &Enum {
        let found = self.enums.iter().find(|it| it.id == id);
        found.expect("the enum is in the schema")
    }

    /// As SeaORM has it.
    pub(super) fn column_type(&self, kind: &Kind) -> ColumnType {
        let of = |id: &Id| {
            let found = self.enumeration(*id);
            let variants = found.values.iter().map(|it| it.clone().into()).collect();
            ColumnType::Enum {
                name: found.name.clone().into(),
                variants,
            }
        };
        match kind {
            Kind::Plain(column_type) => column_type.clone(),
            Kind::Enum(id) => of(id),
            Kind::EnumArray(id) => ColumnType::Array(std::sync::Arc::new(of(id))),
        }
    }

    /// Whether a key of any table ends at these columns.
    pub(super) fn is_referenced(&self, table: Id, columns: &[Id]) -> bool {
        let mut keys = self.tables.iter().flat_map(|it| &it.foreign_keys);
        keys.any(|it| it.target == table && it.target_columns == columns)
    }

    /// With what cannot be without it.
    pub(super) fn remove_table(&mut self, id: Id) {
        self.tables.retain(|it| it.id != id);
        for table in &mut self.tables {
            table.foreign_keys.retain(|it| it.target != id);
        }
        self.remove_idle_enums();
    }

    /// With what cannot be without it.
    pub(super) fn remove_column(&mut self, table: Id, column: Id) {
        for other in &mut self.tables {
            let of_it = |it: &ForeignKey| it.target == table && it.target_columns.contains(&column);
            other.foreign_keys.retain(|it| !of_it(it));
        }
        let table = self.table_mut(table);
        table.columns.retain(|it| it.id != column);
        table.key.retain(|it| *it != column);
        table.uniques.retain(|it| !it.columns.contains(&column));
        table
            .foreign_keys
            .retain(|it| !it.columns.contains(&column));
        table.remove_expressions(column, |_| true);
        self.remove_idle_enums();
    }

    /// With the keys that end at it.
    pub(super) fn remove_unique(&mut self, table: Id, at: usize) {
        let removed = self.table_mut(table).uniques.remove(at);
        let rest = self.table_mut(table);
        let others = rest.uniques.iter().any(|it| it.columns == removed.columns);
        if others || rest.key == removed.columns {
            return;
        }
        for other in &mut self.tables {
            let ends = |it: &ForeignKey| it.target == table && it.target_columns == removed.columns;
            other.foreign_keys.retain(|it| !ends(it));
        }
    }

    /// The last column of an enum takes it along: SeaORM makes none without a column.
    pub(super) fn remove_idle_enums(&mut self) {
        let columns = self.tables.iter().flat_map(|it| &it.columns);
        let used: Vec<Id> = columns.filter_map(|it| it.kind.enumeration()).collect();
        self.enums.retain(|it| used.contains(&it.id));
    }
}

impl Table {
    pub(crate) fn column(&self, id: Id) -> Option<&Column> {
        self.columns.iter().find(|it| it.id == id)
    }

    pub(super) fn column_mut(&mut self, id: Id) -> &mut Column {
        let found = self.columns.iter_mut().find(|it| it.id == id);
        found.expect("the column is in the table")
    }

    pub(super) fn names(&self, columns: &[Id]) -> Vec<String> {
        let name = |id: &Id| self.column(*id).expect("it is in the table").name.clone();
        columns.iter().map(name).collect()
    }

    /// Indexes and checks that name the column, of those whose text is like that.
    pub(super) fn remove_expressions(&mut self, column: Id, like: impl Fn(&str) -> bool) {
        let about = |it: &Expression| it.columns.contains(&column) && like(it.text.as_str());
        self.checks.retain(|it| !about(&it.expression));
        self.indexes.retain(|it| {
            !it.parts.iter().any(|part| about(&part.expression))
                && !it.predicate.as_ref().is_some_and(about)
        });
    }

    pub(super) fn is_unique(&self, column: Id) -> bool {
        self.key.contains(&column) || self.uniques.iter().any(|it| it.columns.contains(&column))
    }

    pub(super) fn is_child(&self, column: Id) -> bool {
        self.foreign_keys
            .iter()
            .any(|it| it.columns.contains(&column))
    }
}

impl Kind {
    pub(super) fn enumeration(&self) -> Option<Id> {
        match self {
            Self::Plain(_) => None,
            Self::Enum(id) | Self::EnumArray(id) => Some(*id),
        }
    }
}

impl Expression {
    pub(super) fn of(text: &str, columns: &[Id]) -> Self {
        Self {
            text: text.to_owned(),
            columns: columns.to_vec(),
        }
    }

    pub(super) fn column(id: Id) -> Self {
        Self::of("{0}", &[id])
    }

    pub(super) fn is_column(&self) -> bool {
        self.text == "{0}"
    }
}
