use application::{Page, Position};

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
