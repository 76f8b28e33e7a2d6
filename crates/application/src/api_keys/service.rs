use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Version;
use domain::api_keys::{ApiKey, ApiKeyChange, ApiKeyError, ApiKeyId, ApiKeyName, ApiKeyToken};
use domain::audit::{Action, Deed};
use domain::roles::Rights;
use domain::users::UserError;
use secrecy::SecretString;

use super::{ApiKeySecrets, KnownApiKeys};
use crate::audit::Refusals;
use crate::revocations::KnownRevocations;
use crate::users::target::lock_caller;
use crate::{
    Actor, Clock, Database, Error, Expected, Ids, Page, PageRequest, Ports, RecentActor,
    SessionActor, Transaction,
};

/// Keys by which programs act for somebody: one's own, and what a request with one may do.
pub struct ApiKeys {
    pub(super) database: Arc<dyn Database>,
    pub(super) clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    pub(super) secrets: Arc<dyn ApiKeySecrets>,
    pub(super) known: Arc<KnownApiKeys>,
    pub(super) revocations: Arc<KnownRevocations>,
    refusals: Refusals,
    policy: ApiKeyPolicy,
}

#[derive(Debug, Clone, Copy)]
pub struct ApiKeyPolicy {
    /// How long a key lives at most.
    pub max_lifetime: TimeDelta,
    /// How many somebody has at most, those that have expired among them.
    pub max_per_user: u64,
}

pub struct NewApiKey {
    pub name: ApiKeyName,
    pub scopes: Rights,
    pub expires_at: DateTime<Utc>,
}

#[derive(Debug)]
pub struct IssuedApiKey {
    pub key: ApiKey,
    /// What its holder sends; nobody can find it out again.
    pub token: SecretString,
}

impl ApiKeys {
    #[must_use]
    pub fn new(ports: &Ports, policy: ApiKeyPolicy) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
            ids: Arc::clone(&ports.ids),
            secrets: Arc::clone(&ports.api_key_secrets),
            known: Arc::clone(&ports.api_keys),
            revocations: Arc::clone(&ports.revocations),
            refusals: Refusals::new(ports),
            policy,
        }
    }

    /// The caller's, newest first.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn list_own(
        &self,
        by: &SessionActor,
        page: &PageRequest,
    ) -> Result<Page<ApiKey>, Error> {
        Ok(self.database.api_keys().list(by.user_id(), page).await?)
    }

    /// # Errors
    /// `NotFound`, also for somebody else's.
    pub async fn get_own(&self, by: &SessionActor, id: ApiKeyId) -> Result<ApiKey, Error> {
        own(by, self.database.api_keys().find(id).await?)
    }

    /// Makes a key for the caller.
    ///
    /// # Errors
    /// `ExpiryInvalid`, `BeyondOwnRights`, `TooMany`, or `TokenInvalid` when the account was shut or deleted, or the session
    /// ended, this moment.
    pub async fn create_own(
        &self,
        by: &RecentActor,
        new: NewApiKey,
    ) -> Result<IssuedApiKey, Error> {
        let now = self.clock.now();
        let most = self.policy.max_per_user;
        ApiKey::may_expire(new.expires_at, now, self.policy.max_lifetime)?;
        let key = ApiKey {
            id: ApiKeyId(self.ids.next()),
            user_id: by.user_id(),
            name: new.name,
            scopes: new.scopes,
            version: Version::FIRST,
            created_at: now,
            updated_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
        };
        let secret = self.secrets.random()?;
        let hash = self.secrets.hash(&secret);

        let work = async {
            within_own(by, key.scopes)?;
            let mut tx = self.database.begin(by.origin()).await?;
            // Held, so that no other call counts meanwhile, and none shuts the account, which would leave this key.
            lock_caller(&mut *tx, by).await?;
            if tx.api_keys().count(key.user_id).await? >= most {
                return Err(ApiKeyError::TooMany(most).into());
            }
            tx.api_keys_mut().insert(&key, &hash).await?;
            tx.record(Deed::on(Action::ApiKeysCreated, key.id), now);
            tx.commit().await?;
            let token = ApiKeyToken { id: key.id, secret }.text();
            Ok(IssuedApiKey { key, token })
        };
        self.refusals.told(by.origin(), None, work).await
    }

    /// What it can do less, it cannot from this moment on. Who lets it do more needs a recent password, as for another key.
    ///
    /// # Errors
    /// `TokenInvalid` when the session was ended this moment, `NotFound`, `BeyondOwnRights`, `SignInTooOld`, `Stale`.
    pub async fn update_own(
        &self,
        by: &SessionActor,
        id: ApiKeyId,
        expected: &Expected,
        change: ApiKeyChange,
    ) -> Result<ApiKey, Error> {
        let work = async {
            let mut tx = self.database.begin(by.origin()).await?;
            lock_caller(&mut *tx, by).await?;
            let mut key = lock(&mut *tx, by, id, expected).await?;
            if let Some(scopes) = change.scopes
                && !key.scopes.covers(scopes)
            {
                by.recent()?;
                within_own(by, scopes)?;
            }
            let (before, now) = (key.version, self.clock.now());
            key.apply(change, now);
            if key.version != before {
                tx.api_keys_mut().update(&key).await?;
                tx.record(Deed::on(Action::ApiKeysUpdated, id), now);
            }
            tx.commit().await?;
            Ok(key)
        };
        self.refusals.told(by.origin(), Some(id.into()), work).await
    }

    /// Nobody can use it from this moment on.
    ///
    /// # Errors
    /// `NotFound`, `Stale`.
    pub async fn delete_own(
        &self,
        by: &SessionActor,
        id: ApiKeyId,
        expected: &Expected,
    ) -> Result<(), Error> {
        let mut tx = by.begin(&*self.database).await?;
        lock(&mut *tx, by, id, expected).await?;
        tx.api_keys_mut().delete(id).await?;
        tx.record(Deed::on(Action::ApiKeysDeleted, id), self.clock.now());
        tx.commit().await?;
        Ok(())
    }
}

/// Finds and holds the caller's key.
async fn lock(
    tx: &mut dyn Transaction,
    by: &SessionActor,
    id: ApiKeyId,
    expected: &Expected,
) -> Result<ApiKey, Error> {
    let key = own(by, tx.api_keys_mut().lock(id).await?)?;
    expected.admits(key.version)?;
    Ok(key)
}

/// Whose key it is not, learns nothing about it.
fn own(by: &Actor, found: Option<ApiKey>) -> Result<ApiKey, Error> {
    let own = found.filter(|it| it.user_id == by.user_id());
    own.ok_or(Error::NotFound)
}

/// Nobody gives a key what they may not do themselves.
fn within_own(by: &Actor, scopes: Rights) -> Result<(), Error> {
    if !by.rights().covers(scopes) {
        return Err(UserError::BeyondOwnRights.into());
    }
    Ok(())
}
