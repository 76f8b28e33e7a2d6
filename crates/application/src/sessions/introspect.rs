use chrono::{DateTime, Utc};
use domain::roles::TokensIntrospect;
use domain::sessions::{RefreshToken, RefreshTokenState};
use domain::users::{Status, UserId};
use secrecy::{ExposeSecret, SecretString};

use super::{AccessClaims, Sessions};
use crate::{Error, Permit};

/// A token that is good now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveToken {
    Access(AccessClaims),
    /// And whose it is.
    Refresh(RefreshToken, UserId),
}

impl Sessions {
    /// What a token of either kind is worth now; `None` where it is worth nothing, whatever the reason. A
    /// refresh token that was used is none, also while its answer could be had again.
    ///
    /// # Errors
    /// Those of a verification that cannot be made, and the store's.
    pub async fn introspect(
        &self,
        _by: &Permit<TokensIntrospect>,
        token: &SecretString,
    ) -> Result<Option<LiveToken>, Error> {
        let now = self.clock.now();
        match self.access_claims(token, now).await {
            Ok(claims) => Ok(Some(LiveToken::Access(claims))),
            Err(Error::Session(_)) => self.live_refresh_token(token, now).await,
            Err(error) => Err(error),
        }
    }

    async fn access_claims(
        &self,
        token: &SecretString,
        now: DateTime<Utc>,
    ) -> Result<AccessClaims, Error> {
        let claims = self.verified(token.expose_secret(), now).await?;
        self.rights_of(&claims, now).await?;
        Ok(claims)
    }

    async fn live_refresh_token(
        &self,
        token: &SecretString,
        now: DateTime<Utc>,
    ) -> Result<Option<LiveToken>, Error> {
        let (sessions, hash) = (self.database.sessions(), self.secrets.hash(token));
        let found = sessions.find_token(&hash).await?;
        let fresh = RefreshTokenState::Fresh;
        let found = found.filter(|it| it.state(now, self.policy.reuse_window) == fresh);
        let Some(token) = found else { return Ok(None) };
        let standing = sessions.standing(token.session_id).await?;
        let good =
            standing.filter(|it| it.status == Status::Active && !it.ended && now < it.expires_at);
        Ok(good.map(|it| LiveToken::Refresh(token, it.user_id)))
    }
}
