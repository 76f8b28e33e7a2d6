use application::{Page, Position, StoreError};
use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

/// Takes the row beyond the page off again, and tells where the page ends.
pub(crate) fn cut<T>(
    mut items: Vec<T>,
    limit: u64,
    position: impl FnOnce(&T) -> Position,
) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more);
    Page {
        next: last.map(position),
        items,
    }
}

/// Where a page ends whose rows are in the order of a time.
pub(crate) fn position_in_time(at: DateTime<Utc>, id: Uuid) -> Position {
    Position {
        key: at.to_rfc3339_opts(SecondsFormat::Micros, true),
        id,
    }
}

pub(crate) fn time_of(position: &Position) -> Result<DateTime<Utc>, StoreError> {
    let time = position.key.parse();
    time.map_err(|_| StoreError::Failed("a cursor that was sealed here holds no time".into()))
}
