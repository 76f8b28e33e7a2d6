//! Makes spellings equal that mean the same; whatever is left is a difference.

use sea_orm::DbBackend;

use crate::catalog::{Catalog, Column, Identity, Index, Key, Table};
use crate::sqlite::spelled;

pub(crate) fn normalise(catalog: &mut Catalog, engine: DbBackend) {
    for table in catalog.tables.values_mut() {
        keys(table);
        let key = table.primary_key.clone();
        for column in &mut table.columns {
            if engine == DbBackend::Sqlite {
                let is_key = key.len() == 1 && key[0] == column.name;
                column.data_type = sqlite_type(&column.data_type, is_key);
                column.default = column
                    .default
                    .take()
                    .and_then(|it| sqlite_default(&it, &column.data_type));
                // It says which one it is; the default one is none.
                let collation = column.collation.take().map(|it| it.to_lowercase());
                column.collation = collation.filter(|it| it != "binary");
            } else {
                postgres(column);
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
        cast_one_by_one(expression)
    }
}

/// PostgreSQL tells `name IN ('a', 'b')` of a VARCHAR as `(ARRAY['a'::character varying, ...])::text[]`, and what it has
/// told, told to it again, as `ARRAY[('a'::character varying)::text, ...]`.
fn cast_one_by_one(expression: &str) -> String {
    const OPEN: &str = "(ARRAY[";
    const CLOSE: &str = "])::text[]";
    const ITEM: &str = "'::character varying";
    let Some((before, rest)) = expression.split_once(OPEN) else {
        return expression.to_owned();
    };
    let mut items = Vec::new();
    let mut left = rest;
    while let Some(text) = left.strip_prefix('\'') {
        let Some(end) = text.find(ITEM) else { break };
        items.push(format!("('{}{ITEM})::text", &text[..end]));
        left = &text[end + ITEM.len()..];
        left = left.strip_prefix(", ").unwrap_or(left);
    }
    match left.strip_prefix(CLOSE) {
        Some(after) if !items.is_empty() => {
            let after = cast_one_by_one(after);
            format!("{before}ARRAY[{}]{after}", items.join(", "))
        }
        _ => format!("{before}{OPEN}{}", cast_one_by_one(rest)),
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

fn postgres(column: &mut Column) {
    if column.identity == Some(Identity::Serial) {
        column.identity = Some(Identity::ByDefault);
    }
    column.default = column
        .default
        .take()
        .and_then(|it| postgres_default(&it, &column.data_type));
}

/// `'x'::text` is `'x'`, `'-1'::integer` is `-1`, `now()` is `CURRENT_TIMESTAMP`, and NULL is no default.
fn postgres_default(default: &str, data_type: &str) -> Option<String> {
    let default = without_parentheses(default);
    let literal = without_cast(default);
    match literal {
        "now()" | "transaction_timestamp()" => return Some("CURRENT_TIMESTAMP".to_owned()),
        "NULL" => return None,
        _ => {}
    }
    let number = literal.trim_matches('\'');
    if is_postgres_number(data_type) && number.parse::<f64>().is_ok() {
        return Some(number.to_owned());
    }
    Some(literal.to_owned())
}

/// Without the cast of a literal to the column's type. A cast of anything else may change it, and stays.
fn without_cast(default: &str) -> &str {
    let Some((literal, data_type)) = default.rsplit_once("::") else {
        return default;
    };
    let is_type = data_type
        .chars()
        .all(|c| c.is_alphanumeric() || " _\"(),.[]".contains(c));
    let quoted = literal
        .strip_prefix('\'')
        .and_then(|it| it.strip_suffix('\''));
    let is_text = quoted.is_some_and(|it| !it.replace("''", "").contains('\''));
    let is_number = literal.parse::<f64>().is_ok();
    if is_type && (is_text || is_number || literal == "NULL") {
        literal
    } else {
        default
    }
}

fn is_postgres_number(data_type: &str) -> bool {
    let name = data_type.split('(').next().unwrap_or_default();
    [
        "smallint",
        "integer",
        "bigint",
        "real",
        "double precision",
        "numeric",
    ]
    .contains(&name)
}

/// A type in the one spelling.
pub(crate) fn type_name(name: &str, engine: DbBackend) -> String {
    match engine {
        DbBackend::Sqlite => sqlite_type(name, false),
        _ => name.to_owned(),
    }
}

/// The default of a column in the one spelling.
pub(crate) fn default_of(column: &Column, engine: DbBackend) -> Option<String> {
    let default = column.default.as_deref()?;
    match engine {
        DbBackend::Sqlite => {
            let data_type = sqlite_type(&column.data_type, false);
            sqlite_default(default, &data_type)
        }
        _ => postgres_default(default, &column.data_type),
    }
}

/// In lower case, with one blank where there may be many. SQLite takes any name for a type: those that neither it nor
/// SeaORM knows are PostgreSQL's (an enum, a domain), for which `enumeration()` writes `enum_text`.
fn sqlite_type(data_type: &str, is_key: bool) -> String {
    let data_type = spelled(data_type).replace(" (", "(");
    let name = data_type.split('(').next().unwrap_or_default();
    match name {
        // An INTEGER alone, and no other name for it, makes a key the row's own number.
        "int" | "int2" | "int4" | "int8" | "bigint" | "mediumint" if !is_key => {
            "integer".to_owned()
        }
        "character varying" => data_type.replacen("character varying", "varchar", 1),
        "double precision" => "double".to_owned(),
        "bool" => "boolean".to_owned(),
        _ if SQLITE_TYPES.contains(&name) => data_type,
        _ => "enum_text".to_owned(),
    }
}

const SQLITE_TYPES: &[&str] = &[
    "",
    "any",
    "bigint",
    "blob",
    "boolean",
    "char",
    "character",
    "clob",
    "date",
    "date_text",
    "datetime",
    "datetime_text",
    "decimal",
    "double",
    "float",
    "int",
    "int2",
    "int4",
    "int8",
    "integer",
    "json",
    "json_text",
    "jsonb_text",
    "mediumint",
    "nchar",
    "numeric",
    "nvarchar",
    "real",
    "real_decimal",
    "real_money",
    "smallint",
    "text",
    "time",
    "time_text",
    "timestamp",
    "timestamp_text",
    "timestamp_with_timezone_text",
    "tinyint",
    "uuid_text",
    "varbinary_blob",
    "varchar",
];

/// As the column would keep it: TRUE is 1, `'5'` is 5 in a column of numbers, 5 is `'5'` in one of text.
fn sqlite_default(default: &str, data_type: &str) -> Option<String> {
    let default = without_parentheses(default);
    let written = spelled(default);
    match written.as_str() {
        "null" => return None,
        "true" => return Some("1".to_owned()),
        "false" => return Some("0".to_owned()),
        "current_timestamp" | "datetime('now')" | "datetime ('now')" => {
            return Some("CURRENT_TIMESTAMP".to_owned());
        }
        "current_date" | "date ('now')" => return Some("CURRENT_DATE".to_owned()),
        "current_time" | "time ('now')" => return Some("CURRENT_TIME".to_owned()),
        _ => {}
    }
    let quoted = default
        .strip_prefix('\'')
        .and_then(|it| it.strip_suffix('\''));
    let number = quoted.unwrap_or(default).trim_start_matches('+');
    let is_number = number.parse::<f64>().is_ok() && !number.ends_with(char::is_alphabetic);
    match sqlite_affinity(data_type) {
        Affinity::Number if is_number => Some(number.to_owned()),
        Affinity::Text if is_number => Some(format!("'{number}'")),
        _ if quoted.is_some() => Some(default.to_owned()),
        _ => Some(written),
    }
}

enum Affinity {
    Number,
    Text,
    None,
}

/// By the rules of <https://sqlite.org/datatype3.html#determination_of_column_affinity>.
fn sqlite_affinity(data_type: &str) -> Affinity {
    let holds = |parts: &[&str]| parts.iter().any(|it| data_type.contains(it));
    if holds(&["int"]) {
        Affinity::Number
    } else if holds(&["char", "clob", "text"]) {
        Affinity::Text
    } else if data_type.is_empty() || holds(&["blob"]) {
        Affinity::None
    } else {
        Affinity::Number
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

    #[test]
    fn a_list_of_postgresql_has_one_spelling() {
        let told =
            "(a)::text = ANY ((ARRAY['x'::character varying, 'it''s'::character varying])::text[])";
        let again = "(a)::text = ANY (ARRAY[('x'::character varying)::text, ('it''s'::character varying)::text])";

        assert_eq!(cast_one_by_one(told), again);
        assert_eq!(cast_one_by_one(again), again);
        let numbers = "a = ANY ((ARRAY[1, 2])::text[]) OR b";
        assert_eq!(cast_one_by_one(numbers), numbers);
    }

    #[test]
    fn a_default_of_postgresql_loses_the_cast_of_its_literal_only() {
        for (written, data_type, meant) in [
            (
                "'new'::character varying",
                "character varying(9)",
                Some("'new'"),
            ),
            ("'it''s'::text", "text", Some("'it''s'")),
            ("'-1'::integer", "bigint", Some("-1")),
            (
                "('-1'::integer)::bigint",
                "text",
                Some("('-1'::integer)::bigint"),
            ),
            ("1.5", "numeric(4,2)", Some("1.5")),
            ("'1'::text", "text", Some("'1'")),
            (
                "now()",
                "timestamp with time zone",
                Some("CURRENT_TIMESTAMP"),
            ),
            (
                "CURRENT_TIMESTAMP",
                "timestamp with time zone",
                Some("CURRENT_TIMESTAMP"),
            ),
            ("NULL::character varying", "character varying", None),
            ("lower('A'::text)", "text", Some("lower('A'::text)")),
            (
                "'a'::text || 'b'::text",
                "text",
                Some("'a'::text || 'b'::text"),
            ),
        ] {
            assert_eq!(
                postgres_default(written, data_type).as_deref(),
                meant,
                "{written}"
            );
        }
    }

    #[test]
    fn a_default_of_sqlite_is_what_the_column_would_keep() {
        for (written, data_type, meant) in [
            ("TRUE", "boolean", Some("1")),
            ("'5'", "integer", Some("5")),
            ("5", "varchar(9)", Some("'5'")),
            ("(5)", "integer", Some("5")),
            ("'5'", "blob", Some("'5'")),
            ("'A b'", "text", Some("'A b'")),
            (
                "(datetime('now'))",
                "timestamp_text",
                Some("CURRENT_TIMESTAMP"),
            ),
            (
                "current_timestamp",
                "timestamp_text",
                Some("CURRENT_TIMESTAMP"),
            ),
            ("NULL", "text", None),
        ] {
            assert_eq!(
                sqlite_default(written, data_type).as_deref(),
                meant,
                "{written}"
            );
        }
    }

    #[test]
    fn a_type_of_sqlite_has_one_spelling() {
        for (written, meant) in [
            ("VARCHAR( 9 )", "varchar(9)"),
            ("Decimal(10,2)", "decimal(10, 2)"),
            ("BIGINT", "integer"),
            ("mood", "enum_text"),
            ("text", "text"),
        ] {
            assert_eq!(sqlite_type(written, false), meant, "{written}");
        }
        assert_eq!(sqlite_type("BIGINT", true), "bigint");
    }
}
