//! The composition root: the one place that knows which adapter stands behind which port.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use api::{Api, ApiPolicy, RateLimits};
use application::api_keys::{ApiKeyPolicy, ApiKeyUses};
use application::credentials::Credentials;
use application::revocations::{KnownRevocations, RevocationFeed};
use application::sessions::SessionPolicy;
use application::{Clock, Ports, RateLimit, Services, Signal, SignalListener};
use chrono::TimeDelta;
use domain::credentials::PasswordPolicy;
use infrastructure::{
    AeadCursorSeal, Argon2Hasher, DatabasePolicy, Es256Signer, HashingPolicy, HmacRefreshSecrets,
    InProcessRateLimiter, MasterKey, Pools, RandomApiKeySecrets, RevocationPushes, Store,
    TimeOrderedIds, VerifiedTokens,
};
use sea_orm_migration_runner::Runner;
use secrecy::{ExposeSecret, SecretString};

use crate::api_keys::UsesOfApiKeys;
use crate::keys::Keys;
use crate::logs;
use crate::revocations::Follower;
use crate::settings::{Database, Limits, Settings};

/// Everything that the use cases need, made real.
///
/// # Errors
/// When a key or a hashing parameter cannot be used.
pub fn ports(
    settings: &Settings,
    keys: &Keys,
    pools: Pools,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Ports> {
    let master = MasterKey::new(&keys.master_key).context("security.master_key")?;
    let hasher = Argon2Hasher::new(hashing(settings)).context("the settings in [passwords]")?;
    let lifetime = session_policy(settings).access_lifetime;
    let revocations = Arc::new(KnownRevocations::new(Arc::clone(&clock), lifetime));
    let listener = Arc::new(Listener(Arc::clone(&revocations)));
    Ok(Ports {
        database: Arc::new(Store::new(pools, Arc::clone(&clock), listener)),
        limiter: Arc::new(InProcessRateLimiter::new(Arc::clone(&clock))),
        revocations,
        clock,
        ids: Arc::new(TimeOrderedIds),
        hasher: Arc::new(hasher),
        signer: Arc::new(VerifiedTokens::of(signer(settings, &keys.signing_key)?)),
        refresh_secrets: Arc::new(HmacRefreshSecrets),
        api_key_secrets: Arc::new(RandomApiKeySecrets),
        api_keys: Arc::default(),
        cursors: Arc::new(AeadCursorSeal::new(&master)),
    })
}

/// The interface over those ports.
#[must_use]
pub fn api(settings: &Settings, ports: &Ports) -> Arc<Api> {
    let request_timeout = Duration::from_millis(settings.server.request_timeout_ms);
    let policy = ApiPolicy {
        public_url: settings.server.public_url.clone(),
        uri_limit: settings.server.uri_limit_bytes,
        head_limit: settings.server.head_limit_bytes,
        body_limit: settings.server.body_limit_bytes,
        body_limits: settings
            .limits
            .bodies
            .iter()
            .map(|it| (it.operation.clone(), it.bytes))
            .collect(),
        body_timeout: request_timeout / 2,
        request_timeout,
        rate_limits: rate_limits(&settings.limits),
        trusted_proxies: settings.server.trusted_proxies.clone(),
        max_in_flight: settings.server.max_in_flight,
        allowed_origins: settings.cors.allowed_origins.clone(),
        serves_document: settings.features.api_document,
    };
    Api::new(
        Services::new(
            ports,
            session_policy(settings),
            passwords(settings),
            api_keys(settings),
        ),
        Arc::clone(&ports.ids),
        Arc::clone(&ports.cursors),
        Arc::clone(&ports.limiter),
        policy,
    )
}

/// What follows the revocations of all servers.
#[must_use]
pub fn follower(settings: &Settings, ports: &Ports) -> Follower {
    let pushes = RevocationPushes::of(&database(&settings.database));
    Follower::new(RevocationFeed::new(ports), Arc::clone(&ports.ids), pushes)
}

/// What writes down when API keys were used.
#[must_use]
pub fn api_key_uses(ports: &Ports) -> UsesOfApiKeys {
    UsesOfApiKeys::new(ApiKeyUses::new(ports), Arc::clone(&ports.ids))
}

/// The use cases of the command line.
#[must_use]
pub fn credentials(settings: &Settings, ports: &Ports) -> Credentials {
    Credentials::new(ports, passwords(settings))
}

fn api_keys(settings: &Settings) -> ApiKeyPolicy {
    ApiKeyPolicy {
        max_lifetime: TimeDelta::days(settings.api_keys.max_days.into()),
        max_per_user: settings.api_keys.max_per_user.into(),
    }
}

fn passwords(settings: &Settings) -> PasswordPolicy {
    PasswordPolicy {
        min_length: settings.passwords.min_length,
    }
}

#[must_use]
pub fn database(settings: &Database) -> DatabasePolicy {
    DatabasePolicy {
        url: settings.url.clone(),
        max_connections: settings.max_connections,
        readers: settings.readers,
        acquire_timeout: Duration::from_millis(settings.acquire_timeout_ms),
        statement_timeout: Duration::from_millis(settings.statement_timeout_ms),
        connect_timeout: Duration::from_millis(settings.connect_timeout_ms),
        creates: true,
    }
}

/// What brings the tables up to date.
#[must_use]
pub fn migrations(settings: &Database) -> Runner {
    migration::runner().waiting(Duration::from_millis(settings.migration_wait_ms))
}

/// What a start would stumble over and the settings alone cannot tell.
///
/// # Errors
/// When the database's URL, a key or the log's filter cannot be used.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    logs::filter(&settings.log)?;
    database(&settings.database).check()?;
    Argon2Hasher::new(hashing(settings)).context("the settings in [passwords]")?;
    let (key, master) = (&settings.tokens.signing_key, &settings.security.master_key);
    if !key.expose_secret().is_empty() {
        signer(settings, key)?;
    }
    if !master.expose_secret().is_empty() {
        MasterKey::new(master).context("security.master_key")?;
    }
    Ok(())
}

