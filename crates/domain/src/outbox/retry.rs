use chrono::TimeDelta;

use super::OutboxMessageId;

/// How often, and how far apart, something is tried again.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// How long to wait after the first failure; each further wait is twice as long.
    pub first_wait: TimeDelta,
    /// No wait is longer.
    pub longest_wait: TimeDelta,
    pub max_attempts: u32,
}

impl RetryPolicy {
    /// How long to wait after so many attempts: from half of the full wait to all of it, so that what
    /// failed together does not come back together ("equal jitter"). The id decides where between: half
    /// of its bits are random (UUIDv7, RFC 9562, section 5.7), and another few count for each attempt.
    #[must_use]
    pub fn wait_after(&self, attempts: u32, id: OutboxMessageId) -> TimeDelta {
        let doublings = attempts.saturating_sub(1).min(30);
        let full = self.first_wait.num_milliseconds() << doublings;
        let full = full.min(self.longest_wait.num_milliseconds());
        let (_, random) = id.0.as_u64_pair();
        let thousandths = random.rotate_left(attempts.wrapping_mul(7)) % 1_001;
        let half = full / 2;
        let jitter = half * i64::try_from(thousandths).unwrap_or_default() / 1_000;
        TimeDelta::milliseconds(full - half + jitter)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use uuid::Uuid;

    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        first_wait: TimeDelta::seconds(30),
        longest_wait: TimeDelta::hours(1),
        max_attempts: 10,
    };

    fn ids() -> impl Iterator<Item = OutboxMessageId> {
        let random = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (1..=500).map(move |n| OutboxMessageId(Uuid::from_u64_pair(1, random(n))))
    }

    #[test]
    fn each_wait_is_twice_the_one_before_up_to_the_longest() {
        for (attempts, full) in [
            (1, 30),
            (2, 60),
            (3, 120),
            (7, 1_920),
            (8, 3_600),
            (99, 3_600),
        ] {
            for id in ids() {
                let wait = POLICY.wait_after(attempts, id);

                let full = TimeDelta::seconds(full);
                assert!(full / 2 <= wait && wait <= full, "{attempts}: {wait}");
            }
        }
    }

    #[test]
    fn what_failed_together_comes_back_apart() {
        for attempts in [1, 2, 9] {
            let waits: BTreeSet<_> = ids().map(|id| POLICY.wait_after(attempts, id)).collect();

            assert!(waits.len() > 200, "{attempts}: {}", waits.len());
        }
    }
}
