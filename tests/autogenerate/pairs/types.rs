//! The column types of SeaORM that an engine has, and which of them hold each other's values.

use std::sync::Arc;

use fastrand::Rng;
use sea_orm_migration::prelude::{
    ColumnDef, ColumnType, PostgresQueryBuilder, SqliteQueryBuilder, StringLen, Table,
};
use sea_orm_migration::sea_query::PgInterval;
use support::Engine;

use super::pick;

pub(super) fn any(rng: &mut Rng, engine: Engine) -> ColumnType {
    use ColumnType as T;
    let length = rng.u32(9..40);
    let digits = (rng.u32(6..12), rng.u32(2..4));
    let custom = |name: &'static str| T::custom(name);
    let everywhere = [
        T::Char(Some(rng.u32(4..9))),
        T::Char(None),
        T::String(StringLen::None),
        T::String(StringLen::Max),
        T::String(StringLen::N(length)),
        T::String(StringLen::N(length + 9)),
        T::Text,
        T::Text,
        T::Blob,
        T::TinyInteger,
        T::SmallInteger,
        T::Integer,
        T::Integer,
        T::BigInteger,
        T::TinyUnsigned,
        T::SmallUnsigned,
        T::Unsigned,
        T::BigUnsigned,
        T::Float,
        T::Double,
        T::Decimal(None),
        T::Decimal(Some(digits)),
        T::DateTime,
        T::Timestamp,
        T::TimestampWithTimeZone,
        T::Time,
        T::Date,
        T::Binary(length),
        T::VarBinary(StringLen::None),
        T::VarBinary(StringLen::N(length)),
        T::VarBinary(StringLen::Max),
        T::Boolean,
        T::Boolean,
        T::Money(None),
        T::Json,
        T::JsonBinary,
        T::Uuid,
    ];
    let here = match engine {
        Engine::Sqlite => vec![custom("numeric"), custom("clob"), T::Money(Some(digits))],
        Engine::Postgres => vec![
            custom("int4range"),
            custom("name"),
            T::Interval(None, None),
            T::Interval(Some(PgInterval::YearToMonth), None),
            T::Interval(None, Some(3)),
            T::Bit(Some(8)),
            T::VarBit(8),
            T::Inet,
            T::Cidr,
            T::MacAddr,
            T::Array(Arc::new(T::Integer)),
            T::Array(Arc::new(T::Text)),
            T::Array(Arc::new(T::Uuid)),
        ],
    };
    let at = rng.usize(0..everywhere.len() + here.len());
    let mut all = everywhere.into_iter().chain(here);
    all.nth(at).expect("it is one of them")
}

/// Holds all that the other does.
pub(super) fn wider(rng: &mut Rng, column_type: &ColumnType) -> Option<ColumnType> {
    use ColumnType as T;
    let wider = match column_type {
        T::TinyInteger => pick(rng, &[T::SmallInteger, T::Integer, T::BigInteger]),
        T::SmallInteger => pick(rng, &[T::Integer, T::BigInteger]),
        T::Integer => T::BigInteger,
        T::Float => T::Double,
        T::Decimal(Some((digits, scale))) => {
            let more = T::Decimal(Some((digits + 2, scale + 1)));
            pick(rng, &[more, T::Decimal(None)])
        }
        T::String(StringLen::N(length)) => {
            let more = T::String(StringLen::N(length + 5));
            pick(rng, &[more, T::String(StringLen::None), T::Text])
        }
        T::String(_) => T::Text,
        T::VarBit(length) => T::VarBit(length + 4),
        T::Array(of) => T::Array(Arc::new(wider(rng, of)?)),
        _ => return None,
    };
    Some(wider)
}

/// Holds what is short and small of the other.
pub(super) fn narrower(rng: &mut Rng, column_type: &ColumnType) -> Option<ColumnType> {
    use ColumnType as T;
    let narrower = match column_type {
        T::BigInteger => pick(rng, &[T::Integer, T::SmallInteger]),
        T::Integer => T::SmallInteger,
        T::SmallInteger => T::TinyInteger,
        T::Double => T::Float,
        T::Decimal(None) => T::Decimal(Some((8, 2))),
        T::Decimal(Some((digits, scale))) if *digits > 5 => T::Decimal(Some((digits - 1, *scale))),
        T::Text | T::String(StringLen::None) => T::String(StringLen::N(40)),
        T::String(StringLen::N(length)) if *length > 4 => T::String(StringLen::N(length - 1)),
        T::Array(of) => T::Array(Arc::new(narrower(rng, of)?)),
        _ => return None,
    };
    Some(narrower)
}

