use domain::audit::{Action, Deed};
use domain::outbox::{Letter, OutboxMessage, OutboxMessageId};
use domain::sessions::{RefreshTokenState, SessionError};
use domain::users::Status;
use secrecy::SecretString;

use super::{Sessions, SignedIn};
use crate::{Error, Origin};

impl Sessions {
    /// Another access token for a refresh token, and its successor, which is to be used the next
    /// time. A token that comes a second time has been stolen, or the one that came before it was:
    /// the session ends, and its owner is told by mail. But within the reuse window, and as long as nobody has used the successor,
    /// it gets the same one again: its answer was lost, or its owner has two tabs.
    ///
    /// # Errors
    /// `RefreshRefused`, whatever the reason.
    pub async fn refresh(&self, origin: &Origin, secret: &SecretString) -> Result<SignedIn, Error> {
        let (hash, now) = (self.secrets.hash(secret), self.clock.now());
        let refused = SessionError::RefreshRefused;

        let mut tx = self.database.begin(origin).await?;
        let session = tx.sessions_mut().lock_by_token(&hash).await?;
        let session = session.filter(|it| it.goes_on(now)).ok_or(refused)?;
        let token = tx.sessions().find_token(&hash).await?.ok_or(refused)?;
        let user = tx.users().find(session.user_id).await?;
        let active = user.filter(|it| it.status == Status::Active);
        let user = active.ok_or(refused)?;
        let successor = self.secrets.successor(secret, &token.salt);
        let next = match token.state(now, self.policy.reuse_window) {
            RefreshTokenState::Expired => return Err(refused.into()),
            RefreshTokenState::Spent => None,
            RefreshTokenState::JustSpent => {
                let next = self.secrets.hash(&successor);
                let next = tx.sessions().find_token(&next).await?;
                next.filter(|it| it.used_at.is_none())
            }
            RefreshTokenState::Fresh => {
                let next = self.token(&successor, &session, now)?;
                let is_first = tx.sessions_mut().spend_token(&hash, now).await?;
                if is_first {
                    tx.sessions_mut().insert_token(&next).await?;
                }
                is_first.then_some(next)
            }
        };
        let Some(next) = next else {
            tx.sessions_mut().end(session.id, now).await?;
            // By whom nobody can tell: the owner or the thief.
            tx.record(Deed::on(Action::SessionsRefreshReused, session.id), now);
            let id = OutboxMessageId(self.ids.next());
            let letter = Letter::RefreshReused(user.id);
            let told = OutboxMessage::queued(id, letter, now);
            tx.outbox_mut().insert(&told).await?;
            tx.commit().await?;
            return Err(refused.into());
        };
        let access = self.access_token(&user, &session, now)?;
        let refreshed = Deed::on(Action::SessionsRefreshed, session.id).by(user.id);
        tx.record(refreshed, now);
        tx.commit().await?;
        Ok(SignedIn {
            access,
            refresh_token: successor,
            refresh_expires_in: next.expires_at - now,
        })
    }
}
