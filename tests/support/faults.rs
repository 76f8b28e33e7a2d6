use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use application::api_keys::{ApiKeyReader, ApiKeyStanding, ApiKeyWriter};
use application::audit::AuditReader;
use application::credentials::{CredentialReader, CredentialWriter};
use application::email_changes::{EmailChangeReader, EmailChangeWriter};
use application::one_time_tokens::{OneTimeTokenReader, OneTimeTokenWriter};
use application::outbox::{OutboxReader, OutboxWriter};
use application::projects::{ProjectReader, ProjectWriter};
use application::registrations::{RegistrationReader, RegistrationWriter};
use application::revocations::{FeedPosition, KnownRevocations, Published, RevocationReader};
use application::roles::{RoleReader, RoleWriter};
use application::sessions::{SessionReader, SessionWriter, Standing};
use application::signing_keys::{SigningKeyReader, SigningKeyWriter};
use application::upkeep::UpkeepWriter;
use application::users::{UserReader, UserWriter};
use application::{
    Database, Origin, Page, PageRequest, Ports, Reads, Signal, StoreError, Transaction,
};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::api_keys::{ApiKey, ApiKeyId};
use domain::audit::Deed;
use domain::sessions::{LiveSession, RefreshToken, RefreshTokenHash, SessionId};
use domain::signing_keys::KeySet;
use domain::users::UserId;
use tokio::sync::{Notify, watch};

use crate::{hand_on, hand_on_mut};

/// Makes a database fail, at one place and as long as the test says.
#[derive(Clone, Default)]
pub struct Faults(Arc<Shared>);

/// Where it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Every request with a token or a key reads this first, while the feed of revocations is silent.
    Standing,
    /// The feed of revocations.
    Feed,
    /// The keys that sign.
    SigningKeys,
    Begin,
    Commit,
}

/// How it fails.
#[derive(Debug, Clone)]
pub enum Fault {
    Answers(StoreError),
    Panics(&'static str),
    NeverAnswers,
    /// Then it works.
    WaitsUntilMended,
}

#[derive(Default)]
struct Shared {
    planned: Mutex<Option<(Place, Fault)>>,
    struck: Notify,
    signing_key_reads: AtomicUsize,
    mended: Notify,
    transactions: watch::Sender<usize>,
}

impl Faults {
    /// The same ports, with a database that works until [`Faults::plan`] is called, and with a feed
    /// of revocations that is silent: so every request has something to stumble over.
    #[must_use]
    pub fn within(&self, ports: Ports) -> Ports {
        let silent = KnownRevocations::new(Arc::clone(&ports.clock), TimeDelta::minutes(10));
        Ports {
            revocations: Arc::new(silent),
            ..self.within_database(ports)
        }
    }

    /// With a feed that goes on as it was.
    #[must_use]
    pub fn within_database(&self, ports: Ports) -> Ports {
        let database = FaultyDatabase {
            real: Arc::clone(&ports.database),
            faults: self.clone(),
        };
        Ports {
            database: Arc::new(database),
            ..ports
        }
    }

    pub fn plan(&self, place: Place, fault: Fault) {
        *self.0.planned.lock().expect("nobody panics here") = Some((place, fault));
    }

    /// From now on everything works.
    pub fn mend(&self) {
        *self.0.planned.lock().expect("nobody panics here") = None;
        self.0.mended.notify_waiters();
    }

    /// Comes back when a call has met the fault.
    pub async fn struck(&self) {
        soon(self.0.struck.notified()).await;
    }

    /// Comes back when no transaction is open any more.
    pub async fn no_transaction(&self) {
        let mut open = self.0.transactions.subscribe();
        let none = soon(open.wait_for(|open| *open == 0)).await;
        none.expect("it is counted as long as this lives");
    }

    /// How often the keys that sign were read.
    #[must_use]
    pub fn signing_key_reads(&self) -> usize {
        self.0.signing_key_reads.load(Ordering::Relaxed)
    }

    async fn meet(&self, here: Place) -> Result<(), StoreError> {
        // Made before the look, so that it hears of what comes after it.
        let mended = self.0.mended.notified();
        let planned = self.0.planned.lock().expect("nobody panics here").clone();
        let Some((_, fault)) = planned.filter(|(place, _)| *place == here) else {
            return Ok(());
        };
        self.0.struck.notify_one();
        match fault {
            Fault::Answers(error) => Err(error),
            Fault::Panics(text) => panic!("{text}"),
            Fault::NeverAnswers => std::future::pending().await,
            Fault::WaitsUntilMended => {
                mended.await;
                Ok(())
            }
        }
    }
}

/// Far sooner than this, so that what never happens is a failure.
async fn soon<T>(event: impl Future<Output = T>) -> T {
    let happened = tokio::time::timeout(Duration::from_secs(20), event).await;
    happened.expect("it happens")
}

struct FaultyDatabase {
    real: Arc<dyn Database>,
    faults: Faults,
}

impl Reads for FaultyDatabase {
    hand_on! { real:
        users -> UserReader,
        credentials -> CredentialReader,
        roles -> RoleReader,
        one_time_tokens -> OneTimeTokenReader,
        registrations -> RegistrationReader,
        email_changes -> EmailChangeReader,
        outbox -> OutboxReader,
        audit -> AuditReader,
        projects -> ProjectReader,
    }