fn session_policy(settings: &Settings) -> SessionPolicy {
    let tokens = &settings.tokens;
    SessionPolicy {
        access_lifetime: TimeDelta::minutes(tokens.access_minutes.into()),
        session_lifetime: TimeDelta::days(tokens.session_max_days.into()),
        idle_lifetime: TimeDelta::days(tokens.session_idle_days.into()),
        reuse_window: TimeDelta::seconds(tokens.refresh_reuse_seconds.into()),
    }
}

fn rate_limits(settings: &Limits) -> RateLimits {
    let limit = |per_minute, burst| {
        let (rate, burst) = (NonZeroU32::new(per_minute)?, NonZeroU32::new(burst)?);
        Some(RateLimit::per_minute(rate, burst))
    };
    RateLimits {
        sign_in: limit(settings.sign_in_per_minute, settings.sign_in_burst),
        public: limit(settings.public_per_minute, settings.public_burst),
        read: limit(settings.read_per_minute, settings.read_burst),
        write: limit(settings.write_per_minute, settings.write_burst),
    }
}

fn signer(settings: &Settings, key: &SecretString) -> anyhow::Result<Es256Signer> {
    let issuer = settings.server.public_url.clone();
    let audience = settings.tokens.audience.clone();
    Es256Signer::from_pem(key, issuer, audience).context("tokens.signing_key")
}

fn hashing(settings: &Settings) -> HashingPolicy {
    let passwords = &settings.passwords;
    HashingPolicy {
        memory_kib: passwords.argon2_memory_kib,
        iterations: passwords.argon2_iterations,
        parallelism: passwords.argon2_parallelism,
        max_concurrent: or_cores(passwords.max_concurrent_hashes),
        max_waiting: passwords.max_waiting_hashes,
    }
}

/// A number of threads, of which 0 means one for each core.
pub(crate) fn or_cores(threads: usize) -> usize {
    match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    }
}

/// Tells the log, and who judges tokens, what has happened for good.
struct Listener(Arc<KnownRevocations>);

impl SignalListener for Listener {
    fn heard(&self, signal: Signal) {
        match signal {
            Signal::Revoked(revocation) => self.0.heard(revocation),
            Signal::SessionsEnded(user) => {
                tracing::info!(subject = %user.0, "sessions ended");
            }
        }
    }
}
