use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use application::{Allowance, Error, RateLimit, RateLimitKey, RateLimiter};

#[cfg(test)]
pub(crate) use counter::Counter;

/// Takes one from each of several limits, or nothing.
pub(crate) struct Budgets(Arc<dyn RateLimiter>);

/// What one of them counts, and how much of it there may be.
pub(crate) type Budget = (RateLimitKey, RateLimit);

/// What became of a try.
pub(crate) enum Taken {
    OneOfEach,
    /// Because of one of them, the first in their order.
    Nothing {
        scope: &'static str,
        /// When it has one again.
        retry_after: Duration,
    },
}

/// How often the same refusal is news.
const NEWS: RateLimit = RateLimit {
    quota: NonZeroU32::MIN,
    window: Duration::from_mins(1),
};

impl Budgets {
    pub(crate) fn new(limiter: Arc<dyn RateLimiter>) -> Self {
        Self(limiter)
    }

    /// # Errors
    /// `Broken` when the limiter cannot tell.
    pub(crate) async fn take(
        &self,
        budgets: impl IntoIterator<Item = Budget>,
    ) -> Result<Taken, Error> {
        let mut taken = Vec::new();
        for (key, limit) in budgets {
            let scope = key.scope;
            match self.take_one(&key, limit).await? {
                Allowance::Allowed { .. } => taken.push((key, limit)),
                Allowance::Refused { retry_after } => {
                    self.give_back(taken).await;
                    return Ok(Taken::Nothing { scope, retry_after });
                }
            }
        }
        Ok(Taken::OneOfEach)
    }

    /// One of each that was taken.
    pub(crate) async fn give_back(&self, budgets: impl IntoIterator<Item = Budget>) {
        for (key, limit) in budgets {
            if let Err(error) = self.0.give_back(&key, limit).await {
                tracing::warn!(cause = %error, scope = key.scope, "a try was not given back");
            }
        }
    }

    /// Whether it is worth a word: not so when the same was told a moment ago, or refusals would fill the log.
    ///
    /// # Errors
    /// `Broken` when the limiter cannot tell.
    pub(crate) async fn is_news(&self, what: &RateLimitKey) -> Result<bool, Error> {
        let taken = self.take_one(what, NEWS).await?;
        Ok(matches!(taken, Allowance::Allowed { .. }))
    }

    async fn take_one(&self, key: &RateLimitKey, limit: RateLimit) -> Result<Allowance, Error> {
        let taken = self.0.take(key, limit).await;
        taken.map_err(|it| Error::Broken(it.to_string()))
    }
}

pub(crate) fn key(scope: &'static str, subject: impl Into<Box<[u8]>>) -> RateLimitKey {
    let subject = subject.into();
    RateLimitKey { scope, subject }
}

#[cfg(test)]
mod counter {
    use std::sync::Mutex;
    use std::time::Duration;

    use application::{Allowance, RateLimit, RateLimitKey, RateLimiter, RateLimiterError};
    use async_trait::async_trait;

    /// Refuses the scopes that it is told to, and writes down what is taken and what comes back; that fails, and nobody who
    /// gives something back is to be bothered by it.
    pub(crate) struct Counter {
        refuses: &'static [&'static str],
        asked: Mutex<Vec<(&'static str, RateLimitKey)>>,
    }

    #[async_trait]
    impl RateLimiter for Counter {
        async fn take(
            &self,
            key: &RateLimitKey,
            _: RateLimit,
        ) -> Result<Allowance, RateLimiterError> {
            self.asked.lock().unwrap().push(("take", key.clone()));
            if self.refuses == ["everything"] {
                return Err(RateLimiterError("away".into()));
            }
            Ok(if self.refuses.contains(&key.scope) {
                let retry_after = Duration::from_secs(7);
                Allowance::Refused { retry_after }
            } else {
                Allowance::Allowed {
                    remaining: 0,
                    whole_in: Duration::ZERO,
                }
            })
        }

        async fn give_back(
            &self,
            key: &RateLimitKey,
            _: RateLimit,
        ) -> Result<(), RateLimiterError> {
            self.asked.lock().unwrap().push(("back", key.clone()));
            Err(RateLimiterError("away".into()))
        }
    }

    impl Counter {
        pub(crate) fn refusing(refuses: &'static [&'static str]) -> Self {
            Self {
                refuses,
                asked: Mutex::default(),
            }
        }

        pub(crate) fn seen(&self) -> Vec<(&'static str, &'static str)> {
            let asked = self.asked.lock().unwrap();
            asked.iter().map(|(what, key)| (*what, key.scope)).collect()
        }

        pub(crate) fn keys(&self, scope: &str) -> Vec<RateLimitKey> {
            let asked = self.asked.lock().unwrap();
            let keys = asked.iter().map(|(_, key)| key.clone());
            keys.filter(|it| it.scope == scope).collect()
        }
    }
}
