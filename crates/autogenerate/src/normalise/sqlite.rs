//! SQLite's spellings.

use super::without_parentheses;
use crate::sqlite::spelled;

/// In lower case, with one blank where there may be many. SQLite takes any name for a type: those that neither it nor
/// SeaORM knows are PostgreSQL's (an enum, a domain), for which `enumeration()` writes `enum_text`.
pub(super) fn type_name(data_type: &str, is_key: bool) -> String {
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
        _ if TYPES.contains(&name) => data_type,
        _ => "enum_text".to_owned(),
    }
}

const TYPES: &[&str] = &[
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
pub(super) fn default(default: &str, data_type: &str) -> Option<String> {
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
    match affinity(data_type) {
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
fn affinity(data_type: &str) -> Affinity {
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

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(default(written, data_type).as_deref(), meant, "{written}");
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
            assert_eq!(type_name(written, false), meant, "{written}");
        }
        assert_eq!(type_name("BIGINT", true), "bigint");
    }
}
