use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use application::{Allowance, Clock, RateLimit, RateLimitKey, RateLimiter, RateLimiterError};
use async_trait::async_trait;
use governor::Quota;
use governor::middleware::{StateInformationMiddleware, StateSnapshot};
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::{HashMapStateStore, ShrinkableKeyedStateStore};

/// Counts in the memory of this process: with several servers, each grants the whole quota.
///
/// Its memory is bounded by how many keys ask within one window of theirs: a key whose quota is
/// whole again is as good as unknown and is swept away, whenever twice as many are kept as the
/// last sweep left. There are as many limits as the code and its settings name.
pub struct InProcessRateLimiter {
    clock: Monotonic,
    by_limit: RwLock<HashMap<RateLimit, Arc<Keys>>>,
}

impl InProcessRateLimiter {
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock: Monotonic(clock),
            by_limit: RwLock::default(),
        }
    }

    fn keys(&self, limit: RateLimit) -> Arc<Keys> {
        // Whoever panicked has left whole entries behind.
        let known = self.by_limit.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = known.get(&limit) {
            return Arc::clone(keys);
        }
        drop(known);
        let mut known = self
            .by_limit
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let keys = known
            .entry(limit)
            .or_insert_with(|| Arc::new(Keys::new(limit, self.clock.clone())));
        Arc::clone(keys)
    }
}

#[async_trait]
impl RateLimiter for InProcessRateLimiter {
    async fn take(
        &self,
        key: &RateLimitKey,
        limit: RateLimit,
    ) -> Result<Allowance, RateLimiterError> {
        Ok(self.keys(limit).take(key))
    }

    async fn give_back(
        &self,
        key: &RateLimitKey,
        limit: RateLimit,
    ) -> Result<(), RateLimiterError> {
        self.keys(limit).give_back(key);
        Ok(())
    }
}

/// All keys of one limit.
struct Keys {
    limit: RateLimit,
    limiter: Limiter,
    times: Times,
    /// With so many keys it is time to sweep.
    full_at: AtomicUsize,
}

type Limiter = governor::RateLimiter<RateLimitKey, Times, Monotonic, StateInformationMiddleware>;

/// When each key's quota is whole again: the limiter's, and reached from beside it because the limiter only takes.
#[derive(Clone, Default)]
struct Times(Arc<HashMapStateStore<RateLimitKey>>);

impl StateStore for Times {
    type Key = RateLimitKey;

    fn measure_and_replace<T, F, E>(&self, key: &RateLimitKey, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.measure_and_replace(key, f)
    }
}

impl ShrinkableKeyedStateStore<RateLimitKey> for Times {
    fn retain_recent(&self, drop_below: Nanos) {
        self.0.retain_recent(drop_below);
    }

