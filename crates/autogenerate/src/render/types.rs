//! The builder's word for a type: the one that both engines understand as they should.

use sea_orm::DbBackend;
use sea_orm::sea_query::{
    ColumnDef, ColumnType, PostgresQueryBuilder, SqliteQueryBuilder, StringLen, Table,
    TableCreateStatement,
};

use crate::catalog::Column;
use crate::normalise;

/// What each engine calls it; `None` where it is not asked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Names<'a> {
    pub sqlite: Option<&'a str>,
    pub postgres: Option<&'a str>,
}

/// `.string_len(9)`; `None` where no word gives these names.
pub(super) fn word(names: Names<'_>, hint: Option<&ColumnType>) -> Option<String> {
    let known = known(names);
    let mut all = hint.into_iter().chain(&known);
    let fits = |it: &&ColumnType| {
        let sqlite = names
            .sqlite
            .is_none_or(|name| sqlite(it).is_some_and(|it| it == spelled(name)));
        let postgres = names
            .postgres
            .is_none_or(|name| postgres(it).is_some_and(|it| it == name));
        sqlite && postgres
    };
    all.find(fits).and_then(call)
}

fn known(names: Names<'_>) -> Vec<ColumnType> {
    let sizes = names.sqlite.into_iter().chain(names.postgres);
    let sizes: Vec<Vec<u32>> = sizes.map(sizes_of).collect();
    let mut types = vec![
        ColumnType::Text,
        ColumnType::Integer,
        ColumnType::BigInteger,
        ColumnType::SmallInteger,
        ColumnType::TinyInteger,
        ColumnType::Boolean,
        ColumnType::Uuid,
        ColumnType::TimestampWithTimeZone,
        ColumnType::Timestamp,
        ColumnType::DateTime,
        ColumnType::Date,
        ColumnType::Time,
        ColumnType::Double,
        ColumnType::Float,
        ColumnType::Decimal(None),
        ColumnType::Money(None),
        ColumnType::Json,
        ColumnType::JsonBinary,
        ColumnType::String(StringLen::None),
        ColumnType::Char(None),
        ColumnType::Blob,
        ColumnType::VarBinary(StringLen::None),
        ColumnType::Interval(None, None),
        ColumnType::Inet,
        ColumnType::Cidr,
        ColumnType::MacAddr,
        ColumnType::LTree,
        ColumnType::Bit(None),
    ];
    for size in sizes {
        match size.as_slice() {
            [length] => types.extend([
                ColumnType::String(StringLen::N(*length)),
                ColumnType::Char(Some(*length)),
                ColumnType::Binary(*length),
                ColumnType::VarBinary(StringLen::N(*length)),
                ColumnType::Bit(Some(*length)),
                ColumnType::VarBit(*length),
            ]),
            [precision, scale] => types.extend([
                ColumnType::Decimal(Some((*precision, *scale))),
                ColumnType::Money(Some((*precision, *scale))),
            ]),
            _ => {}
        }
    }
    types
}

fn sizes_of(name: &str) -> Vec<u32> {
    let inside = name.split_once('(').map(|(_, it)| it.trim_end_matches(')'));
    let sizes = inside.unwrap_or_default().split(',');
    sizes.filter_map(|it| it.trim().parse().ok()).collect()
}

fn spelled(sqlite: &str) -> String {
    normalise::type_name(sqlite, DbBackend::Sqlite)
}

/// As SQLite's catalog would have it.
fn sqlite(data_type: &ColumnType) -> Option<String> {
    // The builder panics for what SQLite does not have.
    let has_none = matches!(
        data_type,
        ColumnType::Interval(..)
            | ColumnType::Array(_)
            | ColumnType::Vector(_)
            | ColumnType::Cidr
            | ColumnType::Inet
            | ColumnType::MacAddr
            | ColumnType::Year
            | ColumnType::Bit(_)
            | ColumnType::VarBit(_)
            | ColumnType::LTree
    );
    let written = (!has_none).then(|| table(data_type).to_string(SqliteQueryBuilder))?;
    between(&written).map(spelled)
}

/// As PostgreSQL's catalog would have it.
fn postgres(data_type: &ColumnType) -> Option<String> {
    let has_none = matches!(data_type, ColumnType::Year);
    let written = (!has_none).then(|| table(data_type).to_string(PostgresQueryBuilder))?;
    let written = between(&written)?.replace(", ", ",");
    let (name, size) = match written.split_once('(') {
        Some((name, size)) => (name, format!("({size}")),
        None => (written.as_str(), String::new()),
    };
    let name = match name {
        "varchar" => "character varying",
        "char" if size.is_empty() => "character(1)",
        "char" => "character",
        "bool" => "boolean",
        "decimal" => "numeric",
        "timestamp" => "timestamp without time zone",
        "time" => "time without time zone",
        "varbit" => "bit varying",
        "bit" if size.is_empty() => "bit(1)",
        other => other,
    };
    Some(format!("{name}{size}"))
}

fn table(data_type: &ColumnType) -> TableCreateStatement {
    let definition = ColumnDef::new_with_type("c", data_type.clone());
    Table::create().table("t").col(definition).to_owned()
}

/// `CREATE TABLE "t" ( "c" TYPE )`
fn between(sql: &str) -> Option<&str> {
    let (_, rest) = sql.split_once("( \"c\" ")?;
    Some(rest.strip_suffix(" )")?.trim())
}

