use std::fmt;

use crate::catalog::{Check, Column, ForeignKey, Index, Table};
use crate::compare::describe;

/// One step from one schema to another, on one engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Unless it is there.
    CreateSchema(String),
    CreateEnum {
        name: String,
        values: Vec<String>,
    },
    AddEnumValue {
        name: String,
        value: String,
        /// The one that it comes before; at the end where there is none.
        before: Option<String>,
    },
    /// Makes the type anew: PostgreSQL takes no value away. The old one stays as `{name}__old` until it is dropped.
    ReplaceEnum {
        name: String,
        from: Vec<String>,
        to: Vec<String>,
        columns: Vec<EnumColumn>,
    },
    DropEnum {
        name: String,
    },
    RenameTable {
        from: String,
        to: String,
    },
    RenameColumn {
        table: String,
        from: String,
        to: String,
    },
    /// With those of its foreign keys that can stand in it; its indexes come by themselves.
    CreateTable {
        name: String,
        table: Table,
    },
    DropTable {
        name: String,
        table: Table,
    },
    AddColumn {
        table: String,
        column: Column,
        /// Only SQLite takes one here.
        key: Option<ForeignKey>,
        /// What the rows that are there get.
        fill: Option<Fill>,
    },
    AlterColumn {
        table: String,
        from: Column,
        to: Column,
        fill: Option<Fill>,
        /// Not every old value has a place in it.
        narrows: bool,
    },
    DropColumn {
        table: String,
        column: Column,
    },
    DropPrimaryKey {
        table: String,
        name: String,
        columns: Vec<String>,
    },
    AddPrimaryKey {
        table: String,
        columns: Vec<String>,
    },
    CreateIndex {
        table: String,
        index: Index,
    },
    DropIndex {
        table: String,
        index: Index,
    },
    AddForeignKey {
        table: String,
        key: ForeignKey,
    },
    DropForeignKey {
        table: String,
        key: ForeignKey,
    },
    AddCheck {
        table: String,
        check: Check,
    },
    DropCheck {
        table: String,
        check: Check,
    },
    Comment {
        table: String,
        /// The table's own, where there is none.
        column: Option<String>,
        comment: Option<String>,
    },
    /// What stands behind a definition or before it, such as STRICT and UNLOGGED.
    SetOptions {
        table: String,
        options: Vec<String>,
    },
    CreateView {
        name: String,
        definition: String,
    },
    DropView {
        name: String,
        definition: String,
    },
    CreateTrigger {
        table: String,
        name: String,
        definition: String,
    },
    DropTrigger {
        table: String,
        name: String,
    },
    /// SQLite only, where its ALTER TABLE has no words for one of the `changes`.
    Rebuild {
        table: String,
        to: Table,
        /// Columns that rows bring along as they are.
        kept: Vec<String>,
        /// Columns with an expression over the old table.
        computed: Vec<(String, Fill)>,
        /// Those that are kept, and have gone with the old table.
        indexes: Vec<Index>,
        changes: Vec<Operation>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnumColumn {
    pub table: String,
    pub column: String,
    /// The type's name, and `[]` where it is an array of it.
    pub data_type: String,
    pub old_default: Option<String>,
    /// As it will be: the one before may be a value that goes.
    pub default: Option<String>,
}

/// What a column gets in rows that have nothing for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fill {
    /// In SQL, over the columns of the row.
    Expression(String),
    /// The value of a type that stands in the way of a NULL and no more: on the way back, where the real one was lost.
    Placeholder(String),
    /// Somebody has to write it into the file, which does not compile until then. In the meantime, for the scratch
    /// databases, a placeholder.
    Open(String),
}

impl Fill {
    pub(crate) fn sql(&self) -> &str {
        match self {
            Self::Expression(sql) | Self::Placeholder(sql) | Self::Open(sql) => sql,
        }
    }

    pub(crate) fn map(&self, sql: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Expression(it) => Self::Expression(sql(it)),
            Self::Placeholder(it) => Self::Placeholder(sql(it)),
            Self::Open(it) => Self::Open(sql(it)),
        }
    }
}

impl Operation {
    /// Whether values are lost, or may be.
    pub(crate) fn is_destructive(&self) -> bool {
        match self {
            Self::DropTable { .. } => true,
            Self::DropColumn { column, .. } => column.generated.is_none(),
            Self::AlterColumn { narrows, .. } => *narrows,
            Self::ReplaceEnum { from, to, .. } => from.iter().any(|it| !to.contains(it)),
            Self::Rebuild { changes, .. } => changes.iter().any(Self::is_destructive),
            _ => false,
        }
    }

    /// Whether every engine takes it, and one engine is enough to tell how.
    pub(crate) fn is_common(&self) -> bool {
        let has_enum = |table: &Table| {
            let mut columns = table.columns.iter();
            columns.any(|it| it.data_type.eq_ignore_ascii_case("enum_text"))
        };
        match self {
            Self::CreateTable { table, .. } => !has_enum(table) && table.checks.is_empty(),
            Self::AddColumn {
                column, key, fill, ..
            } => {
                let is_enum = column.data_type.eq_ignore_ascii_case("enum_text");
                key.is_none() && fill.is_none() && !is_enum
            }
            Self::DropTable { .. }
            | Self::DropColumn { .. }
            | Self::RenameTable { .. }
            | Self::RenameColumn { .. } => true,
            Self::CreateIndex { index, .. } | Self::DropIndex { index, .. } => {
                !index.is_constraint && index.predicate.is_none()
            }
            _ => false,
        }
    }

