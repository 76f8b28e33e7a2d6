//! Statements whose values stand in their text.

use sea_orm::prelude::DateTime;
use sea_orm::sea_query::Value;
use sea_orm::{DbBackend, Statement, Values};

/// With its values in their places.
pub(crate) fn written_out(statement: &Statement) -> String {
    let mut statement = statement.clone();
    if let (DbBackend::Sqlite, Some(Values(values))) = (statement.db_backend, &mut statement.values)
    {
        for value in values {
            *value = as_kept(std::mem::replace(value, Value::Bool(None)));
        }
    }
    statement.to_string()
}

/// SQLite keeps what it gets, and SeaORM's literals are others than what it sends as a value.
fn as_kept(value: Value) -> Value {
    let moment = |date: DateTime, offset: String| {
        let text = format!("{}{offset}", date.format("%Y-%m-%dT%H:%M:%S%.f"));
        Value::String(Some(text))
    };
    match value {
        Value::Uuid(Some(it)) => Value::Bytes(Some(it.as_bytes().to_vec())),
        Value::ChronoDateTimeUtc(Some(it)) => moment(it.naive_local(), "+00:00".to_owned()),
        Value::ChronoDateTimeWithTimeZone(Some(it)) => {
            moment(it.naive_local(), it.offset().to_string())
        }
        Value::ChronoDateTimeLocal(Some(it)) => moment(it.naive_local(), it.offset().to_string()),
        Value::ChronoDateTime(Some(it)) => {
            Value::String(Some(it.format("%Y-%m-%d %H:%M:%S%.f").to_string()))
        }
        Value::ChronoTime(Some(it)) => Value::String(Some(it.format("%H:%M:%S%.f").to_string())),
        other => other,
    }
}
