use std::collections::BTreeMap;

/// Everything that a database has and a schema is made of. Names are as the engine spells them; on PostgreSQL what is
/// not in the first schema of the search path is named with its schema (`audit.events`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Catalog {
    pub tables: BTreeMap<String, Table>,
    /// PostgreSQL's, each with its values in their order.
    pub enums: BTreeMap<String, Vec<String>>,
    /// Views and materialized views, each with the statement that makes it.
    pub views: BTreeMap<String, String>,
    /// By `table.trigger`, each with the statement that makes it.
    pub triggers: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// In the order of the table.
    pub columns: Vec<Column>,
    /// Empty where there is none.
    pub primary_key: Vec<String>,
    /// Of its constraint; empty where the engine keeps none.
    pub primary_key_name: String,
    /// Also those of unique constraints, which both engines keep by an index; not the primary key's.
    pub indexes: Vec<Index>,
    pub foreign_keys: Vec<ForeignKey>,
    /// On PostgreSQL exclusion constraints too.
    pub checks: Vec<Check>,
    pub comment: Option<String>,
    /// What makes it unlike other tables: `STRICT`, `WITHOUT ROWID`, `UNLOGGED`, `PARTITION BY ...`.
    pub options: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub name: String,
    pub data_type: String,
    pub nullable: bool,
    pub default: Option<String>,
    pub identity: Option<Identity>,
    pub generated: Option<Generated>,
    /// Where it is another than the type's own.
    pub collation: Option<String>,
    pub comment: Option<String>,
}

/// A column that is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Generated {
    pub expression: String,
    /// Written down, not computed whenever it is read.
    pub stored: bool,
}

/// Who numbers the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// As `ByDefault`, by a sequence and a default of the column: PostgreSQL's `serial`.
    Serial,
    /// The engine, unless somebody gives a number. On SQLite: AUTOINCREMENT.
    ByDefault,
    /// The engine alone.
    Always,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    pub name: String,
    pub unique: bool,
    /// A UNIQUE constraint has it, and dropping it is dropping that.
    pub is_constraint: bool,
    pub method: String,
    pub parts: Vec<Part>,
    /// Columns that it carries without being ordered by them.
    pub included: Vec<String>,
    pub predicate: Option<String>,
    pub nulls_not_distinct: bool,
    pub deferrable: Deferrable,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub key: Key,
    pub descending: bool,
    /// NULLs stand at the other end than where the engine puts them by itself.
    pub nulls_reversed: bool,
    /// Where it is another than the column's own.
    pub collation: Option<String>,
    /// Where it is another than the type's own.
    pub operator_class: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// Its name.
    Column(String),
    /// In SQL.
    Expression(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ForeignKey {
    /// Empty where the engine keeps none.
    pub name: String,
    pub columns: Vec<String>,
    pub target: String,
    pub target_columns: Vec<String>,
    pub on_update: Action,
    pub on_delete: Action,
    pub match_full: bool,
    pub deferrable: Deferrable,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Action {
    #[default]
    Nothing,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Deferrable {
    #[default]
    No,
    InitiallyImmediate,
    InitiallyDeferred,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    /// Empty where the engine keeps none.
    pub name: String,
    /// What stands in the parentheses; of an exclusion constraint all of it.
    pub expression: String,
}

impl Catalog {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Key {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Column(text) | Self::Expression(text) => text,
        }
    }
}

impl Table {
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| it.name == name)
    }
}
