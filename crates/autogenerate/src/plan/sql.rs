//! Operations in the SQL of an engine.

use sea_orm::DbBackend;

use super::operation::{EnumColumn, Fill, Operation};
use crate::catalog::{
    Action, Check, Column, Deferrable, ForeignKey, Identity, Index, Key, Part, Table,
};

/// In the order in which they are to be run.
pub(crate) fn statements(operation: &Operation, engine: DbBackend) -> Vec<String> {
    let sql = Sql { engine };
    match operation {
        Operation::CreateSchema(schema) => {
            vec![format!("CREATE SCHEMA IF NOT EXISTS {}", name(schema))]
        }
        Operation::CreateEnum { name, values } => vec![create_enum(name, values)],
        Operation::AddEnumValue {
            name: of,
            value,
            before,
        } => {
            let place = before.as_ref().map(|it| format!(" BEFORE {}", literal(it)));
            let place = place.unwrap_or_default();
            let (of, value) = (qualified(of), literal(value));
            vec![format!("ALTER TYPE {of} ADD VALUE {value}{place}")]
        }
        Operation::ReplaceEnum {
            name, to, columns, ..
        } => replace_enum(name, to, columns),
        Operation::DropEnum { name } => vec![format!("DROP TYPE {}", qualified(name))],
        Operation::RenameTable { from, to } => {
            let to = to.rsplit('.').next().map(name).unwrap_or_default();
            vec![format!("ALTER TABLE {} RENAME TO {to}", sql.table(from))]
        }
        Operation::RenameColumn { table, from, to } => vec![format!(
            "ALTER TABLE {} RENAME COLUMN {} TO {}",
            sql.table(table),
            name(from),
            name(to)
        )],
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
        Operation::DropColumn { table, column } => vec![format!(
            "ALTER TABLE {} DROP COLUMN {}",
            sql.table(table),
            name(&column.name)
        )],
        Operation::DropPrimaryKey {
            table,
            name: constraint,
            ..
        } => vec![sql.drop_constraint(table, constraint)],
        Operation::AddPrimaryKey { table, columns } => vec![format!(
            "ALTER TABLE {} ADD PRIMARY KEY ({})",
            sql.table(table),
            list(columns)
        )],
        Operation::CreateIndex { table, index } => vec![sql.create_index(table, index)],
        Operation::DropIndex { table, index } if index.is_constraint => {
            vec![sql.drop_constraint(table, &index.name)]
        }
        Operation::DropIndex { table, index } => {
            vec![format!("DROP INDEX {}", sql.beside(table, &index.name))]
        }
        Operation::AddForeignKey { table, key } => vec![format!(
            "ALTER TABLE {} ADD {}",
            sql.table(table),
            sql.foreign_key(key)
        )],
        Operation::DropForeignKey { table, key } => vec![sql.drop_constraint(table, &key.name)],
        Operation::AddCheck { table, check } => {
            vec![format!(
                "ALTER TABLE {} ADD {}",
                sql.table(table),
                self::check(check)
            )]
        }
        Operation::DropCheck { table, check } => vec![sql.drop_constraint(table, &check.name)],
        Operation::Comment {
            table,
            column,
            comment,
        } => {
            let table = sql.table(table);
            let object = match column {
                Some(column) => format!("COLUMN {table}.{}", name(column)),
                None => format!("TABLE {table}"),
            };
            let comment = comment.as_ref().map_or("NULL".to_owned(), |it| literal(it));
            vec![format!("COMMENT ON {object} IS {comment}")]
        }
        Operation::SetUnlogged { table, unlogged } => {
            let way = if *unlogged { "UNLOGGED" } else { "LOGGED" };
            vec![format!("ALTER TABLE {} SET {way}", sql.table(table))]
        }
        Operation::CreateView { definition, .. } | Operation::CreateTrigger { definition, .. } => {
            vec![definition.trim().trim_end_matches(';').to_owned()]
        }
        Operation::DropView { name, definition } => {
            let is_materialized = definition.starts_with("CREATE MATERIALIZED");
            let kind = if is_materialized {
                "MATERIALIZED VIEW"
            } else {
                "VIEW"
            };
            vec![format!("DROP {kind} {}", sql.table(name))]
        }
        Operation::DropTrigger {
            table,
            name: trigger,
        } => {
            let on = match engine {
                DbBackend::Postgres => format!(" ON {}", sql.table(table)),
                _ => String::new(),
            };
            vec![format!("DROP TRIGGER {}{on}", name(trigger))]
        }
        Operation::Rebuild {
            table, to, copied, ..
        } => sql.rebuild(table, to, copied),
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
fn qualified(text: &str) -> String {
    match text.split_once('.') {
        Some((schema, rest)) => format!("{}.{}", name(schema), name(rest)),
        None => name(text),
    }
}

fn create_enum(name: &str, values: &[String]) -> String {
    let values: Vec<_> = values.iter().map(|it| literal(it)).collect();
    format!(
        "CREATE TYPE {} AS ENUM ({})",
        qualified(name),
        values.join(", ")
    )
}

/// By way of text: only values that both have come along.
fn replace_enum(of: &str, values: &[String], columns: &[EnumColumn]) -> Vec<String> {
    let bare = of.rsplit('.').next().unwrap_or(of);
    let rename = format!(
        "ALTER TYPE {} RENAME TO {}",
        qualified(of),
        name(&format!("{bare}__old"))
    );
    let mut statements = vec![rename, create_enum(of, values)];
    for EnumColumn {
        table,
        column,
        data_type,
        default,
    } in columns
    {
        let alter = format!(
            "ALTER TABLE {} ALTER COLUMN {}",
            qualified(table),
            name(column)
        );
        let brackets = data_type.find('[').map_or("", |it| &data_type[it..]);
        let cast = format!("{}::text{brackets}::{data_type}", name(column));
        if default.is_some() {
            statements.push(format!("{alter} DROP DEFAULT"));
        }
        statements.push(format!("{alter} TYPE {data_type} USING {cast}"));
        if let Some(default) = default {
            statements.push(format!("{alter} SET DEFAULT {default}"));
        }
    }
    statements
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

    fn drop_constraint(&self, table: &str, constraint: &str) -> String {
        format!(
            "ALTER TABLE {} DROP CONSTRAINT {}",
            self.table(table),
            name(constraint)
        )
    }

    fn create_table(&self, table_name: &str, table: &Table) -> String {
        let single = match table.primary_key.as_slice() {
            [column] => Some(column),
            _ => None,
        };
        let mut items: Vec<_> = table
            .columns
            .iter()
            .map(|it| self.column(it, single == Some(&it.name)))
            .collect();
        if single.is_none() && !table.primary_key.is_empty() {
            items.push(format!("PRIMARY KEY ({})", list(&table.primary_key)));
        }
        items.extend(table.checks.iter().map(check));
        items.extend(table.foreign_keys.iter().map(|it| self.foreign_key(it)));
        let options = &table.options;
        let unlogged = options.iter().any(|it| it == "UNLOGGED");
        let kind = if unlogged { "UNLOGGED TABLE" } else { "TABLE" };
        let options: Vec<_> = options
            .iter()
            .filter(|it| *it != "UNLOGGED")
            .cloned()
            .collect();
        let separator = if self.engine == DbBackend::Sqlite {
            ", "
        } else {
            " "
        };
        let statement = format!(
            "CREATE {kind} {} ({}) {}",
            self.table(table_name),
            items.join(", "),
            options.join(separator)
        );
        statement.trim_end().to_owned()
    }

    pub(crate) fn column(&self, column: &Column, is_key: bool) -> String {
        let mut words = vec![name(&column.name), column.data_type.clone()];
        words.extend(
            column
                .collation
                .as_ref()
                .map(|it| format!("COLLATE {}", name(it))),
        );
        if let Some(generated) = &column.generated {
            let kept = if generated.stored {
                "STORED"
            } else {
                "VIRTUAL"
            };
            words.push(format!(
                "GENERATED ALWAYS AS ({}) {kept}",
                generated.expression
            ));
        }
        words.extend(
            column
                .default
                .as_ref()
                .map(|it| format!("DEFAULT {}", self.default(it))),
        );
        if !column.nullable {
            words.push("NOT NULL".to_owned());
        }
        if is_key {
            words.push("PRIMARY KEY".to_owned());
        }
        words.extend(column.identity.map(|it| self.identity(it).to_owned()));
        words.retain(|it| !it.is_empty());
        words.join(" ")
    }

    fn identity(&self, identity: Identity) -> &'static str {
        match (self.engine, identity) {
            (DbBackend::Sqlite, _) => "AUTOINCREMENT",
            (_, Identity::Always) => "GENERATED ALWAYS AS IDENTITY",
            (_, Identity::ByDefault | Identity::Serial) => "GENERATED BY DEFAULT AS IDENTITY",
        }
    }

    /// SQLite wants parentheses around whatever is no literal; PostgreSQL does not mind them.
    fn default(&self, default: &str) -> String {
        if self.engine == DbBackend::Sqlite && !is_literal(default) {
            format!("({default})")
        } else {
            default.to_owned()
        }
    }

    fn add_column(
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
    fn alter_column(
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
                statements.extend(without_identity(&table, from, &alter));
                statements.push(format!("{alter} ADD {}", self.identity(Identity::Always)));
                statements.push(format!(
                    "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({column}), 0) + 1, false) FROM {table}",
                    literal(&table),
                    literal(&to.name)
                ));
            }
            _ => {}
        }
        statements
    }

    fn create_index(&self, table: &str, index: &Index) -> String {
        let parts: Vec<_> = index.parts.iter().map(part).collect();
        let parts = parts.join(", ");
        let mut tail = String::new();
        if !index.included.is_empty() {
            tail = format!(" INCLUDE ({})", list(&index.included));
        }
        let distinct = if index.nulls_not_distinct {
            " NULLS NOT DISTINCT"
        } else {
            ""
        };
        let (table, index_name) = (self.table(table), name(&index.name));
        if index.is_constraint {
            let when = deferrable(index.deferrable);
            return format!(
                "ALTER TABLE {table} ADD CONSTRAINT {index_name} UNIQUE{distinct} ({parts}){tail}{when}"
            );
        }
        let unique = if index.unique { "UNIQUE " } else { "" };
        let method = match index.method.as_str() {
            "btree" => String::new(),
            method => format!(" USING {method}"),
        };
        let predicate = index.predicate.as_ref().map(|it| format!(" WHERE {it}"));
        let predicate = predicate.unwrap_or_default();
        format!(
            "CREATE {unique}INDEX {index_name} ON {table}{method} ({parts}){tail}{distinct}{predicate}"
        )
    }

    fn foreign_key(&self, key: &ForeignKey) -> String {
        let columns = list(&key.columns);
        let constraint = format!("CONSTRAINT {} FOREIGN KEY ({columns})", name(&key.name));
        let references = self.references(key);
        let references = references.split_once("REFERENCES").map_or("", |(_, it)| it);
        format!("{constraint} REFERENCES{references}")
    }

    /// Of a single column, in its definition.
    pub(crate) fn references(&self, key: &ForeignKey) -> String {
        let mut words = vec![format!(
            "CONSTRAINT {} REFERENCES {} ({})",
            name(&key.name),
            self.table(&key.target),
            list(&key.target_columns)
        )];
        if key.match_full {
            words.push("MATCH FULL".to_owned());
        }
        for (event, on) in [("UPDATE", key.on_update), ("DELETE", key.on_delete)] {
            words.extend(action(on).map(|it| format!("ON {event} {it}")));
        }
        words.join(" ") + deferrable(key.deferrable)
    }

    fn rebuild(&self, table: &str, to: &Table, copied: &[(String, Fill)]) -> Vec<String> {
        let new = format!("{table}__new");
        let columns: Vec<_> = copied.iter().map(|(column, _)| column.clone()).collect();
        let values: Vec<_> = copied.iter().map(|(_, fill)| fill.sql()).collect();
        let (new_name, old_name) = (name(&new), name(table));
        let mut statements = vec![self.create_table(&new, to)];
        if !copied.is_empty() {
            statements.push(format!(
                "INSERT INTO {new_name} ({}) SELECT {} FROM {old_name}",
                list(&columns),
                values.join(", ")
            ));
        }
        statements.push(format!("DROP TABLE {old_name}"));
        statements.push(format!("ALTER TABLE {new_name} RENAME TO {old_name}"));
        statements
    }
}

fn part(part: &Part) -> String {
    let mut words = vec![match &part.key {
        Key::Column(column) => name(column),
        Key::Expression(sql) if sql.starts_with('(') && sql.ends_with(')') => sql.clone(),
        Key::Expression(sql) => format!("({sql})"),
    }];
    words.extend(
        part.collation
            .as_ref()
            .map(|it| format!("COLLATE {}", name(it))),
    );
    words.extend(part.operator_class.clone());
    if part.descending {
        words.push("DESC".to_owned());
    }
    if part.nulls_reversed {
        let end = if part.descending { "LAST" } else { "FIRST" };
        words.push(format!("NULLS {end}"));
    }
    words.join(" ")
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

/// Types of one family have casts of their own; between others the text of a value decides.
fn using(from: &str, to: &str, column: &str) -> String {
    let (old, new) = (family(from), family(to));
    let has_cast = (old == new && old != Family::Other)
        || new == Family::Text
        || (from == "boolean" && to == "integer")
        || from.ends_with("[]")
        || to.ends_with("[]");
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