    fn shrink_to_fit(&self) {
        self.0.shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Keys {
    /// Fewer are not worth a sweep: some 100 KB.
    const FEW: usize = 1_024;

    fn new(limit: RateLimit, clock: Monotonic) -> Self {
        let quota = Quota::with_period(limit.interval()).expect("an interval is never nothing");
        let times = Times::default();
        let limiter = Limiter::new(quota.allow_burst(limit.quota), times.clone(), clock);
        Self {
            limit,
            limiter,
            times,
            full_at: AtomicUsize::new(Self::FEW),
        }
    }

    fn take(&self, key: &RateLimitKey) -> Allowance {
        match self.limiter.check_key(key) {
            Ok(state) => {
                let allowance = self.allowed(&state);
                self.sweep_if_full();
                allowance
            }
            Err(refusal) => Allowance::Refused {
                retry_after: refusal.wait_time_from(self.limiter.clock().0.elapsed()),
            },
        }
    }

    fn give_back(&self, key: &RateLimitKey) {
        let one = Nanos::from(self.limit.interval());
        let earlier = |whole_at: Option<Nanos>| match whole_at {
            Some(at) => Ok(((), at.saturating_sub(one))),
            // It was swept away: it is whole.
            None => Err(()),
        };
        let _ = self.times.measure_and_replace(key, earlier);
    }

    fn allowed(&self, state: &StateSnapshot) -> Allowance {
        let remaining = state.remaining_burst_capacity();
        let spent = self.limit.quota.get().saturating_sub(remaining);
        Allowance::Allowed {
            remaining,
            whole_in: self.limit.interval() * spent,
        }
    }

    fn sweep_if_full(&self) {
        if self.limiter.len() < self.full_at.load(Ordering::Relaxed) {
            return;
        }
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
        let next = (2 * self.limiter.len()).max(Self::FEW);
        self.full_at.store(next, Ordering::Relaxed);
    }
}

/// The port's time, for governor: the time of day may be set back, and would lock everybody out.
#[derive(Clone)]
struct Monotonic(Arc<dyn Clock>);

impl governor::clock::Clock for Monotonic {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use chrono::{DateTime, Utc};

    use super::*;

    const ADA: &[u8] = b"ada";
    const BOB: &[u8] = b"bob";

    #[derive(Default)]
    struct HandClock(Mutex<Duration>);

    impl HandClock {
        fn advance(&self, by: Duration) {
            *self.0.lock().unwrap() += by;
        }
    }

    impl Clock for HandClock {
        fn now(&self) -> DateTime<Utc> {
            unreachable!("limits do not depend on the time of day")
        }

        fn elapsed(&self) -> Duration {
            *self.0.lock().unwrap()
        }
    }

    /// Three at once, one a second.
    fn limit() -> RateLimit {
        RateLimit::per_minute(60.try_into().unwrap(), 3.try_into().unwrap())
    }

    fn limiter() -> (Arc<HandClock>, InProcessRateLimiter) {
        let clock = Arc::new(HandClock::default());
        (Arc::clone(&clock), InProcessRateLimiter::new(clock))
    }

    async fn take(
        limiter: &InProcessRateLimiter,
        scope: &'static str,
        subject: &[u8],
    ) -> Allowance {
        let subject = subject.into();
        let key = RateLimitKey { scope, subject };
        limiter.take(&key, limit()).await.unwrap()
    }

    fn allowed(remaining: u32) -> Allowance {
        let whole_in = Duration::from_secs(u64::from(3 - remaining));
        Allowance::Allowed {
            remaining,
            whole_in,
        }
    }

    fn refused(millis: u64) -> Allowance {
        let retry_after = Duration::from_millis(millis);
        Allowance::Refused { retry_after }
    }

    #[tokio::test]
    async fn a_quota_is_spent_and_comes_back_evenly() {
        let (clock, limiter) = limiter();

        for remaining in [2, 1, 0] {
            assert_eq!(take(&limiter, "read", ADA).await, allowed(remaining));
        }
        assert_eq!(take(&limiter, "read", ADA).await, refused(1_000));
        clock.advance(Duration::from_millis(999));
        assert_eq!(take(&limiter, "read", ADA).await, refused(1));
        clock.advance(Duration::from_millis(1));
        assert_eq!(take(&limiter, "read", ADA).await, allowed(0));
        assert_eq!(take(&limiter, "read", ADA).await, refused(1_000));
        clock.advance(Duration::from_mins(5));
        assert_eq!(take(&limiter, "read", ADA).await, allowed(2));
    }

    #[tokio::test]
    async fn what_is_given_back_can_be_taken_again_and_never_makes_more() {
        let (clock, limiter) = limiter();
        let ada = RateLimitKey {
            scope: "read",
            subject: ADA.into(),
        };
        let give_back = async || limiter.give_back(&ada, limit()).await.unwrap();
        give_back().await;
        for _ in 0..3 {
            take(&limiter, "read", ADA).await;
        }

        give_back().await;
        assert_eq!(take(&limiter, "read", ADA).await, allowed(0));
        assert_eq!(take(&limiter, "read", ADA).await, refused(1_000));
        for _ in 0..10 {
            give_back().await;
        }
        assert_eq!(take(&limiter, "read", ADA).await, allowed(2));
        clock.advance(Duration::from_mins(5));
        give_back().await;
        assert_eq!(take(&limiter, "read", ADA).await, allowed(2));
        assert_eq!(take(&limiter, "read", BOB).await, allowed(2));
    }

    #[tokio::test]
    async fn every_subject_and_every_scope_has_its_own() {
        let (_, limiter) = limiter();
        for _ in 0..4 {
            take(&limiter, "read", ADA).await;
        }

        assert_eq!(take(&limiter, "read", ADA).await, refused(1_000));
        assert_eq!(take(&limiter, "read", BOB).await, allowed(2));
        assert_eq!(take(&limiter, "write", ADA).await, allowed(2));
    }

    #[tokio::test]
    async fn keys_whose_quota_is_whole_again_are_forgotten() {
        let (clock, limiter) = limiter();
        let flood = 10 * Keys::FEW as u64;
        for n in 0..flood {
            take(&limiter, "read", &n.to_le_bytes()).await;
            // Each key is whole again after a thousand others.
            clock.advance(Duration::from_millis(1));
        }

        let kept = limiter.keys(limit()).limiter.len();

        assert!(kept <= 4 * 1_000, "{kept}");
    }

    #[tokio::test]
    async fn a_sweep_forgets_nobody_who_has_less_than_a_whole_quota() {
        let (clock, limiter) = limiter();
        for _ in 0..3 {
            take(&limiter, "read", ADA).await;
        }
        for n in 0..4 * Keys::FEW as u64 {
            take(&limiter, "read", &n.to_le_bytes()).await;
        }
        clock.advance(Duration::from_millis(500));

        assert_eq!(take(&limiter, "read", ADA).await, refused(500));
    }
}
