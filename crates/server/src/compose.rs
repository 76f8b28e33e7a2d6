//! The composition root: the one place that knows which adapter stands behind which port.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use api::{Api, ApiPolicy, RateLimits};
use application::api_keys::{ApiKeyPolicy, ApiKeyUses};
use application::credentials::Credentials;
use application::outbox::{Outbox, OutboxPolicy, TokenLifetimes};
use application::projects::ProjectPolicy;
use application::registrations::RegistrationPolicy;
use application::revocations::{KnownRevocations, RevocationFeed};
use application::sessions::SessionPolicy;
use application::signing_keys::{KeyLoader, SigningKeyPolicy, SigningKeys};
use application::upkeep::{RetentionPolicy, Upkeep};
use application::{Clock, Ports, RateLimit, Services};
use chrono::TimeDelta;
use domain::credentials::PasswordPolicy;
use domain::outbox::RetryPolicy;
use infrastructure::{
    AeadCursorSeal, Argon2Hasher, DatabasePolicy, Es256Signer, GuessLimits, HashingPolicy,
    HmacRefreshSecrets, InProcessRateLimiter, LimitedGuesses, LimitedMail, MailLimits, MailLinks,
    MailPolicy, MailTransport, MasterKey, MasterKeys, Pools, RandomApiKeySecrets,
    RandomOneTimeSecrets, RevocationPushes, SigningRing, SmtpPolicy, SmtpTls, Store,
    TemplateMailer, TimeOrderedIds, VerifiedTokens,
};
use sea_orm_migration_runner::Runner;
use secrecy::ExposeSecret;

use crate::api_keys::UsesOfApiKeys;
use crate::keys::Keys;
use crate::logs;
use crate::revocations::{Follower, Listener};
use crate::settings::{self, Database, Limits, Mail, RegistrationMode, Settings};
use crate::signing_keys::KeyKeeper;

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
    let masters = MasterKeys::new(&keys.master_key, &keys.other_master_keys);
    let masters = masters.context("security.master_key")?;
    let hasher = Argon2Hasher::new(hashing(settings)).context("the settings in [passwords]")?;
    let lifetime = session_policy(settings).access_lifetime;
    let revocations = Arc::new(KnownRevocations::new(Arc::clone(&clock), lifetime));
    let ring = Arc::new(match &keys.signing_key {
        Some(pem) => SigningRing::of_pem(pem).context("tokens.signing_key")?,
        None => SigningRing::sealed_by(&masters),
    });
    let signer = Es256Signer::new(
        Arc::clone(&ring),
        settings.server.public_url.clone(),
        settings.tokens.audience.clone(),
    );
    let limiter = Arc::new(InProcessRateLimiter::new(Arc::clone(&clock)));
    let limits = &settings.limits;
    let mail_budget = LimitedMail::new(limiter.clone(), &masters, mail_limits(limits));
    let guess_budget = LimitedGuesses::new(limiter.clone(), &masters, guess_limits(limits));
    Ok(Ports {
        database: store(pools, &revocations, &clock),
        limiter,
        revocations,
        clock,
        ids: Arc::new(TimeOrderedIds),
        hasher: Arc::new(hasher),
        signer: Arc::new(VerifiedTokens::of(signer, Arc::clone(&ring))),
        key_ring: ring,
        refresh_secrets: Arc::new(HmacRefreshSecrets),
        one_time_secrets: Arc::new(RandomOneTimeSecrets),
        mailer: Arc::new(mailer(&settings.mail)?),
        api_key_secrets: Arc::new(RandomApiKeySecrets),
        api_keys: Arc::default(),
        mail_budget: Arc::new(mail_budget),
        guess_budget: Arc::new(guess_budget),
        cursors: Arc::new(AeadCursorSeal::new(&masters)),
    })
}

fn store(
    pools: Pools,
    known: &Arc<KnownRevocations>,
    clock: &Arc<dyn Clock>,
) -> Arc<dyn application::Database> {
    let listener = Arc::new(Listener(Arc::clone(known)));
    Arc::new(Store::new(pools, Arc::clone(clock), listener))
}

/// The same ports, over other connections to the same database.
#[must_use]
pub fn over(pools: Pools, ports: &Ports) -> Ports {
    Ports {
        database: store(pools, &ports.revocations, &ports.clock),
        ..ports.clone()
    }
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
            registration(settings),
            project_policy(settings),
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
    Follower::new(RevocationFeed::new(ports), pushes)
}

/// Whether the keys that sign are those of the database, and not the one of the settings.
#[must_use]
pub fn keeps_keys(settings: &Settings) -> bool {
    settings.tokens.signing_key.expose_secret().is_empty()
}

/// What looks after the keys of the database, if they are to sign.
#[must_use]
pub fn key_keeper(settings: &Settings, ports: &Ports) -> Option<KeyKeeper> {
    let keeper = || {
        let keys = signing_keys(settings, ports);
        KeyKeeper::new(keys, KeyLoader::new(ports), Arc::clone(&ports.ids))
    };
    keeps_keys(settings).then(keeper)
}

