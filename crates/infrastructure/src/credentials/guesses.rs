use std::sync::Arc;

use application::credentials::{Guess, GuessAllowance, GuessBudget};
use application::{Error, RateLimit, RateLimiter};
use async_trait::async_trait;

use crate::address_hash::AddressHash;
use crate::budgets::{Budget, Budgets, Taken, key};
use crate::master_key::MasterKeys;

/// Counts by an HMAC of the address, so that what counts knows no address.
pub struct LimitedGuesses {
    budgets: Budgets,
    addresses: AddressHash,
    limits: GuessLimits,
}

/// `None` does not limit.
#[derive(Debug, Clone, Copy)]
pub struct GuessLimits {
    /// At one account from one network.
    pub per_network: Option<RateLimit>,
    /// At one account from all networks that it does not know.
    pub from_strangers: Option<RateLimit>,
}

impl LimitedGuesses {
    #[must_use]
    pub fn new(limiter: Arc<dyn RateLimiter>, masters: &MasterKeys, limits: GuessLimits) -> Self {
        Self {
            budgets: Budgets::new(limiter),
            addresses: AddressHash::new(masters, "ashlar guess budget v1"),
            limits,
        }
    }

    /// What a try takes from, in this order: who guesses from one network alone has spent that before the rest.
    ///
    /// A network that is known has the same budget of its own as any other, or its size would tell who has an account.
    fn counted_by(&self, guess: &Guess) -> impl Iterator<Item = Budget> + use<> {
        let account = self.addresses.of(&guess.email);
        let network = guess.network.map_or_else(String::new, |it| it.to_string());
        let both = [&account, network.as_bytes()].concat();
        let per_network = self
            .limits
            .per_network
            .map(|it| (key("guess_network", both), it));
        let strangers = self.limits.from_strangers.filter(|_| !guess.is_known);
        let strangers = strangers.map(|it| (key("guess_stranger", account), it));
        per_network.into_iter().chain(strangers)
    }
}

#[async_trait]
impl GuessBudget for LimitedGuesses {
    async fn take(&self, guess: &Guess) -> Result<GuessAllowance, Error> {
        let taken = self.budgets.take(self.counted_by(guess)).await?;
        let Taken::Nothing { retry_after, .. } = taken else {
            return Ok(GuessAllowance::Allowed);
        };
        let account = key("guess_news", self.addresses.of(&guess.email));
        Ok(GuessAllowance::Refused {
            retry_after,
            is_news: self.budgets.is_news(&account).await?,
        })
    }

    async fn give_back(&self, guess: &Guess) {
        self.budgets.give_back(self.counted_by(guess)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::time::Duration;

    use domain::audit::Network;
    use domain::users::EmailAddress;

    use super::*;
    use crate::budgets::Counter;

    const LIMIT: RateLimit = RateLimit {
        quota: NonZeroU32::MIN,
        window: Duration::from_mins(1),
    };

    fn budget(refuses: &'static [&'static str]) -> (LimitedGuesses, Arc<Counter>) {
        let limits = GuessLimits {
            per_network: Some(LIMIT),
            from_strangers: Some(LIMIT),
        };
        limited(refuses, limits)
    }

    fn limited(
        refuses: &'static [&'static str],
        limits: GuessLimits,
    ) -> (LimitedGuesses, Arc<Counter>) {
        let counter = Arc::new(Counter::refusing(refuses));
        let masters = MasterKeys::new(&"k".repeat(32).into(), &[]).unwrap();
        let limiter = Arc::clone(&counter) as Arc<dyn RateLimiter>;
        (LimitedGuesses::new(limiter, &masters, limits), counter)
    }

    fn guess(email: &str, network: Option<&str>, is_known: bool) -> Guess {
        Guess {
            email: EmailAddress::parse(email).unwrap(),
            network: network.map(|it| Network::parse(it).unwrap()),
            is_known,
        }
    }

    fn refused(is_news: bool) -> GuessAllowance {
        GuessAllowance::Refused {
            retry_after: Duration::from_secs(7),
            is_news,
        }
    }

    #[tokio::test]
    async fn what_is_refused_has_taken_nothing() {
        let stranger = guess("ada@example.org", None, false);
        for (refuses, expected, seen) in [
            (
                &[][..],
                GuessAllowance::Allowed,
                &[("take", "guess_network"), ("take", "guess_stranger")][..],
            ),
            (
                &["guess_network"],
                refused(true),
                &[("take", "guess_network"), ("take", "guess_news")],
            ),
            (
                &["guess_stranger", "guess_news"],
                refused(false),
                &[
                    ("take", "guess_network"),
                    ("take", "guess_stranger"),
                    ("back", "guess_network"),
                    ("take", "guess_news"),
                ],
            ),
        ] {
            let (budget, counter) = budget(refuses);

            assert_eq!(budget.take(&stranger).await, Ok(expected));
            assert_eq!(counter.seen(), seen);
        }
    }

    #[tokio::test]
    async fn a_network_that_is_known_takes_nothing_from_what_strangers_have() {
        let (budget, counter) = budget(&["guess_stranger"]);
        let owner = guess("ada@example.org", Some("203.0.113.0/24"), true);

        let taken = budget.take(&owner).await;
        budget.give_back(&owner).await;

        assert_eq!(taken, Ok(GuessAllowance::Allowed));
        let seen = [("take", "guess_network"), ("back", "guess_network")];
        assert_eq!(counter.seen(), seen);
    }

    #[tokio::test]
    async fn one_account_has_one_budget_however_it_is_written_and_no_key_tells_whose() {
        let (budget, counter) = budget(&[]);
        let (here, there) = (Some("203.0.113.0/24"), Some("2001:db8::/64"));

        for (email, network) in [
            ("ada@example.org", here),
            ("Ada@Example.ORG", there),
            ("bob@example.org", here),
        ] {
            budget.take(&guess(email, network, false)).await.unwrap();
        }

        let [per_network, stranger] =
            ["guess_network", "guess_stranger"].map(|it| counter.keys(it));
        assert_eq!(stranger[0], stranger[1]);
        assert_ne!(stranger[0], stranger[2]);
        assert_eq!(stranger[0].subject.len(), 32);
        assert_ne!(per_network[0], per_network[1]);
        assert_ne!(per_network[0], per_network[2]);
    }

    #[tokio::test]
    async fn what_is_not_limited_is_not_counted() {
        let none = GuessLimits {
            per_network: None,
            from_strangers: None,
        };
        let (budget, counter) = limited(&["guess_network", "guess_stranger"], none);

        let taken = budget.take(&guess("ada@example.org", None, false)).await;

        assert_eq!(taken, Ok(GuessAllowance::Allowed));
        assert_eq!(counter.seen(), []);
    }

    #[tokio::test]
    async fn a_limiter_that_is_away_is_told() {
        let (budget, _) = budget(&["everything"]);

        let failed = budget.take(&guess("ada@example.org", None, false)).await;

        assert!(matches!(failed, Err(Error::Broken(_))), "{failed:?}");
    }
}
