use domain::audit::{Action, Deed};
use domain::sessions::SessionError;
use domain::users::Status;
use secrecy::SecretString;

use super::{AccessToken, Sessions};
use crate::credentials::{Account, Verdict, remember_network};
use crate::{Error, SessionActor};

impl Sessions {
    /// Another access token of the caller's session, which says that they have just given their password. The tokens
    /// that the session has already say what they said.
    ///
    /// # Errors
    /// `SignInRefused` when the password is wrong, or the account was shut this moment; `TokenInvalid` when the session
    /// was; `TooManyGuesses`; `Overloaded` when too many passwords wait.
    pub async fn step_up(
        &self,
        by: &SessionActor,
        password: &SecretString,
    ) -> Result<AccessToken, Error> {
        let origin = by.origin();
        let credentials = self.database.credentials();
        let found = credentials.find_account(by.user_id(), origin.network());
        let account = found.await?.ok_or(SessionError::TokenInvalid)?;
        let work = self.prove(by, &account, password);
        let work = self
            .guesses
            .counted(origin, &account.email, Some(&account), work);
        let target = Some(by.user_id().into());
        self.refusals.told(origin, target, work).await
    }

    async fn prove(
        &self,
        by: &SessionActor,
        account: &Account,
        password: &SecretString,
    ) -> Result<AccessToken, Error> {
        let refused = SessionError::SignInRefused;
        let known = &account.credential;
        let hash = known.as_ref().map(|it| &it.hash);
        if self.hasher.verify(password, hash).await? == Verdict::Wrong {
            return Err(refused.into());
        }
        let now = self.clock.now();

        let mut tx = self.database.begin(by.origin()).await?;
        let user = tx.users_mut().lock(by.user_id()).await?;
        let active = user.filter(|it| it.status == Status::Active);
        let user = active.ok_or(refused)?;
        // It may have been changed while the hash was made.
        if tx.credentials().find(user.id).await? != *known {
            return Err(refused.into());
        }
        let session = tx.sessions_mut().lock(by.session_id()).await?;
        let open = session.filter(|it| it.goes_on(now));
        let mut session = open.ok_or(SessionError::TokenInvalid)?;
        by.still_may(&*tx).await?;
        session.authenticated_at = now;
        tx.sessions_mut().update(&session).await?;
        remember_network(&mut *tx, by.origin(), account, now).await?;
        let access = self.access_token(&user, &session, now)?;
        tx.record(Deed::on(Action::SessionsSteppedUp, session.id), now);
        tx.commit().await?;
        Ok(access)
    }
}
