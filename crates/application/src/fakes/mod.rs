//! What unit tests put in place of the ports. A mock without an expectation panics when it is
//! called: what a test does not mention must not happen.

mod callers;
mod database;
mod guesses;
mod mail;
mod people;
mod policies;
mod secrets;
mod services;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use uuid::Uuid;

use crate::api_keys::{MockApiKeyReader, MockApiKeyWriter};
use crate::audit::MockAuditReader;
use crate::credentials::{
    MockCredentialReader, MockCredentialWriter, MockGuessBudget, MockPasswordHasher, PasswordHash,
    PasswordHasher, Verdict,
};
use crate::email_changes::{MockEmailChangeReader, MockEmailChangeWriter};
use crate::one_time_tokens::{MockOneTimeTokenReader, MockOneTimeTokenWriter};
use crate::outbox::{MockMailBudget, MockMailer, MockOutboxReader, MockOutboxWriter};
use crate::projects::{MockProjectReader, MockProjectWriter};
use crate::registrations::{MockRegistrationReader, MockRegistrationWriter};
use crate::revocations::{KnownRevocations, MockRevocationReader};
use crate::roles::{MockRoleReader, MockRoleWriter};
use crate::sessions::{MockSessionReader, MockSessionWriter, MockTokenSigner};
use crate::signing_keys::{MockKeyRing, MockSigningKeyReader, MockSigningKeyWriter};
use crate::upkeep::MockUpkeepWriter;
use crate::users::{MockUserReader, MockUserWriter};
use crate::{
    Allowance, Clock, CursorSeal, Error, Ids, Ports, Position, RateLimit, RateLimitKey,
    RateLimiter, RateLimiterError, StoreError,
};

pub(crate) use database::Ledger;
use database::{FakeDatabase, Readers, Writers};
pub(crate) use mail::{REFUSED, wanted};
pub(crate) use people::{
    ADA, CALLER, administrator, caller, email, name, origin, permit, recent_caller, user,
};
pub(crate) use policies::{
    API_KEYS, OUTBOX, PASSWORDS, PROJECTS, RETENTION, SESSIONS, SIGNING_KEYS,
};
use secrets::PlainSecrets;
pub(crate) use secrets::{SALT, key_hash, one_time_hash, token_hash};

/// One mock for each port. Give them expectations, then take the service and what it did.
#[derive(Default)]
pub(crate) struct Mocks {
    pub(crate) users: MockUserReader,
    pub(crate) users_mut: MockUserWriter,
    pub(crate) credentials: MockCredentialReader,
    pub(crate) credentials_mut: MockCredentialWriter,
    pub(crate) roles: MockRoleReader,
    pub(crate) roles_mut: MockRoleWriter,
    pub(crate) sessions: MockSessionReader,
    pub(crate) sessions_mut: MockSessionWriter,
    pub(crate) one_time_tokens: MockOneTimeTokenReader,
    pub(crate) one_time_tokens_mut: MockOneTimeTokenWriter,
    pub(crate) outbox: MockOutboxReader,
    pub(crate) outbox_mut: MockOutboxWriter,
    pub(crate) mailer: MockMailer,
    pub(crate) mail_budget: MockMailBudget,
    pub(crate) guess_budget: MockGuessBudget,
    pub(crate) registrations: MockRegistrationReader,
    pub(crate) registrations_mut: MockRegistrationWriter,
    pub(crate) email_changes: MockEmailChangeReader,
    pub(crate) email_changes_mut: MockEmailChangeWriter,
    pub(crate) revocations: MockRevocationReader,
    pub(crate) upkeep_mut: MockUpkeepWriter,
    pub(crate) signing_keys: MockSigningKeyReader,
    pub(crate) signing_keys_mut: MockSigningKeyWriter,
    pub(crate) audit: MockAuditReader,
    pub(crate) projects: MockProjectReader,
    pub(crate) projects_mut: MockProjectWriter,
    pub(crate) api_keys: MockApiKeyReader,
    pub(crate) api_keys_mut: MockApiKeyWriter,
    pub(crate) hasher: MockPasswordHasher,
    pub(crate) signer: MockTokenSigner,
    pub(crate) key_ring: MockKeyRing,
    /// What the database answers instead of a transaction.
    pub(crate) begin_fails: Option<StoreError>,
    /// What a transaction answers instead of committing.
    pub(crate) commit_fails: Option<StoreError>,
    /// What the database answers instead of writing a refusal down.
    pub(crate) record_fails: Option<StoreError>,
    /// That the caller has been shut out by the time of the transaction.
    pub(crate) caller_is_out: bool,
}

