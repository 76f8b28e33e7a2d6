//! What columns get in rows that are there already.

use std::collections::BTreeMap;

use sea_orm::DbBackend;

use super::diff::{Altered, TableChange};
use super::operation::Fill;
use super::sql::name;
use crate::catalog::{Column, Index, Key};

#[derive(Debug)]
pub(crate) struct Fills {
    /// By table and column; `None` where it is to be written into the file.
    pub given: BTreeMap<(String, String), Option<String>>,
    pub engine: DbBackend,
}

impl Fills {
    /// For the way back.
    pub(crate) fn placeholders(engine: DbBackend) -> Self {
        Self {
            given: BTreeMap::new(),
            engine,
        }
    }

    pub(crate) fn added(&self, change: &TableChange<'_>, column: &Column) -> Option<Fill> {
        let has_value = (column.nullable || column.default.is_some())
            && !same_in_all(change, column)
            || column.identity.is_some()
            || column.generated.is_some();
        let needed = (!has_value).then(|| self.needed(change, column));
        self.given(change.name, column).or(needed)
    }

    pub(crate) fn altered(&self, change: &TableChange<'_>, altered: &Altered<'_>) -> Option<Fill> {
        let to = altered.to;
        if to.generated.is_some() {
            return None;
        }
        let no_longer_computed = altered.from.generated.is_some() && !to.nullable;
        let needed = (altered.nullable() && !to.nullable) || no_longer_computed;
        let default = to.default.clone().map(Fill::Expression);
        let numbered = to.identity.is_some();
        let value = default.unwrap_or_else(|| self.needed(change, to));
        let needed = (needed && !numbered).then_some(value);
        self.given(change.name, to).or(needed)
    }

    fn needed(&self, change: &TableChange<'_>, column: &Column) -> Fill {
        let of_its_own = Self::of_its_own(change, column);
        Fill::Placeholder(of_its_own.unwrap_or_else(|| self.placeholder(column)))
    }

    /// Where no two rows may have the same: what is made of the key of the row, as far as the type has room for that.
    fn of_its_own(change: &TableChange<'_>, column: &Column) -> Option<String> {
        let key = Key::Column(column.name.clone());
        let mut unique = change.to.indexes.iter().filter(|it| it.unique);
        if !unique.any(|it| it.parts.iter().any(|it| it.key == key)) {
            return None;
        }
        let [key] = change.from.primary_key.as_slice() else {
            return None;
        };
        let key = change.from.column(key)?;
        let data_type = column.data_type.to_lowercase();
        let is_text = data_type.contains("char") || data_type.contains("text");
        let key_name = name(&key.name);
        if key.data_type == column.data_type {
            Some(key_name)
        } else if is_text && !data_type.ends_with("[]") && !data_type.contains("uuid") {
            Some(format!("CAST({key_name} AS text)"))
        } else {
            None
        }
    }

    fn given(&self, table: &str, column: &Column) -> Option<Fill> {
        let given = self.given.get(&(table.to_owned(), column.name.clone()))?;
        Some(match given {
            Some(sql) => Fill::Expression(sql.clone()),
            None => Fill::Open(self.placeholder(column)),
        })
    }

    fn placeholder(&self, column: &Column) -> String {
        match self.engine {
            DbBackend::Postgres => postgres(&column.data_type),
            _ => sqlite(&column.data_type),
        }
    }
}

/// Whether the default of a new column gives all rows that are there one value, and no two may have the same.
fn same_in_all(change: &TableChange<'_>, column: &Column) -> bool {
    let is_constant = |default: &String| !default.contains('(') || default.contains("now()");
    let part = Key::Column(column.name.clone());
    let is_alone = |index: &Index| index.unique && index.parts.iter().all(|it| it.key == part);
    column.default.as_ref().is_some_and(is_constant) && change.to.indexes.iter().any(is_alone)
}

fn postgres(data_type: &str) -> String {
    let name = data_type.split('(').next().unwrap_or_default();
    let literal = match name {
        _ if data_type.ends_with("[]") => "'{}'",
        "smallint" | "integer" | "bigint" | "real" | "double precision" | "numeric" | "money"
        | "oid" => "0",
        "boolean" => "false",
        "text" | "character varying" | "character" | "bytea" | "citext" | "name" => "''",
        "uuid" => "'00000000-0000-0000-0000-000000000000'",
        "date" => "'1970-01-01'",
        "json" | "jsonb" => "'null'",
        "inet" | "cidr" => "'0.0.0.0'",
        "macaddr" => "'00:00:00:00:00:00'",
        "bit varying" => "B''",
        _ if name.starts_with("interval") => "'0'",
        _ if name.ends_with("range") => "'empty'",
        _ if name.starts_with("timestamp") => "'1970-01-01 00:00:00+00'",
        _ if name.starts_with("time") => "'00:00:00'",
        "bit" => {
            let size = data_type.trim_end_matches(')').rsplit('(').next();
            let size = size.and_then(|it| it.parse().ok()).unwrap_or(1);
            return format!("B'{}'", "0".repeat(size));
        }
        // An enum, most likely.
        _ => return format!("(enum_range(NULL::{data_type}))[1]"),
    };
    literal.to_owned()
}

fn sqlite(data_type: &str) -> String {
    let data_type = data_type.to_lowercase();
    let holds = |part: &str| data_type.contains(part);
    let literal = if holds("uuid") {
        "'00000000-0000-0000-0000-000000000000'"
    } else if holds("timestamp") || holds("datetime") {
        "'1970-01-01 00:00:00'"
    } else if holds("date") {
        "'1970-01-01'"
    } else if holds("time") {
        "'00:00:00'"
    } else if holds("json") {
        "'null'"
    } else if holds("blob") {
        "x''"
    } else if holds("char") || holds("clob") || holds("text") {
        "''"
    } else {
        "0"
    };
    literal.to_owned()
}
