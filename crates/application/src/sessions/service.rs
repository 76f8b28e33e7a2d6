use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::{Action, Deed};
use domain::roles::Rights;
use domain::sessions::{RefreshToken, Session, SessionError, SessionId};
use domain::users::{EmailAddress, Status, User};
use secrecy::SecretString;

use super::{AccessClaims, PublicKey, RefreshSecrets, TokenSigner, Unverified};
use crate::audit::Refusals;
use crate::credentials::{Account, Guesses, PasswordHasher, Verdict, remember_network};
use crate::revocations::{Judgement, KnownRevocations};
use crate::signing_keys::KeyLoader;
use crate::{Actor, Clock, Database, Error, Ids, Origin, Ports};

/// Signing in, and what a request is signed in with.
pub struct Sessions {
    pub(super) database: Arc<dyn Database>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) hasher: Arc<dyn PasswordHasher>,
    pub(super) signer: Arc<dyn TokenSigner>,
    keys: KeyLoader,
    pub(super) secrets: Arc<dyn RefreshSecrets>,
    revocations: Arc<KnownRevocations>,
    pub(super) guesses: Guesses,
    pub(super) refusals: Refusals,
    pub(super) policy: SessionPolicy,
}

#[derive(Debug, Clone, Copy)]
pub struct SessionPolicy {
    /// How long an access token is valid.
    pub access_lifetime: TimeDelta,
    /// How long a session lasts, whatever is done with it.
    pub session_lifetime: TimeDelta,
    /// How long a refresh token lives that nobody uses.
    pub idle_lifetime: TimeDelta,
    /// For how long a refresh token that was used gets the same answer again.
    pub reuse_window: TimeDelta,
}

#[derive(Debug)]
pub struct SignedIn {
    pub access: AccessToken,
    pub refresh_token: SecretString,
    /// How long the refresh token lives if nobody uses it.
    pub refresh_expires_in: TimeDelta,
}

#[derive(Debug)]
pub struct AccessToken {
    pub token: SecretString,
    pub expires_in: TimeDelta,
}

