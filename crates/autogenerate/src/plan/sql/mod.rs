//! Operations in the SQL of an engine.

mod alter;
mod enums;
mod index;
mod table;

use std::fmt;

use sea_orm::DbBackend;

use super::operation::Operation;
use crate::catalog::{Action, Check, Deferrable};

/// In the order in which they are to be run.
pub(crate) fn statements(operation: &Operation, engine: DbBackend) -> Vec<String> {
    let sql = Sql { engine };
    match operation {
        Operation::CreateSchema(schema) => {
            vec![format!("CREATE SCHEMA IF NOT EXISTS {}", name(schema))]
        }
        Operation::CreateEnum { name, values } => vec![enums::create(name, values)],
        Operation::AddEnumValue {
            name: of,
            value,
            before,
        } => vec![enums::add_value(of, value, before.as_ref())],
        Operation::ReplaceEnum {
            name,
            from,
            to,
            columns,
        } => enums::replace(name, from, to, columns),
        Operation::DropEnum { name } => vec![format!("DROP TYPE {}", qualified(name))],
        Operation::RenameTable { from, to } => {
            let to = to.rsplit('.').next().map(name).unwrap_or_default();
            vec![sql.alter(from, format_args!("RENAME TO {to}"))]
        }
        Operation::RenameColumn { table, from, to } => {
            let (from, to) = (name(from), name(to));
            vec![sql.alter(table, format_args!("RENAME COLUMN {from} TO {to}"))]
        }
        Operation::CreateTable { name, table } => vec![sql.create_table(name, table)],
        Operation::DropTable { name, .. } => vec![format!("DROP TABLE {}", sql.table(name))],
        Operation::AddColumn {
            table,
            column,
            key,
            fill,
        } => sql.add_column(table, column, key.as_ref(), fill.as_ref()),
        Operation::AlterColumn {
            table,
            from,
            to,
            fill,
            ..
        } => sql.alter_column(table, from, to, fill.as_ref()),
        Operation::DropColumn { table, column } => {
            let column = name(&column.name);
            vec![sql.alter(table, format_args!("DROP COLUMN {column}"))]
        }
        Operation::DropPrimaryKey {
            table,
            name: constraint,
            ..
        } => vec![sql.drop_constraint(table, constraint)],
        Operation::AddPrimaryKey { table, columns } => {
            let columns = list(columns);
            vec![sql.alter(table, format_args!("ADD PRIMARY KEY ({columns})"))]
        }
        Operation::CreateIndex { table, index } => vec![sql.create_index(table, index)],
        Operation::DropIndex { table, index } if index.is_constraint => {
            vec![sql.drop_constraint(table, &index.name)]
        }
        Operation::DropIndex { table, index } => {
            vec![format!("DROP INDEX {}", sql.beside(table, &index.name))]
        }
        Operation::AddForeignKey { table, key } => {
            let key = sql.foreign_key(key);
            vec![sql.alter(table, format_args!("ADD {key}"))]
        }
        Operation::DropForeignKey { table, key } => vec![sql.drop_constraint(table, &key.name)],
        Operation::AddCheck { table, check } => {
            let check = self::check(check);
            vec![sql.alter(table, format_args!("ADD {check}"))]
        }
        Operation::DropCheck { table, check } => vec![sql.drop_constraint(table, &check.name)],
        Operation::Comment {
            table,
            column,
            comment,
        } => vec![sql.comment(table, column.as_ref(), comment.as_ref())],
        Operation::SetOptions { table, options } => {
            let unlogged = options.iter().any(|it| it == "UNLOGGED");
            let way = if unlogged { "UNLOGGED" } else { "LOGGED" };
            vec![sql.alter(table, format_args!("SET {way}"))]
        }
        Operation::CreateView { definition, .. } | Operation::CreateTrigger { definition, .. } => {
            vec![definition.trim().trim_end_matches(';').to_owned()]
        }
        Operation::DropView { name, definition } => vec![sql.drop_view(name, definition)],
        Operation::DropTrigger { table, name } => vec![sql.drop_trigger(table, name)],
        Operation::Rebuild {
            table,
            to,
            kept,
            computed,
            indexes,
            ..
        } => {
            let mut statements = sql.rebuild(table, to, kept, computed);
            statements.extend(indexes.iter().map(|it| sql.create_index(table, it)));
            statements
        }
    }
}

