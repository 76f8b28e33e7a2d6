use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use application::outbox::MailBudget;
use application::{Allowance, Error, RateLimit, RateLimitKey, RateLimiter};
use async_trait::async_trait;
use domain::users::EmailAddress;

use crate::address_hash::AddressHash;
use crate::master_key::MasterKeys;

/// Counts by an HMAC of the address, so that what counts knows no address.
pub struct LimitedMail {
    limiter: Arc<dyn RateLimiter>,
    addresses: AddressHash,
    in_all: Option<RateLimit>,
}

/// To one address: one a minute, and five an hour. They come back evenly.
const TO_ONE: [(&str, RateLimit); 2] = [
    ("mail_a_minute", limit(1, Duration::from_mins(1))),
    ("mail_an_hour", limit(5, Duration::from_hours(1))),
];

const fn limit(quota: u32, window: Duration) -> RateLimit {
    let quota = NonZeroU32::new(quota).expect("it is not 0");
    RateLimit { quota, window }
}

impl LimitedMail {
    /// `in_all`: to all addresses together, if that is limited.
    #[must_use]
    pub fn new(
        limiter: Arc<dyn RateLimiter>,
        masters: &MasterKeys,
        in_all: Option<RateLimit>,
    ) -> Self {
        Self {
            limiter,
            addresses: AddressHash::new(masters, "ashlar mail budget v1"),
            in_all,
        }
    }

    async fn takes(
        &self,
        scope: &'static str,
        subject: Box<[u8]>,
        limit: RateLimit,
    ) -> Result<bool, Error> {
        let key = RateLimitKey { scope, subject };
        let taken = self.limiter.take(&key, limit).await;
        let allowance = taken.map_err(|it| Error::Broken(it.to_string()))?;
        Ok(matches!(allowance, Allowance::Allowed { .. }))
    }
}

#[async_trait]
impl MailBudget for LimitedMail {
    async fn take(&self, to: &EmailAddress) -> Result<bool, Error> {
        let subject = self.addresses.of(to);
        for (scope, limit) in TO_ONE {
            if !self.takes(scope, subject.clone(), limit).await? {
                return Ok(false);
            }
        }
        // Last: whoever asks for one address again and again leaves the others theirs.
        match self.in_all {
            Some(limit) => self.takes("mail", [].into(), limit).await,
            None => Ok(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use application::RateLimiterError;

    use super::*;

    /// Refuses the scopes that it is told to, and writes down who asks.
    #[derive(Default)]
    struct Counter {
        refuses: &'static str,
        asked: Mutex<Vec<RateLimitKey>>,
    }

    #[async_trait]
    impl RateLimiter for Counter {
        async fn take(
            &self,
            key: &RateLimitKey,
            _: RateLimit,
        ) -> Result<Allowance, RateLimiterError> {
            self.asked.lock().unwrap().push(key.clone());
            match key.scope {
                _ if self.refuses == "everything" => Err(RateLimiterError("away".into())),
                scope if scope == self.refuses => Ok(Allowance::Refused {
                    retry_after: Duration::from_secs(1),
                }),
                _ => Ok(Allowance::Allowed {
                    remaining: 0,
                    whole_in: Duration::ZERO,
                }),
            }
        }

        async fn give_back(&self, _: &RateLimitKey, _: RateLimit) -> Result<(), RateLimiterError> {
            unreachable!("a mail that was sent stays sent")
        }
    }

    fn budget(refuses: &'static str) -> (LimitedMail, Arc<Counter>) {
        let counter = Arc::new(Counter {
            refuses,
            ..Counter::default()
        });
        let masters = MasterKeys::new(&"k".repeat(32).into(), &[]).unwrap();
        let in_all = Some(limit(60, Duration::from_mins(1)));
        let limiter = Arc::clone(&counter) as Arc<dyn RateLimiter>;
        (LimitedMail::new(limiter, &masters, in_all), counter)
    }

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    #[tokio::test]
    async fn every_limit_has_its_say_and_none_sees_the_address() {
        for (refuses, asked) in [
            ("mail_a_minute", 1),
            ("mail_an_hour", 2),
            ("mail", 3),
            ("", 3),
        ] {
            let (budget, counter) = budget(refuses);

            let taken = budget.take(&address("ada@example.org")).await;

            assert_eq!(taken, Ok(refuses.is_empty()), "{refuses}");
            let keys = counter.asked.lock().unwrap();
            assert_eq!(keys.len(), asked, "{refuses}");
            assert_eq!(keys[0].subject.len(), 32);
        }
    }

    #[tokio::test]
    async fn one_address_has_one_budget_however_it_is_written() {
        let (budget, counter) = budget("");

        for text in ["ada@example.org", "Ada@Example.ORG", "bob@example.org"] {
            budget.take(&address(text)).await.unwrap();
        }

        let keys = counter.asked.lock().unwrap();
        assert_eq!(keys[0], keys[3]);
        assert_ne!(keys[0], keys[6]);
        assert_eq!(keys[2], keys[8], "all share the last");
    }

    #[tokio::test]
    async fn a_limiter_that_is_away_is_told() {
        let (budget, _) = budget("everything");

        let failed = budget.take(&address("ada@example.org")).await;

        assert!(matches!(failed, Err(Error::Broken(_))), "{failed:?}");
    }
}
