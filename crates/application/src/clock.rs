use chrono::{DateTime, Utc};

/// What time it is, in whole microseconds: databases keep no more, and a time that changes on
/// its way through one would not equal itself.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;
}
