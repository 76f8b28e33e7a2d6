//! Makes spellings equal that mean the same; whatever is left is a difference.

mod postgres;
mod sqlite;

use sea_orm::DbBackend;

use crate::catalog::{Catalog, Column, Index, Key, Table};
use crate::sqlite::spelled;

pub(crate) fn normalise(catalog: &mut Catalog, engine: DbBackend) {
    for table in catalog.tables.values_mut() {
        keys(table);
        let key = table.primary_key.clone();
        for column in &mut table.columns {
            if engine == DbBackend::Sqlite {
                let is_key = key.len() == 1 && key[0] == column.name;
                column.data_type = sqlite::type_name(&column.data_type, is_key);
                column.default = column
                    .default
                    .take()
                    .and_then(|it| sqlite::default(&it, &column.data_type));
                // It says which one it is; the default one is none.
                let collation = column.collation.take().map(|it| it.to_lowercase());
                column.collation = collation.filter(|it| it != "binary");
            } else {
                postgres::column(column);
            }
            if let Some(generated) = &mut column.generated {
                generated.expression = expression(&generated.expression, engine);
            }
        }
        for check in &mut table.checks {
            check.expression = expression(&check.expression, engine);
        }
        for index in &mut table.indexes {
            self::index(index, engine);
        }
    }
    if engine == DbBackend::Sqlite {
        let texts = catalog
            .views
            .values_mut()
            .chain(catalog.triggers.values_mut());
        for text in texts {
            *text = spelled(text);
        }
    }
}

fn expression(expression: &str, engine: DbBackend) -> String {
    let expression = without_parentheses(expression);
    if engine == DbBackend::Sqlite {
        spelled(expression)
    } else {
        postgres::cast_one_by_one(expression)
    }
}

/// Whether a constraint or an index keeps values unique, they are unique.
fn index(index: &mut Index, engine: DbBackend) {
    index.is_constraint = false;
    if index.name.starts_with("sqlite_autoindex_") {
        index.name.clear();
    }
    for part in &mut index.parts {
        if let Key::Expression(text) = &mut part.key {
            *text = expression(text, engine);
        }
    }
    index.predicate = index.predicate.take().map(|it| expression(&it, engine));
}

/// A primary key is never NULL, whether it says so or not.
fn keys(table: &mut Table) {
    for column in &mut table.columns {
        if table.primary_key.contains(&column.name) {
            column.nullable = false;
        }
    }
}

/// A type in the one spelling.
pub(crate) fn type_name(name: &str, engine: DbBackend) -> String {
    match engine {
        DbBackend::Sqlite => sqlite::type_name(name, false),
        _ => name.to_owned(),
    }
}

/// The default of a column in the one spelling.
pub(crate) fn default_of(column: &Column, engine: DbBackend) -> Option<String> {
    let default = column.default.as_deref()?;
    match engine {
        DbBackend::Sqlite => {
            let data_type = sqlite::type_name(&column.data_type, false);
            sqlite::default(default, &data_type)
        }
        _ => postgres::default(default, &column.data_type),
    }
}

/// Without blanks and pairs of parentheses around all of it.
pub(crate) fn without_parentheses(expression: &str) -> &str {
    let expression = expression.trim();
    let Some(inner) = expression
        .strip_prefix('(')
        .and_then(|it| it.strip_suffix(')'))
    else {
        return expression;
    };
    let mut depth = 0_i32;
    let mut is_text = false;
    for c in inner.chars() {
        match c {
            '\'' => is_text = !is_text,
            '(' if !is_text => depth += 1,
            ')' if !is_text => depth -= 1,
            _ => {}
        }
        // `(a) or (b)`: the first one closes before the end.
        if depth < 0 {
            return expression;
        }
    }
    without_parentheses(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_go_in_pairs_around_all_of_it_only() {
        assert_eq!(without_parentheses(" ((a + 1)) "), "a + 1");
        assert_eq!(without_parentheses("(a) or (b)"), "(a) or (b)");
        assert_eq!(without_parentheses("(a = ')')"), "a = ')'");
    }
}
