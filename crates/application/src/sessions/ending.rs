use domain::audit::{Action, Deed};
use domain::sessions::{LiveSession, SessionId};
use secrecy::{ExposeSecret, SecretString};

use super::Sessions;
use crate::{Error, Origin, Page, PageRequest, SessionActor};

impl Sessions {
    /// The caller's that can still be used, newest first.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn list_own(
        &self,
        by: &SessionActor,
        page: &PageRequest,
    ) -> Result<Page<LiveSession>, Error> {
        let now = self.clock.now();
        let sessions = self.database.sessions();
        Ok(sessions.list(by.user_id(), now, page).await?)
    }

    /// Ends the session that the caller is signed in with.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn sign_out(&self, by: &SessionActor) -> Result<(), Error> {
        let now = self.clock.now();

        let mut tx = by.begin(&*self.database).await?;
        tx.sessions_mut().end(by.session_id(), now).await?;
        tx.record(Deed::on(Action::SessionsEnded, by.session_id()), now);
        tx.commit().await?;
        Ok(())
    }

    /// Ends one session of the caller's.
    ///
    /// # Errors
    /// `NotFound` when it is somebody else's, or is over.
    pub async fn end_own(&self, by: &SessionActor, id: SessionId) -> Result<(), Error> {
        let now = self.clock.now();

        let mut tx = by.begin(&*self.database).await?;
        let found = tx.sessions_mut().lock(id).await?;
        let own = found.filter(|it| it.user_id == by.user_id() && it.goes_on(now));
        let session = own.ok_or(Error::NotFound)?;
        tx.sessions_mut().end(session.id, now).await?;
        tx.record(Deed::on(Action::SessionsEnded, session.id), now);
        tx.commit().await?;
        Ok(())
    }

    /// Ends every session of the caller's but the one that they are signed in with.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn end_others(&self, by: &SessionActor) -> Result<(), Error> {
        let (user, kept, now) = (by.user_id(), by.session_id(), self.clock.now());

        let mut tx = by.begin(&*self.database).await?;
        tx.sessions_mut().end_others(user, kept, now).await?;
        tx.record(Deed::on(Action::SessionsOthersEnded, user), now);
        tx.commit().await?;
        Ok(())
    }

    /// Ends the session of a refresh token, also of one that was used, or of an access token. What
    /// is no token of ours is void already.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn revoke(&self, origin: &Origin, token: &SecretString) -> Result<(), Error> {
        let (hash, now) = (self.secrets.hash(token), self.clock.now());
        let claims = match self.verified(token.expose_secret(), now).await {
            Err(Error::Session(_)) => None,
            verified => Some(verified?),
        };

        let mut tx = self.database.begin(origin).await?;
        let session = tx.sessions_mut().lock_by_token(&hash).await?;
        let session = session.map(|it| (it.id, it.user_id));
        let session = session.or(claims.map(|it| (it.session_id, it.user_id)));
        if let Some((id, owner)) = session {
            tx.sessions_mut().end(id, now).await?;
            tx.record(Deed::on(Action::SessionsEnded, id).by(owner), now);
        }
        tx.commit().await?;
        Ok(())
    }
}
