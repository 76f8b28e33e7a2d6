use std::time::{Duration, Instant};

use application::Clock;
use chrono::{DateTime, SubsecRound, Utc};

/// The time of the machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    made: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self {
            made: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is what the `Clock` port hides"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(MICROSECONDS)
    }

    fn elapsed(&self) -> Duration {
        self.made.elapsed()
    }
}

/// PostgreSQL's `timestamptz` keeps six digits.
const MICROSECONDS: u16 = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_has_whole_microseconds() {
        // One reading alone could end in zeros by chance.
        for _ in 0..100 {
            let now = SystemClock::default().now();
            assert_eq!(now.timestamp_subsec_nanos() % 1_000, 0);
        }
    }

    #[test]
    fn what_has_elapsed_never_grows_less() {
        let clock = SystemClock::default();

        let (first, second) = (clock.elapsed(), clock.elapsed());

        assert!(first <= second);
    }
}
