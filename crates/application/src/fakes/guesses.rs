use super::{Ledger, Mocks};
use crate::credentials::{GuessAllowance, Guesses};

impl Mocks {
    pub(crate) fn guesses(self) -> (Guesses, Ledger) {
        let (ports, ledger) = self.ports();
        (Guesses::new(&ports), ledger)
    }

    /// A password may be tried, and the try may be given back.
    pub(crate) fn let_guess(&mut self) {
        self.guess_budget
            .expect_take()
            .once()
            .return_once(|_| Ok(GuessAllowance::Allowed));
        self.guess_budget.expect_give_back().return_const(());
    }
}