    /// A line for each part of it.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = vec![self.to_string()];
        if let Self::AddColumn {
            table,
            key: Some(key),
            ..
        } = self
        {
            let (table, key) = (table.clone(), key.clone());
            words.push(Self::AddForeignKey { table, key }.to_string());
        }
        words
    }

    /// It and, for a rebuild, what it is for.
    pub(crate) fn with_changes(&self) -> Vec<&Self> {
        match self {
            Self::Rebuild { changes, .. } => changes.iter().collect(),
            other => vec![other],
        }
    }
}

/// By its name, or by what it does where nobody gave it one.
fn called<'a>(name: &'a str, definition: &'a str) -> &'a str {
    let is_nameless = name.is_empty() || name.starts_with("sqlite_autoindex_");
    if is_nameless { definition } else { name }
}

/// For the list at the head of a file.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateSchema(name) => write!(f, "create schema {name}")?,
            Self::CreateEnum { name, values } => {
                write!(f, "create enum {name} {}", describe::list(values))?;
            }
            Self::AddEnumValue {
                name,
                value,
                before,
            } => {
                write!(f, "add '{value}' to enum {name}")?;
                if let Some(before) = before {
                    write!(f, " before '{before}'")?;
                }
            }
            Self::ReplaceEnum { name, from, to, .. } => {
                let (from, to) = (describe::list(from), describe::list(to));
                write!(f, "replace enum {name} {from} by {to}")?;
            }
            Self::DropEnum { name } => write!(f, "drop enum {name}")?,
            Self::RenameTable { from, to } => write!(f, "rename table {from} to {to}")?,
            Self::RenameColumn { table, from, to } => {
                write!(f, "rename column {table}.{from} to {to}")?;
            }
            Self::CreateTable { name, .. } => write!(f, "create table {name}")?,
            Self::DropTable { name, .. } => write!(f, "drop table {name}")?,
            Self::AddColumn { table, column, .. } => {
                let name = &column.name;
                write!(f, "add column {table}.{name} {}", describe::column(column))?;
            }
            Self::AlterColumn {
                table, from, to, ..
            } => {
                let (name, from, to) = (&to.name, describe::column(from), describe::column(to));
                write!(f, "alter column {table}.{name} from {from} to {to}")?;
            }
            Self::DropColumn { table, column } => {
                write!(f, "drop column {table}.{}", column.name)?;
            }
            Self::DropPrimaryKey { table, columns, .. } => {
                write!(f, "drop primary key {} of {table}", describe::key(columns))?;
            }
            Self::AddPrimaryKey { table, columns } => {
                write!(f, "add primary key {} to {table}", describe::key(columns))?;
            }
            Self::CreateIndex { table, index } => {
                let it = describe::index(index);
                write!(f, "create index {} on {table} {}", it.name, it.definition)?;
            }
            Self::DropIndex { table, index } => {
                let it = describe::index(index);
                let index = called(&it.name, &it.definition);
                write!(f, "drop index {index} of {table}")?;
            }
            Self::AddForeignKey { table, key } => {
                let it = describe::foreign_key(key);
                write!(
                    f,
                    "add foreign key {} to {table} {}",
                    it.name, it.definition
                )?;
            }
            Self::DropForeignKey { table, key } => {
                let it = describe::foreign_key(key);
                let key = called(&it.name, &it.definition);
                write!(f, "drop foreign key {key} of {table}")?;
            }
            Self::AddCheck { table, check } => {
                let expression = describe::code(&check.expression);
                write!(f, "add check {} to {table} {expression}", check.name)?;
            }
            Self::DropCheck { table, check } => {
                let expression = describe::code(&check.expression);
                let check = called(&check.name, &expression);
                write!(f, "drop check {check} of {table}")?;
            }
            Self::Comment { table, column, .. } => match column {
                Some(column) => write!(f, "comment on column {table}.{column}")?,
                None => write!(f, "comment on table {table}")?,
            },
            Self::SetOptions { table, options } => {
                let options = options.join(", ");
                write!(f, "make table {table} {}", called(&options, "plain"))?;
            }
            Self::CreateView { name, .. } => write!(f, "create view {name}")?,
            Self::DropView { name, .. } => write!(f, "drop view {name}")?,
            Self::CreateTrigger { table, name, .. } => {
                write!(f, "create trigger {name} on {table}")?;
            }
            Self::DropTrigger { table, name } => write!(f, "drop trigger {name} of {table}")?,
            Self::Rebuild { table, changes, .. } => {
                let changes: Vec<_> = changes.iter().map(ToString::to_string).collect();
                write!(f, "rebuild table {table}: {}", changes.join("; "))?;
            }
        }
        if self.is_destructive() && !matches!(self, Self::Rebuild { .. }) {
            f.write_str(", DESTRUCTIVE: values are lost")?;
        }
        Ok(())
    }
}
