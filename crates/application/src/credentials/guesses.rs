use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::{Action, Deed};
use domain::credentials::CredentialError;
use domain::sessions::SessionError;
use domain::users::EmailAddress;

use super::{Account, Guess, GuessAllowance, GuessBudget};
use crate::{Clock, Database, Error, Origin, Ports, StoreError, Transaction};

/// Counts the tries at passwords, whichever operation takes them (OWASP Authentication Cheat Sheet, "Protect Against
/// Automated Attacks"; NIST SP 800-63B-4, section 3.2.2).
pub(crate) struct Guesses {
    budget: Arc<dyn GuessBudget>,
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
}

impl Guesses {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self {
            budget: Arc::clone(&ports.guess_budget),
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// Does the work if a try is left, and gives the try back unless the password was wrong. It is taken before: of many
    /// at once no more get through than are left.
    ///
    /// # Errors
    /// `TooManyGuesses`, and then nothing was done; those of the work.
    pub(crate) async fn counted<T>(
        &self,
        origin: &Origin,
        email: &EmailAddress,
        account: Option<&Account>,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let now = self.clock.now();
        let guess = Guess {
            email: email.clone(),
            network: origin.network(),
            is_known: account.is_some_and(|it| knows_network(it, now)),
        };
        if let GuessAllowance::Refused {
            retry_after,
            is_news,
        } = self.budget.take(&guess).await?
        {
            if is_news {
                let deed = Deed {
                    target: account.map(|it| it.user_id.into()),
                    ..Deed::of(Action::SignInLimited)
                };
                self.database.record(origin, deed, now).await?;
            }
            return Err(Error::TooManyGuesses { retry_after });
        }
        let done = work.await;
        if !done.as_ref().is_err_and(is_wrong_guess) {
            self.budget.give_back(&guess).await;
        }
        done
    }
}

/// Writes down that the password was right from there: once a day, so that a sign-in seldom pays for it.
pub(crate) async fn remember_network(
    tx: &mut dyn Transaction,
    origin: &Origin,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let fresh = |at| now - at < WRITTEN_EVERY;
    match origin.network() {
        Some(network) if !account.last_success.is_some_and(fresh) => {
            let credentials = tx.credentials_mut();
            let (user, keep) = (account.user_id, NETWORKS_OF_ONE);
            credentials.put_network(user, network, now, keep).await
        }
        _ => Ok(()),
    }
}

fn knows_network(account: &Account, now: DateTime<Utc>) -> bool {
    let last = account.last_success;
    last.is_some_and(|at| now - at < NETWORK_KNOWN_FOR)
}

/// An account that is shut refuses the right password as it does a wrong one: so it counts as one, or the budget would
/// tell which it was.
fn is_wrong_guess(error: &Error) -> bool {
    matches!(
        error,
        Error::Session(SessionError::SignInRefused)
            | Error::Credential(CredentialError::PasswordWrong)
    )
}

/// How long a network is known after a password was last right from there.
pub(crate) const NETWORK_KNOWN_FOR: TimeDelta = TimeDelta::days(90);
const WRITTEN_EVERY: TimeDelta = TimeDelta::days(1);
/// The most networks that one account knows.
const NETWORKS_OF_ONE: u64 = 20;
