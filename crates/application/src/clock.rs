use std::time::Duration;

use chrono::{DateTime, Utc};

/// What time it is, in whole microseconds: databases keep no more, and a time that changes on
/// its way through one would not equal itself.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;

    /// The time since some start of the clock's own. It never goes back, also when somebody sets
    /// the time of day: what is measured between two readings of it was really waited.
    fn elapsed(&self) -> Duration;
}
