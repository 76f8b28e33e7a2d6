use std::sync::Mutex;
use std::time::Duration;

use application::Clock;
use chrono::{DateTime, TimeDelta, Utc};

/// Stands still until it is moved.
pub struct TestClock(Mutex<Reading>);

struct Reading {
    now: DateTime<Utc>,
    elapsed: Duration,
}

impl TestClock {
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        let elapsed = Duration::ZERO;
        Self(Mutex::new(Reading { now, elapsed }))
    }

    /// Back, too: then somebody has set the time of day, and nothing has elapsed.
    pub fn advance(&self, by: TimeDelta) {
        let mut reading = self.0.lock().expect("nobody panics here");
        reading.now += by;
        reading.elapsed += by.to_std().unwrap_or_default();
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().expect("nobody panics here").now
    }

    fn elapsed(&self) -> Duration {
        self.0.lock().expect("nobody panics here").elapsed
    }
}
