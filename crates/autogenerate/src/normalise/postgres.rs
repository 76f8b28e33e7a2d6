//! PostgreSQL's spellings.

use super::without_parentheses;
use crate::catalog::{Column, Identity};

/// PostgreSQL tells `name IN ('a', 'b')` of a VARCHAR as `(ARRAY['a'::character varying, ...])::text[]`, and what it has
/// told, told to it again, as `ARRAY[('a'::character varying)::text, ...]`.
pub(super) fn cast_one_by_one(expression: &str) -> String {
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

pub(super) fn column(column: &mut Column) {
    if column.identity == Some(Identity::Serial) {
        column.identity = Some(Identity::ByDefault);
    }
    column.default = column
        .default
        .take()
        .and_then(|it| default(&it, &column.data_type));
}

/// `'x'::text` is `'x'`, `'-1'::integer` is `-1`, `now()` is `CURRENT_TIMESTAMP`, and NULL is no default.
pub(super) fn default(default: &str, data_type: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(default(written, data_type).as_deref(), meant, "{written}");
        }
    }
}
