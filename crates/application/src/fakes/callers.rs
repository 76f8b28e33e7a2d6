use chrono::TimeDelta;
use domain::roles::Rights;
use domain::users::User;
use mockall::predicate::eq;

use super::{CALLER, Mocks, caller, now};
use crate::sessions::Standing;

impl Mocks {
    /// The caller's account is held, and their session looked at once more.
    pub(crate) fn holds_caller(&mut self, account: Option<User>, ended: bool) {
        let standing = account.as_ref().map(|it| Standing {
            user_id: it.id,
            status: it.status,
            token_version: it.token_version,
            rights: Rights::NONE,
            ended,
            expires_at: now() + TimeDelta::days(1),
        });
        self.users_mut
            .expect_lock()
            .with(eq(CALLER))
            .return_once(|_| Ok(account));
        self.sessions
            .expect_standing()
            .with(eq(caller(Rights::NONE).session_id()))
            .return_once(move |_| Ok(standing));
    }
}