    fn sessions(&self) -> &dyn SessionReader {
        self
    }

    fn revocations(&self) -> &dyn RevocationReader {
        self
    }

    fn signing_keys(&self) -> &dyn SigningKeyReader {
        self
    }

    fn api_keys(&self) -> &dyn ApiKeyReader {
        self
    }
}

#[async_trait]
impl ApiKeyReader for FaultyDatabase {
    async fn standing(&self, id: ApiKeyId) -> Result<Option<ApiKeyStanding>, StoreError> {
        self.faults.meet(Place::Standing).await?;
        self.real.api_keys().standing(id).await
    }

    async fn find(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        self.real.api_keys().find(id).await
    }

    async fn list(&self, user: UserId, page: &PageRequest) -> Result<Page<ApiKey>, StoreError> {
        self.real.api_keys().list(user, page).await
    }

    async fn count(&self, user: UserId) -> Result<u64, StoreError> {
        self.real.api_keys().count(user).await
    }
}

#[async_trait]
impl RevocationReader for FaultyDatabase {
    async fn list_after(
        &self,
        position: FeedPosition,
        limit: u64,
    ) -> Result<Vec<Published>, StoreError> {
        self.faults.meet(Place::Feed).await?;
        let feed = self.real.revocations();
        feed.list_after(position, limit).await
    }
}

#[async_trait]
impl SigningKeyReader for FaultyDatabase {
    async fn all(&self) -> Result<KeySet, StoreError> {
        let reads = &self.faults.0.signing_key_reads;
        reads.fetch_add(1, Ordering::Relaxed);
        self.faults.meet(Place::SigningKeys).await?;
        self.real.signing_keys().all().await
    }
}

#[async_trait]
impl SessionReader for FaultyDatabase {
    async fn standing(&self, id: SessionId) -> Result<Option<Standing>, StoreError> {
        self.faults.meet(Place::Standing).await?;
        self.real.sessions().standing(id).await
    }

    async fn list(
        &self,
        user: UserId,
        at: DateTime<Utc>,
        page: &PageRequest,
    ) -> Result<Page<LiveSession>, StoreError> {
        self.real.sessions().list(user, at, page).await
    }

    async fn find_token(
        &self,
        hash: &RefreshTokenHash,
    ) -> Result<Option<RefreshToken>, StoreError> {
        self.real.sessions().find_token(hash).await
    }
}

#[async_trait]
impl Database for FaultyDatabase {
    async fn begin(&self, origin: &Origin) -> Result<Box<dyn Transaction>, StoreError> {
        self.faults.meet(Place::Begin).await?;
        Ok(Box::new(FaultyTransaction {
            real: self.real.begin(origin).await?,
            faults: self.faults.clone(),
            open: Open::counted(&self.faults),
        }))
    }
}

struct FaultyTransaction {
    real: Box<dyn Transaction>,
    faults: Faults,
    /// The last field, so that it is dropped after the transaction.
    open: Open,
}

struct Open(Faults);

impl Open {
    fn counted(faults: &Faults) -> Self {
        faults.0.transactions.send_modify(|open| *open += 1);
        Self(faults.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.0.transactions.send_modify(|open| *open -= 1);
    }
}

impl Reads for FaultyTransaction {
    hand_on! { real:
        users -> UserReader,
        credentials -> CredentialReader,
        roles -> RoleReader,
        sessions -> SessionReader,
        one_time_tokens -> OneTimeTokenReader,
        registrations -> RegistrationReader,
        email_changes -> EmailChangeReader,
        outbox -> OutboxReader,
        revocations -> RevocationReader,
        signing_keys -> SigningKeyReader,
        audit -> AuditReader,
        projects -> ProjectReader,
        api_keys -> ApiKeyReader,
    }
}

#[async_trait]
impl Transaction for FaultyTransaction {
    hand_on_mut! { real:
        users_mut -> UserWriter,
        credentials_mut -> CredentialWriter,
        roles_mut -> RoleWriter,
        sessions_mut -> SessionWriter,
        one_time_tokens_mut -> OneTimeTokenWriter,
        registrations_mut -> RegistrationWriter,
        email_changes_mut -> EmailChangeWriter,
        outbox_mut -> OutboxWriter,
        upkeep_mut -> UpkeepWriter,
        projects_mut -> ProjectWriter,
        signing_keys_mut -> SigningKeyWriter,
        api_keys_mut -> ApiKeyWriter,
    }

    fn record(&mut self, deed: Deed, at: DateTime<Utc>) {
        self.real.record(deed, at);
    }

    fn after_commit(&mut self, signal: Signal) {
        self.real.after_commit(signal);
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { real, faults, open } = *self;
        // Dropped after `real`, which a cancelled commit leaves here.
        let (_open, real) = (open, real);
        faults.meet(Place::Commit).await?;
        real.commit().await
    }
}
