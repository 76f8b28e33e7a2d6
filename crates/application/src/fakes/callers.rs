use domain::users::{Status, User};
use mockall::predicate::eq;

use super::{CALLER, Mocks};

impl Mocks {
    /// The caller's account is held, and their session looked at once more.
    pub(crate) fn holds_caller(&mut self, account: Option<User>, ended: bool) {
        let is_active = |it: &User| it.status == Status::Active;
        self.caller_is_out = ended || !account.as_ref().is_some_and(is_active);
        self.users_mut
            .expect_lock()
            .with(eq(CALLER))
            .return_once(|_| Ok(account));
    }
}
