use uuid::Uuid;

/// New ids, in the order of time (UUIDv7, RFC 9562, section 5.7).
pub trait Ids: Send + Sync {
    fn next(&self) -> Uuid;
}
