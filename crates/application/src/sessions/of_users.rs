//! Everybody's sessions, by permission.

use domain::audit::{Action, Deed};
use domain::roles::UsersSessions;
use domain::sessions::LiveSession;
use domain::users::UserId;

use super::Sessions;
use crate::users::target;
use crate::{Error, Expected, Page, PageRequest, Permit, Signal};

impl Sessions {
    /// Those of a user that can still be used, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn list(
        &self,
        _by: &Permit<UsersSessions>,
        user: UserId,
        page: &PageRequest,
    ) -> Result<Page<LiveSession>, Error> {
        let found = self.database.users().find(user).await?;
        found.ok_or(Error::NotFound)?;
        let now = self.clock.now();
        Ok(self.database.sessions().list(user, now, page).await?)
    }

    /// Ends every session of a user.
    ///
    /// # Errors
    /// `NotFound`, `BeyondOwnRights`.
    pub async fn end_all(&self, by: &Permit<UsersSessions>, user: UserId) -> Result<(), Error> {
        let now = self.clock.now();

        let work = async {
            let mut tx = self.database.begin(by.origin()).await?;
            target::lock(&mut *tx, by, user, &Expected::Any).await?;
            tx.sessions_mut().end_all(user, now).await?;
            tx.after_commit(Signal::SessionsEnded(user));
            tx.record(Deed::on(Action::SessionsAllEnded, user), now);
            tx.commit().await?;
            Ok(())
        };
        let target = Some(user.into());
        self.refusals.told(by.origin(), target, work).await
    }
}