fn call(data_type: &ColumnType) -> Option<String> {
    let call = match data_type {
        ColumnType::Char(None) => "char()".to_owned(),
        ColumnType::Char(Some(length)) => format!("char_len({length})"),
        ColumnType::String(StringLen::N(length)) => format!("string_len({length})"),
        ColumnType::String(_) => "string()".to_owned(),
        ColumnType::Text => "text()".to_owned(),
        ColumnType::Blob => "blob()".to_owned(),
        ColumnType::TinyInteger => "tiny_integer()".to_owned(),
        ColumnType::SmallInteger => "small_integer()".to_owned(),
        ColumnType::Integer => "integer()".to_owned(),
        ColumnType::BigInteger => "big_integer()".to_owned(),
        ColumnType::TinyUnsigned => "tiny_unsigned()".to_owned(),
        ColumnType::SmallUnsigned => "small_unsigned()".to_owned(),
        ColumnType::Unsigned => "unsigned()".to_owned(),
        ColumnType::BigUnsigned => "big_unsigned()".to_owned(),
        ColumnType::Float => "float()".to_owned(),
        ColumnType::Double => "double()".to_owned(),
        ColumnType::Decimal(None) => "decimal()".to_owned(),
        ColumnType::Decimal(Some((precision, scale))) => {
            format!("decimal_len({precision}, {scale})")
        }
        ColumnType::DateTime => "date_time()".to_owned(),
        ColumnType::Timestamp => "timestamp()".to_owned(),
        ColumnType::TimestampWithTimeZone => "timestamp_with_time_zone()".to_owned(),
        ColumnType::Time => "time()".to_owned(),
        ColumnType::Date => "date()".to_owned(),
        ColumnType::Interval(None, None) => "interval(None, None)".to_owned(),
        ColumnType::Binary(length) => format!("binary_len({length})"),
        ColumnType::VarBinary(StringLen::N(length)) => format!("var_binary({length})"),
        ColumnType::Bit(None) => "bit(None)".to_owned(),
        ColumnType::Bit(Some(length)) => format!("bit(Some({length}))"),
        ColumnType::VarBit(length) => format!("varbit({length})"),
        ColumnType::Boolean => "boolean()".to_owned(),
        ColumnType::Money(None) => "money()".to_owned(),
        ColumnType::Money(Some((precision, scale))) => format!("money_len({precision}, {scale})"),
        ColumnType::Json => "json()".to_owned(),
        ColumnType::JsonBinary => "json_binary()".to_owned(),
        ColumnType::Uuid => "uuid()".to_owned(),
        ColumnType::Cidr => "cidr()".to_owned(),
        ColumnType::Inet => "inet()".to_owned(),
        ColumnType::MacAddr => "mac_address()".to_owned(),
        ColumnType::LTree => "ltree()".to_owned(),
        ColumnType::Custom(name) => format!("custom({:?})", name.to_string()),
        ColumnType::Enum { name, variants } => {
            let variants: Vec<_> = variants
                .iter()
                .map(|it| format!("{:?}", it.to_string()))
                .collect();
            format!(
                "enumeration({:?}, [{}])",
                name.to_string(),
                variants.join(", ")
            )
        }
        _ => return None,
    };
    Some(format!(".{call}"))
}

/// Whether the word for its type is the one of truth values.
pub(super) fn is_boolean(column: &Column) -> bool {
    column.data_type.eq_ignore_ascii_case("boolean")
        || column.data_type.eq_ignore_ascii_case("bool")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_right_on_both_engines() {
        for (sqlite, postgres, expected) in [
            ("varchar(9)", "character varying(9)", ".string_len(9)"),
            ("text", "text", ".text()"),
            ("integer", "bigint", ".big_integer()"),
            ("integer", "integer", ".integer()"),
            ("real(10, 2)", "numeric(10,2)", ".decimal_len(10, 2)"),
            (
                "timestamp_with_timezone_text",
                "timestamp with time zone",
                ".timestamp_with_time_zone()",
            ),
            ("uuid_text", "uuid", ".uuid()"),
            ("boolean", "boolean", ".boolean()"),
            ("jsonb_text", "jsonb", ".json_binary()"),
            ("blob", "bytea", ".blob()"),
            ("varbinary_blob(9)", "bytea", ".var_binary(9)"),
        ] {
            let names = Names {
                sqlite: Some(sqlite),
                postgres: Some(postgres),
            };
            assert_eq!(
                word(names, None).as_deref(),
                Some(expected),
                "{sqlite}, {postgres}"
            );
        }
    }

    #[test]
    fn where_one_engine_is_asked_the_entity_decides() {
        let names = Names {
            sqlite: Some("integer"),
            postgres: None,
        };

        assert_eq!(word(names, None).as_deref(), Some(".integer()"));
        let hint = ColumnType::BigInteger;
        assert_eq!(word(names, Some(&hint)).as_deref(), Some(".big_integer()"));
        let other = ColumnType::Uuid;
        assert_eq!(word(names, Some(&other)).as_deref(), Some(".integer()"));
    }

    #[test]
    fn what_no_word_gives_has_none() {
        let names = Names {
            sqlite: Some("text"),
            postgres: Some("uuid"),
        };

        assert_eq!(word(names, None), None);
    }
}