/// As the engine has it: types of one spelling are one type.
pub(super) fn spelled(engine: Engine, column_type: &ColumnType) -> String {
    let mut table = Table::create();
    table
        .table("t")
        .col(ColumnDef::new_with_type("c", column_type.clone()));
    let sql = match engine {
        Engine::Sqlite => table.to_string(SqliteQueryBuilder),
        Engine::Postgres => table.to_string(PostgresQueryBuilder),
    };
    let start = sql.find("\"c\" ").expect("it has the column") + 4;
    let spelled = sql[start..].strip_suffix(" )");
    let spelled = spelled.expect("nothing stands behind the type");
    match spelled {
        "timestamp" if engine == Engine::Postgres => "timestamp without time zone",
        "char" => "char(1)",
        other => other,
    }
    .to_owned()
}

pub(super) fn is_whole(column_type: &ColumnType) -> bool {
    use ColumnType as T;
    matches!(
        column_type,
        T::TinyInteger
            | T::SmallInteger
            | T::Integer
            | T::BigInteger
            | T::TinyUnsigned
            | T::SmallUnsigned
            | T::Unsigned
            | T::BigUnsigned
    )
}

pub(super) fn is_number(column_type: &ColumnType) -> bool {
    use ColumnType as T;
    is_whole(column_type) || matches!(column_type, T::Float | T::Double | T::Decimal(_))
}

pub(super) fn is_text(column_type: &ColumnType) -> bool {
    use ColumnType as T;
    matches!(column_type, T::String(_) | T::Text)
}

/// Long enough for a value of any type that is written out.
pub(super) fn is_long_text(column_type: &ColumnType) -> bool {
    match column_type {
        ColumnType::String(StringLen::N(length)) => *length >= 40,
        other => is_text(other),
    }
}

/// Each row can have another.
pub(super) fn has_many_values(column_type: &ColumnType) -> bool {
    use ColumnType as T;
    // PostgreSQL does not compare texts of JSON.
    !matches!(column_type, T::Boolean | T::Json)
}

/// An index can be ordered by it.
pub(super) fn is_ordered(column_type: &ColumnType) -> bool {
    !matches!(column_type, ColumnType::Json)
}

/// Whether `wider` or `narrower` made the one of the other.
pub(super) fn is_grown(one: &ColumnType, other: &ColumnType) -> bool {
    use ColumnType as T;
    match (one, other) {
        (T::VarBit(_), T::VarBit(_)) => true,
        (T::Array(one), T::Array(other)) => {
            is_number(one) && is_number(other) || is_text(one) && is_text(other)
        }
        _ => false,
    }
}

/// Whether `new` keeps every value of `old`, as `wider` makes it.
pub(super) fn holds(engine: Engine, new: &ColumnType, old: &ColumnType) -> bool {
    use ColumnType as T;
    let size = |it: &ColumnType| {
        let sizes = [T::TinyInteger, T::SmallInteger, T::Integer, T::BigInteger];
        sizes.iter().position(|size| size == it)
    };
    if spelled(engine, old) == spelled(engine, new) {
        return true;
    }
    match (old, new) {
        (T::Decimal(Some(old)), T::Decimal(Some(new))) => {
            new.1 >= old.1 && new.0 - new.1 >= old.0 - old.1
        }
        (T::String(StringLen::N(old)), T::String(StringLen::N(new)))
        | (T::VarBit(old), T::VarBit(new)) => new >= old,
        (T::Array(old), T::Array(new)) => holds(engine, new, old),
        (T::Decimal(_), T::Decimal(None))
        | (T::String(_), T::String(StringLen::None | StringLen::Max) | T::Text) => true,
        (old, new) => size(old)
            .zip(size(new))
            .is_some_and(|(old, new)| new >= old),
    }
}
