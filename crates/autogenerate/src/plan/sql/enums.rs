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
pub(super) fn replace(
    of: &str,
    old: &[String],
    values: &[String],
    columns: &[EnumColumn],
) -> Vec<String> {
    let bare = of.rsplit('.').next().unwrap_or(of);
    let rename = format!(
        "ALTER TYPE {} RENAME TO {}",
        qualified(of),
        name(&format!("{bare}__old"))
    );
    let lost: Vec<_> = old.iter().filter(|it| !values.contains(it)).collect();
    let mut statements = Vec::new();
    if !lost.is_empty() && !columns.is_empty() {
        statements.push(refuse(of, &lost, columns));
    }
    statements.extend([rename, create(of, values)]);
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

/// Rows that have a value which goes: PostgreSQL would tell the value, and neither where it is nor what to do.
fn refuse(of: &str, lost: &[&String], columns: &[EnumColumn]) -> String {
    let lost: Vec<_> = lost.iter().map(|it| literal(it)).collect();
    let lost = lost.join(", ");
    let refusals = columns.iter().map(|it| {
        let (table, column) = (qualified(&it.table), name(&it.column));
        let has = match it.data_type.find('[') {
            Some(_) => format!("{column}::text[] && ARRAY[{lost}]"),
            None => format!("{column}::text IN ({lost})"),
        };
        let message = literal(&format!(
            "{}.{} has rows with values that the enum {of} loses: {lost}. Give them another one first: UPDATE {table} SET \
             {column} = ... WHERE {has}",
            it.table, it.column
        ));
        format!(
            "IF EXISTS (SELECT FROM {table} WHERE {has}) THEN RAISE EXCEPTION USING MESSAGE = {message}; END IF;"
        )
    });
    let refusals: Vec<_> = refusals.collect();
    format!("DO $enum$ BEGIN {} END $enum$", refusals.join(" "))
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