impl Sessions {
    #[must_use]
    pub fn new(ports: &Ports, policy: SessionPolicy) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            hasher: Arc::clone(&ports.hasher),
            signer: Arc::clone(&ports.signer),
            keys: KeyLoader::new(ports),
            secrets: Arc::clone(&ports.refresh_secrets),
            revocations: Arc::clone(&ports.revocations),
            guesses: Guesses::new(ports),
            refusals: Refusals::new(ports),
            policy,
        }
    }

    /// Begins a session. An unknown address costs the same work as a known one.
    ///
    /// # Errors
    /// `SignInRefused`, whatever the reason; `TooManyGuesses`; `Overloaded` when too many sign-ins wait.
    pub async fn sign_in(
        &self,
        origin: &Origin,
        email: &EmailAddress,
        password: &SecretString,
    ) -> Result<SignedIn, Error> {
        let credentials = self.database.credentials();
        let found = credentials.find_account_by_email(email, origin.network());
        let found = found.await?;
        let account = found.as_ref();
        let meant = account.map(|it| it.user_id.into());
        let work = self.begin_session(origin, account, password);
        let work = self.guesses.counted(origin, email, account, work);
        self.refusals.told(origin, meant, work).await
    }

    async fn begin_session(
        &self,
        origin: &Origin,
        account: Option<&Account>,
        password: &SecretString,
    ) -> Result<SignedIn, Error> {
        let known = account.and_then(|it| Some((it, it.credential.as_ref()?)));
        let hash = known.map(|(_, credential)| &credential.hash);
        let verdict = self.hasher.verify(password, hash).await?;
        let (Some((account, credential)), Verdict::Right { outdated }) = (known, verdict) else {
            return Err(SessionError::SignInRefused.into());
        };
        let rehashed = if outdated {
            // It can wait for the next sign-in: who gave the right password is not sent away.
            self.hasher.hash(password).await.ok()
        } else {
            None
        };
        let now = self.clock.now();
        let id = SessionId(self.ids.next());
        let session = Session::begun(id, credential.user_id, now, self.policy.session_lifetime);
        let secret = self.secrets.random()?;
        let token = self.token(&secret, &session, now)?;

        let mut tx = self.database.begin(origin).await?;
        let user = tx.users_mut().lock(credential.user_id).await?;
        let active = user.filter(|it| it.status == Status::Active);
        let user = active.ok_or(SessionError::SignInRefused)?;
        // It may have been changed while the hash was made.
        if tx.credentials().find(user.id).await?.as_ref() != Some(credential) {
            return Err(SessionError::SignInRefused.into());
        }
        if let Some(hash) = rehashed {
            tx.credentials_mut().put(user.id, &hash, now).await?;
        }
        remember_network(&mut *tx, origin, account, now).await?;
        tx.sessions_mut().insert(&session).await?;
        tx.sessions_mut().insert_token(&token).await?;
        let access = self.access_token(&user, &session, now)?;
        tx.record(Deed::on(Action::SignInSucceeded, id).by(user.id), now);
        tx.commit().await?;
        Ok(SignedIn {
            access,
            refresh_token: secret,
            refresh_expires_in: token.expires_at - now,
        })
    }

    /// Who sends a token, and with which rights. The database is asked only while the feed of
    /// revocations is silent.
    ///
    /// # Errors
    /// `TokenInvalid` when the token, its session or its user is not valid now; those of
    /// [`KeyLoader::look_again`] and the store's when it has to be asked.
    pub async fn authenticate(&self, origin: &Origin, token: &str) -> Result<Actor, Error> {
        let now = self.clock.now();
        let claims = self.verified(token, now).await?;
        let rights = self.rights_of(&claims, now).await?;
        let (user, session) = (claims.user_id, claims.session_id);
        let signed_in_for = now - claims.authenticated_at;
        Ok(Actor::by_session(
            user,
            session,
            rights,
            signed_in_for,
            origin,
        ))
    }

    /// What an access token says. The database is asked only for a key that is not known.
    pub(super) async fn verified(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<AccessClaims, Error> {
        let mut verified = self.signer.verify(token, now);
        if verified == Err(Unverified::UnknownKey) {
            self.keys.look_again().await?;
            verified = self.signer.verify(token, now);
        }
        verified.map_err(|_| SessionError::TokenInvalid.into())
    }

    /// What a token that was verified still grants.
    pub(super) async fn rights_of(
        &self,
        claims: &AccessClaims,
        now: DateTime<Utc>,
    ) -> Result<Rights, Error> {
        match self.revocations.judge(claims, now) {
            Judgement::Valid(rights) => Ok(rights),
            Judgement::Void => Err(SessionError::TokenInvalid.into()),
            Judgement::Unknown => self.rights_by_store(claims, now).await,
        }
    }

    async fn rights_by_store(
        &self,
        claims: &AccessClaims,
        now: DateTime<Utc>,
    ) -> Result<Rights, Error> {
        let found = self.database.sessions().standing(claims.session_id).await?;
        let valid = found.filter(|it| {
            it.user_id == claims.user_id
                && it.status == Status::Active
                && it.token_version == claims.token_version
                && !it.ended
                && now < it.expires_at
        });
        Ok(valid.ok_or(SessionError::TokenInvalid)?.rights)
    }

    /// What anybody verifies access tokens with.
    #[must_use]
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.signer.public_keys()
    }

    /// What is kept of a refresh token.
    pub(super) fn token(
        &self,
        secret: &SecretString,
        session: &Session,
        now: DateTime<Utc>,
    ) -> Result<RefreshToken, Error> {
        let (hash, salt) = (self.secrets.hash(secret), self.secrets.salt()?);
        let idle = self.policy.idle_lifetime;
        Ok(RefreshToken::issued(hash, salt, session, now, idle))
    }

    pub(super) fn access_token(
        &self,
        user: &User,
        session: &Session,
        now: DateTime<Utc>,
    ) -> Result<AccessToken, Error> {
        // No access token outlives its session: nobody looks at the session any more.
        let expires_at = session.expires_at.min(now + self.policy.access_lifetime);
        let token = self.signer.sign(&AccessClaims {
            id: self.ids.next(),
            user_id: user.id,
            session_id: session.id,
            token_version: user.token_version,
            roles: user.roles.iter().cloned().collect(),
            authenticated_at: session.authenticated_at,
            issued_at: now,
            expires_at,
        })?;
        Ok(AccessToken {
            token,
            expires_in: expires_at - now,
        })
    }
}