pub(crate) fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

pub(crate) fn list(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|it| name(it)).collect();
    names.join(", ")
}

/// With the schema that stands before a dot.
pub(crate) fn qualified(text: &str) -> String {
    match text.split_once('.') {
        Some((schema, rest)) => format!("{}.{}", name(schema), name(rest)),
        None => name(text),
    }
}

fn check(check: &Check) -> String {
    // An exclusion constraint says itself what it is.
    let definition = if check.expression.starts_with("EXCLUDE ") {
        check.expression.clone()
    } else {
        format!("CHECK ({})", check.expression)
    };
    format!("CONSTRAINT {} {definition}", name(&check.name))
}

pub(crate) fn action(action: Action) -> Option<&'static str> {
    match action {
        Action::Nothing => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => Some("SET DEFAULT"),
    }
}

fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " DEFERRABLE",
        Deferrable::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

struct Sql {
    engine: DbBackend,
}

impl Sql {
    fn table(&self, table: &str) -> String {
        match self.engine {
            DbBackend::Postgres => qualified(table),
            _ => name(table),
        }
    }

    /// An index stands in the schema of its table.
    fn beside(&self, table: &str, index: &str) -> String {
        match table.split_once('.') {
            Some((schema, _)) if self.engine == DbBackend::Postgres => {
                format!("{}.{}", name(schema), name(index))
            }
            _ => name(index),
        }
    }

    fn alter(&self, table: &str, change: fmt::Arguments<'_>) -> String {
        format!("ALTER TABLE {} {change}", self.table(table))
    }

    fn drop_constraint(&self, table: &str, constraint: &str) -> String {
        let constraint = name(constraint);
        self.alter(table, format_args!("DROP CONSTRAINT {constraint}"))
    }

    fn comment(&self, table: &str, column: Option<&String>, comment: Option<&String>) -> String {
        let table = self.table(table);
        let object = match column {
            Some(column) => format!("COLUMN {table}.{}", name(column)),
            None => format!("TABLE {table}"),
        };
        let comment = comment.map_or("NULL".to_owned(), |it| literal(it));
        format!("COMMENT ON {object} IS {comment}")
    }

    fn drop_view(&self, view: &str, definition: &str) -> String {
        let is_materialized = definition.starts_with("CREATE MATERIALIZED");
        let kind = if is_materialized {
            "MATERIALIZED VIEW"
        } else {
            "VIEW"
        };
        format!("DROP {kind} {}", self.table(view))
    }

    fn drop_trigger(&self, table: &str, trigger: &str) -> String {
        let on = match self.engine {
            DbBackend::Postgres => format!(" ON {}", self.table(table)),
            _ => String::new(),
        };
        format!("DROP TRIGGER {}{on}", name(trigger))
    }
}

/// A number, a text, or one of the words that stand for a value.
pub(crate) fn is_literal(default: &str) -> bool {
    let lower = default.to_lowercase();
    let words = [
        "null",
        "true",
        "false",
        "current_timestamp",
        "current_date",
        "current_time",
    ];
    let inner = default.strip_prefix(['x', 'X']).unwrap_or(default);
    let inner = inner
        .strip_prefix('\'')
        .and_then(|it| it.strip_suffix('\''));
    let is_text = inner.is_some_and(|it| !it.replace("''", "").contains('\''));
    is_text || lower.parse::<f64>().is_ok() || words.contains(&lower.as_str())
}
