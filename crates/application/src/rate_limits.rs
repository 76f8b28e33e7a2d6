use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

/// Counts who asks how often, in this process or in a store that several share.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes one from what the key has left. What is refused takes nothing.
    ///
    /// # Errors
    /// When it cannot tell, such as without its store: the caller decides what that means.
    async fn take(
        &self,
        key: &RateLimitKey,
        limit: RateLimit,
    ) -> Result<Allowance, RateLimiterError>;

    /// Puts back one that was taken a moment ago, as if it had not been.
    ///
    /// # Errors
    /// When it cannot, such as without its store: then it comes back with time.
    async fn give_back(&self, key: &RateLimitKey, limit: RateLimit)
    -> Result<(), RateLimiterError>;
}

/// Whose quota it is. The same subject has a quota of its own in each scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RateLimitKey {
    pub scope: &'static str,
    /// It may be kept in a store: a hash, where it would tell who somebody is.
    pub subject: Box<[u8]>,
}

/// A quota that comes back evenly: all of it in one window (GCRA, the generic cell rate algorithm).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RateLimit {
    /// How many may come at once.
    pub quota: NonZeroU32,
    /// How long a spent quota takes to be whole again.
    pub window: Duration,
}

impl RateLimit {
    /// At most `burst` at once, and `rate` a minute in the long run.
    #[must_use]
    pub fn per_minute(rate: NonZeroU32, burst: NonZeroU32) -> Self {
        Self::every(Duration::from_mins(1), rate, burst)
    }

    /// At most `burst` at once, and `rate` an hour in the long run.
    #[must_use]
    pub fn per_hour(rate: NonZeroU32, burst: NonZeroU32) -> Self {
        Self::every(Duration::from_hours(1), rate, burst)
    }

    fn every(time: Duration, rate: NonZeroU32, burst: NonZeroU32) -> Self {
        Self {
            quota: burst,
            window: time * burst.get() / rate.get(),
        }
    }

    /// How long one of the quota takes to come back; never nothing.
    #[must_use]
    pub fn interval(&self) -> Duration {
        (self.window / self.quota.get()).max(Duration::from_nanos(1))
    }
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    Allowed {
        /// How many more may come at once.
        remaining: u32,
        /// When the quota is whole again at the latest, if nothing more comes.
        whole_in: Duration,
    },
    Refused {
        /// When one more is allowed again.
        retry_after: Duration,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the rate limiter cannot answer: {0}")]
pub struct RateLimiterError(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(rate: u32, burst: u32) -> RateLimit {
        RateLimit::per_minute(rate.try_into().unwrap(), burst.try_into().unwrap())
    }

    #[test]
    fn the_window_is_as_long_as_the_rate_needs_for_the_burst() {
        assert_eq!(limit(60, 60).window, Duration::from_mins(1));
        assert_eq!(limit(60, 10).window, Duration::from_secs(10));
        assert_eq!(limit(60, 10).interval(), Duration::from_secs(1));
        assert_eq!(limit(1, 2).window, Duration::from_mins(2));
    }

    #[test]
    fn no_rate_makes_an_interval_of_nothing_or_overflows() {
        assert!(limit(u32::MAX, 1).interval() > Duration::ZERO);
        assert!(limit(1, u32::MAX).window > limit(1, 1).window);
    }
}
