use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use application::{Allowance, Error, RateLimit, RateLimitKey, RateLimiter};

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
