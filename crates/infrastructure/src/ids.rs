use application::Ids;
use uuid::Uuid;

/// UUIDv7: each is greater than every one before it in this process, also within a millisecond and
/// when the clock steps back, for they share a counter (RFC 9562, section 6.2, method 1). Those of
/// different processes are in order as far as their clocks agree.
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeOrderedIds;

impl Ids for TimeOrderedIds {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is what the `Ids` port hides"
    )]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_greater_than_the_one_before() {
        let ids: Vec<Uuid> = (0..10_000).map(|_| TimeOrderedIds.next()).collect();

        assert!(ids.is_sorted_by(|one, next| one < next));
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }
}
