//! PostgreSQL's enums.

use super::{literal, name, qualified};
use crate::plan::operation::EnumColumn;

pub(super) fn create(name: &str, values: &[String]) -> String {
    let values: Vec<_> = values.iter().map(|it| literal(it)).collect();
    format!(
        "CREATE TYPE {} AS ENUM ({})",
        qualified(name),
        values.join(", ")
    )
}

/// By way of text: only values that both have come along.
pub(super) fn replace(of: &str, values: &[String], columns: &[EnumColumn]) -> Vec<String> {
    let bare = of.rsplit('.').next().unwrap_or(of);
    let rename = format!(
        "ALTER TYPE {} RENAME TO {}",
        qualified(of),
        name(&format!("{bare}__old"))
    );
    let mut statements = vec![rename, create(of, values)];
    for EnumColumn {
        table,
        column,
        data_type,
        old_default,
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
        if old_default.is_some() {
            statements.push(format!("{alter} DROP DEFAULT"));
        }
        statements.push(format!("{alter} TYPE {data_type} USING {cast}"));
        if let Some(default) = default {
            statements.push(format!("{alter} SET DEFAULT {default}"));
        }
    }
    statements
}

/// At the end, unless it comes before another.
pub(super) fn add_value(of: &str, value: &str, before: Option<&String>) -> String {
    let place = before.map(|it| format!(" BEFORE {}", literal(it)));
    let (of, value) = (qualified(of), literal(value));
    format!(
        "ALTER TYPE {of} ADD VALUE {value}{}",
        place.unwrap_or_default()
    )
}
