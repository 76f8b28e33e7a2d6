use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use application::outbox::{MailAllowance, MailBudget, WantedMail};
use application::{Error, RateLimit, RateLimiter};
use async_trait::async_trait;

use crate::address_hash::AddressHash;
use crate::budgets::{Budget, Budgets, Taken, key};
use crate::master_key::MasterKeys;

/// Counts by an HMAC of the address, so that what counts knows no address.
pub struct LimitedMail {
    budgets: Budgets,
    addresses: AddressHash,
    limits: MailLimits,
    refused_to_networks: AtomicU64,
    refused_to_all: AtomicU64,
}

/// `None` does not limit.
#[derive(Debug, Clone, Copy)]
pub struct MailLimits {
    /// From one network, to whatever addresses.
    pub per_network: Option<RateLimit>,
    /// From all networks, to all addresses.
    pub in_all: Option<RateLimit>,
}

/// To one address: one a minute, and five an hour. They come back evenly.
const A_MINUTE: RateLimit = limit(1, Duration::from_mins(1));
const AN_HOUR: RateLimit = limit(5, Duration::from_hours(1));

const NETWORK: &str = "mail_network";
const ALL: &str = "mail";

const fn limit(quota: u32, window: Duration) -> RateLimit {
    let quota = NonZeroU32::new(quota).expect("it is not 0");
    RateLimit { quota, window }
}

impl LimitedMail {
    #[must_use]
    pub fn new(limiter: Arc<dyn RateLimiter>, masters: &MasterKeys, limits: MailLimits) -> Self {
        Self {
            budgets: Budgets::new(limiter),
            addresses: AddressHash::new(masters, "ashlar mail budget v1"),
            limits,
            refused_to_networks: AtomicU64::new(0),
            refused_to_all: AtomicU64::new(0),
        }
    }

    /// What a mail takes from, in this order: whoever has spent the share of a network makes nothing be kept of the addresses
    /// that they go on with.
    fn counted_by(&self, wanted: &WantedMail) -> impl Iterator<Item = Budget> + use<> {
        let address = self.addresses.of(&wanted.to);
        let (minute, hour) = if wanted.is_password_reset {
            ("reset_a_minute", "reset_an_hour")
        } else {
            ("mail_a_minute", "mail_an_hour")
        };
        let network = wanted.network.map_or_else(String::new, |it| it.to_string());
        let network = key(NETWORK, network.into_bytes());
        let per_network = self.limits.per_network.map(|it| (network, it));
        let to_one = [
            (key(minute, address.clone()), A_MINUTE),
            (key(hour, address), AN_HOUR),
        ];
        let in_all = self.limits.in_all.map(|it| (key(ALL, []), it));
        per_network.into_iter().chain(to_one).chain(in_all)
    }

    /// Tells who runs the server of mail that others than its reader have kept from being sent.
    async fn tell(&self, scope: &'static str) -> Result<(), Error> {
        let (refused, limit) = match scope {
            NETWORK => (&self.refused_to_networks, "network_mail_per_minute"),
            ALL => (&self.refused_to_all, "mail_per_minute"),
            _ => return Ok(()),
        };
        let since_start = refused.fetch_add(1, Ordering::Relaxed) + 1;
        if self
            .budgets
            .is_news(&key("mail_news", scope.as_bytes()))
            .await?
        {
            tracing::warn!(limit, since_start, "mail that was asked for is not sent");
        }
        Ok(())
    }
}

#[async_trait]
impl MailBudget for LimitedMail {
    async fn take(&self, wanted: &WantedMail) -> Result<MailAllowance, Error> {
        match self.budgets.take(self.counted_by(wanted)).await? {
            Taken::OneOfEach => Ok(MailAllowance::Allowed),
            Taken::Nothing { scope, retry_after } => {
                self.tell(scope).await?;
                Ok(MailAllowance::Refused { retry_after })
            }
        }
    }
}

#[cfg(test)]
mod tests {

    use domain::audit::Network;
    use domain::users::EmailAddress;

    use super::*;
    use crate::budgets::Counter;