impl Mocks {
    pub(crate) fn ports(self) -> (Ports, Ledger) {
        let ledger = Ledger::default();
        let readers = Readers {
            users: self.users,
            credentials: self.credentials,
            roles: self.roles,
            sessions: self.sessions,
            one_time_tokens: self.one_time_tokens,
            outbox: self.outbox,
            registrations: self.registrations,
            email_changes: self.email_changes,
            revocations: self.revocations,
            signing_keys: self.signing_keys,
            audit: self.audit,
            projects: self.projects,
            api_keys: self.api_keys,
        };
        let writers = Writers {
            users: self.users_mut,
            credentials: self.credentials_mut,
            roles: self.roles_mut,
            sessions: self.sessions_mut,
            one_time_tokens: self.one_time_tokens_mut,
            outbox: self.outbox_mut,
            upkeep: self.upkeep_mut,
            registrations: self.registrations_mut,
            email_changes: self.email_changes_mut,
            projects: self.projects_mut,
            signing_keys: self.signing_keys_mut,
            api_keys: self.api_keys_mut,
        };
        let mut database = FakeDatabase::new(readers, writers, ledger.clone());
        database.begin_fails = self.begin_fails;
        database.commit_fails = self.commit_fails;
        database.record_fails = self.record_fails;
        database.caller_is_out = self.caller_is_out;
        let ports = Ports {
            database: Arc::new(database),
            clock: Arc::new(StoppedClock),
            ids: Arc::new(CountingIds::default()),
            hasher: Arc::new(SlowHasher {
                mock: self.hasher,
                ledger: ledger.clone(),
            }),
            signer: Arc::new(self.signer),
            key_ring: Arc::new(self.key_ring),
            refresh_secrets: Arc::new(PlainSecrets),
            one_time_secrets: Arc::new(PlainSecrets),
            mailer: Arc::new(self.mailer),
            api_key_secrets: Arc::new(PlainSecrets),
            mail_budget: Arc::new(self.mail_budget),
            guess_budget: Arc::new(self.guess_budget),
            cursors: Arc::new(NoCursors),
            limiter: Arc::new(NoLimiter),
            revocations: known(Arc::new(StoppedClock)),
            api_keys: Arc::default(),
        };
        (ports, ledger)
    }
}

/// What the clock says in every unit test.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

/// The id that [`CountingIds`] gives as its `n`th, from 1 on.
pub(crate) fn nth_id(n: u64) -> Uuid {
    Uuid::from_u128(n.into())
}

pub(crate) fn hash(text: &str) -> PasswordHash {
    PasswordHash(text.to_owned())
}

pub(crate) fn unavailable() -> StoreError {
    StoreError::Unavailable("no connection".to_owned())
}

pub(crate) fn known(clock: Arc<dyn Clock>) -> Arc<KnownRevocations> {
    Arc::new(KnownRevocations::new(clock, SESSIONS.access_lifetime))
}

/// Stands at [`now`] until it is moved.
#[derive(Default)]
pub(crate) struct MovedClock(AtomicU64);

impl MovedClock {
    pub(crate) fn advance(&self, by: Duration) {
        let micros = u64::try_from(by.as_micros()).unwrap();
        self.0.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> DateTime<Utc> {
        now() + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }
}

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> DateTime<Utc> {
        now()
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

#[derive(Default)]
struct CountingIds(AtomicU64);

impl Ids for CountingIds {
    fn next(&self) -> Uuid {
        nth_id(self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// Holds the mock to the rule that slow work never holds up a transaction.
struct SlowHasher {
    mock: MockPasswordHasher,
    ledger: Ledger,
}

#[async_trait]
impl PasswordHasher for SlowHasher {
    async fn hash(&self, password: &SecretString) -> Result<PasswordHash, Error> {
        self.ledger.assert_none_open("a password was hashed");
        self.mock.hash(password).await
    }

    async fn verify<'a>(
        &self,
        password: &SecretString,
        hash: Option<&'a PasswordHash>,
    ) -> Result<Verdict, Error> {
        self.ledger.assert_none_open("a password was verified");
        self.mock.verify(password, hash).await
    }
}

/// Cursors are the business of the API: no use case touches one.
struct NoCursors;

impl CursorSeal for NoCursors {
    fn seal(&self, _: &str, _: &Position) -> String {
        unreachable!("a use case sealed a cursor")
    }

    fn open(&self, _: &str, _: &str) -> Option<Position> {
        unreachable!("a use case opened a cursor")
    }
}

/// Limits are the business of the API, so far: no use case takes from one.
struct NoLimiter;

#[async_trait]
impl RateLimiter for NoLimiter {
    async fn take(&self, _: &RateLimitKey, _: RateLimit) -> Result<Allowance, RateLimiterError> {
        unreachable!("a use case took from a limit")
    }

    async fn give_back(&self, _: &RateLimitKey, _: RateLimit) -> Result<(), RateLimiterError> {
        unreachable!("a use case gave something back to a limit")
    }
}
