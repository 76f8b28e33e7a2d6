use std::time::Duration;

use mockall::predicate::eq;

use super::{Mocks, email, origin};
use crate::outbox::{MailAllowance, WantedMail};

/// What the budget answers where nothing is left of it.
pub(crate) const REFUSED: MailAllowance = MailAllowance::Refused {
    retry_after: Duration::from_secs(7),
};

/// A mail that everybody in the fakes asks for from the same network.
pub(crate) fn wanted(to: &str) -> WantedMail {
    WantedMail {
        to: email(to),
        network: origin().network(),
        is_password_reset: false,
    }
}

impl Mocks {
    /// The budget is asked for exactly this mail, once.
    pub(crate) fn budget_answers(&mut self, wanted: WantedMail, allowance: MailAllowance) {
        self.mail_budget
            .expect_take()
            .with(eq(wanted))
            .once()
            .return_once(move |_| Ok(allowance));
    }
}