    fn budget(refuses: &'static [&'static str]) -> (LimitedMail, Arc<Counter>) {
        let limits = MailLimits {
            per_network: Some(A_MINUTE),
            in_all: Some(A_MINUTE),
        };
        limited(refuses, limits)
    }

    fn limited(
        refuses: &'static [&'static str],
        limits: MailLimits,
    ) -> (LimitedMail, Arc<Counter>) {
        let counter = Arc::new(Counter::refusing(refuses));
        let masters = MasterKeys::new(&"k".repeat(32).into(), &[]).unwrap();
        let limiter = Arc::clone(&counter) as Arc<dyn RateLimiter>;
        (LimitedMail::new(limiter, &masters, limits), counter)
    }

    fn wanted(to: &str, network: Option<&str>) -> WantedMail {
        WantedMail {
            to: EmailAddress::parse(to).unwrap(),
            network: network.map(|it| Network::parse(it).unwrap()),
            is_password_reset: false,
        }
    }

    const REFUSED: MailAllowance = MailAllowance::Refused {
        retry_after: Duration::from_secs(7),
    };

    #[tokio::test]
    async fn what_is_refused_has_taken_nothing() {
        const TAKEN: [(&str, &str); 4] = [
            ("take", "mail_network"),
            ("take", "mail_a_minute"),
            ("take", "mail_an_hour"),
            ("take", "mail"),
        ];
        const BACK: [(&str, &str); 3] = [
            ("back", "mail_network"),
            ("back", "mail_a_minute"),
            ("back", "mail_an_hour"),
        ];
        const NEWS: [(&str, &str); 1] = [("take", "mail_news")];
        for (refuses, expected, seen) in [
            (&[][..], MailAllowance::Allowed, TAKEN.to_vec()),
            (&["mail_network"], REFUSED, [&TAKEN[..1], &NEWS].concat()),
            (
                &["mail_a_minute"],
                REFUSED,
                [&TAKEN[..2], &BACK[..1]].concat(),
            ),
            (
                &["mail_an_hour"],
                REFUSED,
                [&TAKEN[..3], &BACK[..2]].concat(),
            ),
            (&["mail"], REFUSED, [&TAKEN[..], &BACK, &NEWS].concat()),
        ] {
            let (budget, counter) = budget(refuses);

            let taken = budget.take(&wanted("ada@example.org", None)).await;

            assert_eq!(taken, Ok(expected), "{refuses:?}");
            assert_eq!(counter.seen(), seen, "{refuses:?}");
        }
    }

    #[tokio::test]
    async fn one_address_has_one_budget_however_it_is_written_and_no_key_tells_whose() {
        let (budget, counter) = budget(&[]);
        let (here, there) = (Some("203.0.113.0/24"), Some("2001:db8::/64"));

        for (to, network) in [
            ("ada@example.org", here),
            ("Ada@Example.ORG", there),
            ("bob@example.org", here),
        ] {
            budget.take(&wanted(to, network)).await.unwrap();
        }

        for scope in ["mail_a_minute", "mail_an_hour"] {
            let keys = counter.keys(scope);
            assert_eq!(keys[0], keys[1]);
            assert_ne!(keys[0], keys[2]);
            assert_eq!(keys[0].subject.len(), 32);
        }
        let networks = counter.keys("mail_network");
        assert_eq!(networks[0], networks[2]);
        assert_ne!(networks[0], networks[1]);
        let all = counter.keys("mail");
        assert!(all.iter().all(|it| *it == all[0]), "all share the last");
    }

    #[tokio::test]
    async fn mail_to_choose_another_password_with_is_counted_apart_at_its_address_alone() {
        let (budget, counter) = budget(&["mail_a_minute", "mail_an_hour"]);
        let reset = WantedMail {
            is_password_reset: true,
            ..wanted("ada@example.org", None)
        };

        assert_eq!(budget.take(&reset).await, Ok(MailAllowance::Allowed));

        let scopes = ["mail_network", "reset_a_minute", "reset_an_hour", "mail"];
        assert_eq!(counter.seen(), scopes.map(|it| ("take", it)));
    }

    #[tokio::test]
    async fn what_is_not_limited_is_not_counted() {
        let none = MailLimits {
            per_network: None,
            in_all: None,
        };
        let (budget, counter) = limited(&[], none);

        let taken = budget.take(&wanted("ada@example.org", None)).await;

        assert_eq!(taken, Ok(MailAllowance::Allowed));
        let scopes = ["mail_a_minute", "mail_an_hour"];
        assert_eq!(counter.seen(), scopes.map(|it| ("take", it)));
    }

    #[tokio::test]
    async fn a_limiter_that_is_away_is_told() {
        let (budget, _) = budget(&["everything"]);

        let failed = budget.take(&wanted("ada@example.org", None)).await;

        assert!(matches!(failed, Err(Error::Broken(_))), "{failed:?}");
    }
}
