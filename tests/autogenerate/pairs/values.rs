//! Values of each type by their number: of two numbers of one column, two values.

use sea_orm_migration::prelude::{ColumnType, StringLen};
use sea_orm_migration::sea_query::PgInterval;
use support::Engine;

use super::model::{Kind, Schema};
use super::sql::text;

/// How many there are of each type.
pub(super) const VALUES: usize = 9;

impl Schema {
    /// As SQL has it. The rich ones are those at which a careless copy fails; the others fit all narrower types too.
    pub(super) fn literal(&self, kind: &Kind, number: usize, rich: bool) -> String {
        match kind {
            Kind::Plain(column_type) => literal(self.engine, column_type, number, rich),
            Kind::Enum(id) => {
                let values = &self.enumeration(*id).values;
                text(&values[number % values.len()])
            }
            Kind::EnumArray(id) => {
                let values = &self.enumeration(*id).values;
                text(&format!("{{\"{}\"}}", values[number % values.len()]))
            }
        }
    }
}

pub(super) fn literal(
    engine: Engine,
    column_type: &ColumnType,
    number: usize,
    rich: bool,
) -> String {
    use ColumnType as T;
    assert!(number < VALUES, "there is no value {number}");
    let n = number;
    match column_type {
        T::String(StringLen::N(length)) if *length < 9 => text(&n.to_string()),
        T::String(_) | T::Text if rich => text(&format!("é'\"\\{n} ")),
        T::Char(_) | T::String(_) | T::Text => text(&n.to_string()),
        T::TinyInteger | T::TinyUnsigned if rich => (31 - n).to_string(),
        T::SmallInteger | T::SmallUnsigned if rich => (8_000 - n).to_string(),
        T::Integer | T::Unsigned if rich => (500_000_000 - n).to_string(),
        T::BigInteger | T::BigUnsigned if rich => (2_000_000_000_000_000_000 - n).to_string(),
        it if super::types::is_whole(it) => n.to_string(),
        T::Decimal(None) if rich => format!("123456789012.{n}00"),
        T::Double if rich => format!("0.1{n}0000000000001"),
        T::Money(_) if engine == Engine::Postgres => text(&format!("{n}.25")),
        T::Float | T::Double | T::Decimal(_) | T::Money(_) => format!("{n}.25"),
        T::DateTime | T::Timestamp => text(&format!("2026-01-0{} 12:30:00", n + 1)),
        T::TimestampWithTimeZone => text(&format!("2026-01-0{} 12:30:00+00:00", n + 1)),
        T::Time => text(&format!("12:30:0{n}")),
        T::Date => text(&format!("2026-01-0{}", n + 1)),
        T::Blob | T::Binary(_) | T::VarBinary(_) if engine == Engine::Postgres => {
            text(&format!("\\x00ff0{n}"))
        }
        T::Blob | T::Binary(_) | T::VarBinary(_) => format!("X'00ff0{n}'"),
        T::Boolean if n.is_multiple_of(2) => "TRUE".to_owned(),
        T::Boolean => "FALSE".to_owned(),
        T::Json | T::JsonBinary => text(&format!("{{\"n\": {n}}}")),
        T::Uuid => text(&format!("00000000-0000-0000-0000-00000000000{n}")),
        T::Interval(Some(PgInterval::YearToMonth), _) => text(&format!("{} year", n + 1)),
        T::Interval(..) => text(&format!("{} day", n + 1)),
        T::Bit(_) | T::VarBit(_) => format!("B'0000{n:04b}'"),
        T::Inet => text(&format!("10.0.0.{n}")),
        T::Cidr => text(&format!("10.0.{n}.0/24")),
        T::MacAddr => text(&format!("08:00:2b:01:02:0{n}")),
        T::Array(of) => {
            let of = literal(engine, of, n, false);
            text(&format!("{{{}}}", of.trim_matches('\'')))
        }
        T::Custom(name) if name.to_string() == "int4range" => text(&format!("[{n},9)")),
        T::Custom(_) => text(&n.to_string()),
        other => unreachable!("no schema has {other:?}"),
    }
}