#[must_use]
pub fn signing_keys(settings: &Settings, ports: &Ports) -> SigningKeys {
    let policy = SigningKeyPolicy {
        signing: TimeDelta::days(settings.tokens.signing_key_days.into()),
        token_lifetime: session_policy(settings).access_lifetime,
    };
    SigningKeys::new(ports, policy)
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

/// The worker that delivers mail.
#[must_use]
pub fn outbox(settings: &Settings, ports: &Ports) -> Outbox {
    let mail = &settings.mail;
    let policy = OutboxPolicy {
        retry: RetryPolicy {
            first_wait: TimeDelta::seconds(mail.retry_first_seconds.into()),
            longest_wait: TimeDelta::seconds(mail.retry_longest_seconds.into()),
            max_attempts: mail.max_attempts,
        },
        // The mailer gives up before.
        lease: TimeDelta::milliseconds(mail.smtp_timeout_ms.cast_signed()) * 2,
        lifetimes: TokenLifetimes {
            password_reset: TimeDelta::minutes(settings.tokens.password_reset_minutes.into()),
            invitation: TimeDelta::hours(settings.tokens.invitation_hours.into()),
            registration: TimeDelta::hours(settings.tokens.registration_hours.into()),
            email_change: TimeDelta::hours(settings.tokens.email_change_hours.into()),
            email_change_cancel: TimeDelta::days(settings.tokens.email_change_cancel_days.into()),
        },
    };
    Outbox::new(ports, policy)
}

/// What deletes that nobody needs any more.
#[must_use]
pub fn upkeep(settings: &Settings, ports: &Ports) -> Upkeep {
    let retention = &settings.retention;
    let policy = RetentionPolicy {
        session: TimeDelta::days(retention.session_days.into()),
        api_key: TimeDelta::days(retention.api_key_days.into()),
        registration: TimeDelta::hours(settings.tokens.registration_hours.into())
            + LONGEST_ON_ITS_WAY,
        email_change: TimeDelta::hours(settings.tokens.email_change_hours.into())
            + TimeDelta::days(settings.tokens.email_change_cancel_days.into())
            + LONGEST_ON_ITS_WAY * 2,
        dead_letter: TimeDelta::days(retention.dead_letter_days.into()),
        audit_event: TimeDelta::days(retention.audit_days.into()),
    };
    Upkeep::new(ports, policy)
}

/// Far longer than mail is tried for.
const LONGEST_ON_ITS_WAY: TimeDelta = TimeDelta::days(7);

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
    mailer(&settings.mail)?;
    let (key, master) = (&settings.tokens.signing_key, &settings.security.master_key);
    if !keeps_keys(settings) {
        SigningRing::of_pem(key).context("tokens.signing_key")?;
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

fn registration(settings: &Settings) -> RegistrationPolicy {
    match settings.registration.mode {
        RegistrationMode::Open => RegistrationPolicy::Open,
        RegistrationMode::Closed => RegistrationPolicy::Closed,
    }
}

fn project_policy(settings: &Settings) -> ProjectPolicy {
    ProjectPolicy {
        most_per_owner: settings.projects.most_per_owner,
    }
}

fn rate_limits(settings: &Limits) -> RateLimits {
    RateLimits {
        sign_in: rate_limit(settings.sign_in_per_minute, settings.sign_in_burst),
        public: rate_limit(settings.public_per_minute, settings.public_burst),
        read: rate_limit(settings.read_per_minute, settings.read_burst),
        write: rate_limit(settings.write_per_minute, settings.write_burst),
    }
}

fn guess_limits(settings: &Limits) -> GuessLimits {
    let limit = |per_hour, burst| {
        let (rate, burst) = (NonZeroU32::new(per_hour)?, NonZeroU32::new(burst)?);
        Some(RateLimit::per_hour(rate, burst))
    };
    GuessLimits {
        per_network: limit(settings.guesses_per_hour, settings.guesses_burst),
        from_strangers: limit(
            settings.stranger_guesses_per_hour,
            settings.stranger_guesses_burst,
        ),
    }
}

fn mail_limits(settings: &Limits) -> MailLimits {
    MailLimits {
        per_network: rate_limit(
            settings.network_mail_per_minute,
            settings.network_mail_burst,
        ),
        in_all: rate_limit(settings.mail_per_minute, settings.mail_burst),
    }
}

fn rate_limit(per_minute: u32, burst: u32) -> Option<RateLimit> {
    let (rate, burst) = (NonZeroU32::new(per_minute)?, NonZeroU32::new(burst)?);
    Some(RateLimit::per_minute(rate, burst))
}

fn passwords(settings: &Settings) -> PasswordPolicy {
    PasswordPolicy {
        min_length: settings.passwords.min_length,
    }
}

fn mailer(settings: &Mail) -> anyhow::Result<TemplateMailer> {
    let transport = match settings.transport {
        settings::MailTransport::Folder => MailTransport::Folder(settings.folder.clone()),
        settings::MailTransport::Smtp => MailTransport::Smtp(SmtpPolicy {
            host: settings.smtp_host.clone(),
            port: settings.smtp_port,
            tls: match settings.smtp_tls {
                settings::SmtpTls::StartTls => SmtpTls::StartTls,
                settings::SmtpTls::Tls => SmtpTls::Implicit,
                settings::SmtpTls::None => SmtpTls::None,
            },
            credentials: (!settings.smtp_username.is_empty()).then(|| {
                (
                    settings.smtp_username.clone(),
                    settings.smtp_password.clone(),
                )
            }),
            timeout: Duration::from_millis(settings.smtp_timeout_ms),
        }),
    };
    let links = MailLinks {
        password_reset: settings.links.password_reset.clone(),
        invitation: settings.links.invitation.clone(),
        registration: settings.links.registration.clone(),
        email_change: settings.links.email_change.clone(),
        email_change_cancel: settings.links.email_change_cancel.clone(),
    };
    let from = settings.from.clone();
    Ok(TemplateMailer::new(MailPolicy {
        from,
        links,
        transport,
    })?)
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
