//! Changes of columns.

use super::{Sql, literal, name};
use crate::catalog::{Column, ForeignKey, Identity};
use crate::plan::operation::Fill;

impl Sql {
    pub(super) fn add_column(
        &self,
        table: &str,
        column: &Column,
        key: Option<&ForeignKey>,
        fill: Option<&Fill>,
    ) -> Vec<String> {
        let table = self.table(table);
        let Some(fill) = fill else {
            let references = key.map(|it| format!(" {}", self.references(it)));
            let definition = self.column(column, false) + &references.unwrap_or_default();
            return vec![format!("ALTER TABLE {table} ADD COLUMN {definition}")];
        };
        let late = Column {
            nullable: true,
            ..column.clone()
        };
        let references = key.map(|it| format!(" {}", self.references(it)));
        let definition = self.column(&late, false) + &references.unwrap_or_default();
        let mut statements = vec![
            format!("ALTER TABLE {table} ADD COLUMN {definition}"),
            format!("UPDATE {table} SET {} = {}", name(&column.name), fill.sql()),
        ];
        if !column.nullable {
            let column = name(&column.name);
            statements.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL"
            ));
        }
        statements
    }

    /// PostgreSQL's.
    pub(super) fn alter_column(
        &self,
        table_name: &str,
        from: &Column,
        to: &Column,
        fill: Option<&Fill>,
    ) -> Vec<String> {
        let table = self.table(table_name);
        if from.generated != to.generated {
            let drop = format!("ALTER TABLE {table} DROP COLUMN {}", name(&from.name));
            let mut statements = vec![drop];
            statements.extend(self.add_column(table_name, to, None, fill));
            return statements;
        }
        let column = name(&to.name);
        let alter = format!("ALTER TABLE {table} ALTER COLUMN {column}");
        let mut statements = Vec::new();
        let retyped = from.data_type != to.data_type || from.collation != to.collation;
        if from.identity.is_some() && to.identity.is_none() {
            statements.extend(without_identity(&table, from, &alter));
        }
        let default = from.default != to.default;
        if from.default.is_some() && (default || retyped) {
            statements.push(format!("{alter} DROP DEFAULT"));
        }
        // A value for what is NULL fits the new type; one for all rows makes it of the old.
        let is_null_fill = from.nullable && !to.nullable;
        if retyped {
            let collation = to
                .collation
                .as_ref()
                .map(|it| format!(" COLLATE {}", name(it)));
            let collation = collation.unwrap_or_default();
            let data_type = &to.data_type;
            let using = match fill {
                Some(fill) if !is_null_fill => format!(" USING {}", fill.sql()),
                _ => using(&from.data_type, data_type, &column),
            };
            statements.push(format!("{alter} TYPE {data_type}{collation}{using}"));
            if from.identity == Some(Identity::Serial) && to.identity.is_some() {
                let sequence = format!(
                    "pg_get_serial_sequence({}, {})",
                    literal(&table),
                    literal(&to.name)
                );
                statements.push(format!(
                    "DO $$ BEGIN EXECUTE 'ALTER SEQUENCE ' || {sequence} || ' AS {data_type}'; END $$"
                ));
            }
        }
        if let Some(default) = to.default.as_ref().filter(|_| default || retyped) {
            statements.push(format!("{alter} SET DEFAULT {default}"));
        }
        if let Some(fill) = fill.filter(|_| is_null_fill || !retyped) {
            let only = if is_null_fill {
                format!(" WHERE {column} IS NULL")
            } else {
                String::new()
            };
            statements.push(format!(
                "UPDATE {table} SET {column} = {}{only}",
                fill.sql()
            ));
        }
        if is_null_fill {
            statements.push(format!("{alter} SET NOT NULL"));
        } else if to.nullable && !from.nullable {
            statements.push(format!("{alter} DROP NOT NULL"));
        }
        match (from.identity, to.identity) {
            (None, Some(identity)) => {
                statements.push(format!("{alter} ADD {}", self.identity(identity)));
                statements.push(format!(
                    "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({column}), 0) + 1, false) FROM {table}",
                    literal(&table),
                    literal(&to.name)
                ));
            }
            (Some(Identity::ByDefault), Some(Identity::Always)) => {
                statements.push(format!("{alter} SET GENERATED ALWAYS"));
            }
            (Some(Identity::Always), Some(Identity::ByDefault | Identity::Serial)) => {
                statements.push(format!("{alter} SET GENERATED BY DEFAULT"));
            }
            (Some(Identity::Serial), Some(Identity::Always)) => {
                statements.push(from_sequence(&table, to, &alter));
            }
            _ => {}
        }
        statements
    }
}

fn without_identity(table: &str, from: &Column, alter: &str) -> Vec<String> {
    if from.identity != Some(Identity::Serial) {
        return vec![format!("{alter} DROP IDENTITY")];
    }
    // What a default has made of a sequence, the column would own for ever.
    let sequence = format!(
        "pg_get_serial_sequence({}, {})",
        literal(table),
        literal(&from.name)
    );
    vec![format!(
        "DO $$ DECLARE owned text := {sequence}; \
         BEGIN {alter} DROP DEFAULT; EXECUTE 'DROP SEQUENCE ' || owned; END $$"
    )]
}

/// Goes on where the sequence is, which may be after rows that are gone; or after all rows, where those are further.
fn from_sequence(table: &str, to: &Column, alter: &str) -> String {
    let (sequence, column) = (
        format!(
            "pg_get_serial_sequence({}, {})",
            literal(table),
            literal(&to.name)
        ),
        name(&to.name),
    );
    format!(
        "DO $$ DECLARE owned text := {sequence}; next bigint; \
         BEGIN EXECUTE 'SELECT last_value + is_called::int FROM ' || owned INTO next; \
         {alter} DROP DEFAULT; EXECUTE 'DROP SEQUENCE ' || owned; \
         {alter} ADD GENERATED ALWAYS AS IDENTITY; \
         PERFORM setval({sequence}, greatest(next, max({column}) + 1), false) FROM {table}; END $$"
    )
}

/// Types of one family have casts of their own; between others the text of a value decides.
fn using(from: &str, to: &str, column: &str) -> String {
    // Arrays are cast one value after the other.
    let values = from.strip_suffix("[]").zip(to.strip_suffix("[]"));
    let (from_value, to_value) = values.unwrap_or((from, to));
    let (old, new) = (family(from_value), family(to_value));
    let has_cast = (old == new && old != Family::Other)
        || new == Family::Text
        || (from_value == "boolean" && to_value == "integer");
    if from == to || (old == new && old == Family::Text) {
        String::new()
    } else if has_cast {
        format!(" USING {column}::{to}")
    } else {
        format!(" USING {column}::text::{to}")
    }
}

#[derive(PartialEq, Eq)]
enum Family {
    Text,
    Number,
    Time,
    Json,
    Bits,
    Network,
    Other,
}

fn family(data_type: &str) -> Family {
    let name = data_type.split('(').next().unwrap_or_default();
    match name {
        _ if data_type.ends_with("[]") => Family::Other,
        "text" | "character varying" | "character" => Family::Text,
        "smallint" | "integer" | "bigint" | "real" | "double precision" | "numeric" => {
            Family::Number
        }
        "date" => Family::Time,
        _ if name.starts_with("timestamp") => Family::Time,
        "json" | "jsonb" => Family::Json,
        "bit" | "bit varying" => Family::Bits,
        "inet" | "cidr" => Family::Network,
        _ => Family::Other,
    }
}
