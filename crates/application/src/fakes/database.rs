use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::Deed;

use super::now;
use crate::api_keys::{ApiKeyReader, ApiKeyWriter, MockApiKeyReader, MockApiKeyWriter};
use crate::audit::{AuditReader, MockAuditReader};
use crate::credentials::{
    CredentialReader, CredentialWriter, MockCredentialReader, MockCredentialWriter,
};
use crate::projects::{MockProjectReader, MockProjectWriter, ProjectReader, ProjectWriter};
use crate::revocations::{
    MockRevocationReader, MockRevocationWriter, RevocationReader, RevocationWriter,
};
use crate::roles::{MockRoleReader, MockRoleWriter, RoleReader, RoleWriter};
use crate::sessions::{MockSessionReader, MockSessionWriter, SessionReader, SessionWriter};
use crate::signing_keys::{
    MockSigningKeyReader, MockSigningKeyWriter, SigningKeyReader, SigningKeyWriter,
};
use crate::users::{MockUserReader, MockUserWriter, UserReader, UserWriter};
use crate::{Database, Origin, Reads, Signal, StoreError, Transaction};

/// Keeps nothing, but writes into a [`Ledger`] what is done with it.
pub(super) struct FakeDatabase {
    readers: Arc<Readers>,
    /// For the one transaction that a use case may begin.
    writers: Mutex<Option<Writers>>,
    ledger: Ledger,
    pub(super) begin_fails: Option<StoreError>,
    pub(super) commit_fails: Option<StoreError>,
    pub(super) record_fails: Option<StoreError>,
}

pub(super) struct Readers {
    pub(super) users: MockUserReader,
    pub(super) credentials: MockCredentialReader,
    pub(super) roles: MockRoleReader,
    pub(super) sessions: MockSessionReader,
    pub(super) revocations: MockRevocationReader,
    pub(super) signing_keys: MockSigningKeyReader,
    pub(super) audit: MockAuditReader,
    pub(super) api_keys: MockApiKeyReader,
    pub(super) projects: MockProjectReader,
}

pub(super) struct Writers {
    pub(super) users: MockUserWriter,
    pub(super) credentials: MockCredentialWriter,
    pub(super) roles: MockRoleWriter,
    pub(super) sessions: MockSessionWriter,
    pub(super) revocations: MockRevocationWriter,
    pub(super) api_keys: MockApiKeyWriter,
    pub(super) projects: MockProjectWriter,
    pub(super) signing_keys: MockSigningKeyWriter,
}

/// What has become of the transactions.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Arc<Mutex<Entries>>);

#[derive(Default)]
struct Entries {
    origins: Vec<Origin>,
    commits: usize,
    rollbacks: usize,
    heard: Vec<Signal>,
    deeds: Vec<Deed>,
}

struct FakeTransaction {
    readers: Arc<Readers>,
    writers: Writers,
    ledger: Ledger,
    signals: Vec<Signal>,
    deeds: Vec<Deed>,
    commit_fails: Option<StoreError>,
    committed: bool,
}

impl Ledger {
    pub(crate) fn begins(&self) -> usize {
        self.0.lock().unwrap().origins.len()
    }

    pub(crate) fn commits(&self) -> usize {
        self.0.lock().unwrap().commits
    }

    /// How many transactions were dropped without a commit.
    pub(crate) fn rollbacks(&self) -> usize {
        self.0.lock().unwrap().rollbacks
    }

    /// What caused each transaction.
    pub(crate) fn origins(&self) -> Vec<Origin> {
        self.0.lock().unwrap().origins.clone()
    }

    /// The signals of committed transactions.
    pub(crate) fn heard(&self) -> Vec<Signal> {
        self.0.lock().unwrap().heard.clone()
    }

    /// What was written down for good.
    pub(crate) fn deeds(&self) -> Vec<Deed> {
        self.0.lock().unwrap().deeds.clone()
    }

    #[track_caller]
    pub(super) fn assert_none_open(&self, what: &str) {
        let ended = self.commits() + self.rollbacks();

        assert_eq!(self.begins(), ended, "{what} beside an open transaction");
    }
}

impl FakeDatabase {
    pub(super) fn new(readers: Readers, writers: Writers, ledger: Ledger) -> Self {
        Self {
            readers: Arc::new(readers),
            writers: Mutex::new(Some(writers)),
            ledger,
            begin_fails: None,
            commit_fails: None,
            record_fails: None,
        }
    }

    /// Outside an open transaction only: beside it, a read would not see what the transaction
    /// holds, and where there is one connection it would wait for itself.
    fn pool(&self) -> &Readers {
        self.ledger.assert_none_open("the pool was read");
        &self.readers
    }
}

impl Reads for FakeDatabase {
    fn users(&self) -> &dyn UserReader {
        &self.pool().users
    }

    fn credentials(&self) -> &dyn CredentialReader {
        &self.pool().credentials
    }

    fn roles(&self) -> &dyn RoleReader {
        &self.pool().roles
    }

    fn sessions(&self) -> &dyn SessionReader {
        &self.pool().sessions
    }

    fn revocations(&self) -> &dyn RevocationReader {
        &self.pool().revocations
    }

    fn signing_keys(&self) -> &dyn SigningKeyReader {
        &self.pool().signing_keys
    }

    fn audit(&self) -> &dyn AuditReader {
        &self.pool().audit
    }

    fn api_keys(&self) -> &dyn ApiKeyReader {
        &self.pool().api_keys
    }

    fn projects(&self) -> &dyn ProjectReader {
        &self.pool().projects
    }
}

#[async_trait]
impl Database for FakeDatabase {
    async fn begin(&self, origin: &Origin) -> Result<Box<dyn Transaction>, StoreError> {
        if let Some(error) = &self.begin_fails {
            return Err(error.clone());
        }
        let writers = self.writers.lock().unwrap().take();
        let transaction = FakeTransaction {
            readers: Arc::clone(&self.readers),
            writers: writers.expect("a use case begins one transaction, and no second"),
            ledger: self.ledger.clone(),
            signals: Vec::new(),
            deeds: Vec::new(),
            commit_fails: self.commit_fails.clone(),
            committed: false,
        };
        self.ledger.0.lock().unwrap().origins.push(*origin);
        Ok(Box::new(transaction))
    }

    async fn record(&self, _: &Origin, deed: Deed, _: DateTime<Utc>) -> Result<(), StoreError> {
        self.ledger.assert_none_open("a refusal was recorded");
        if let Some(error) = &self.record_fails {
            return Err(error.clone());
        }
        self.ledger.0.lock().unwrap().deeds.push(deed);
        Ok(())
    }
}

impl Reads for FakeTransaction {
    fn users(&self) -> &dyn UserReader {
        &self.readers.users
    }

    fn credentials(&self) -> &dyn CredentialReader {
        &self.readers.credentials
    }

    fn roles(&self) -> &dyn RoleReader {
        &self.readers.roles
    }

    fn sessions(&self) -> &dyn SessionReader {
        &self.readers.sessions
    }

    fn revocations(&self) -> &dyn RevocationReader {
        &self.readers.revocations
    }

    fn signing_keys(&self) -> &dyn SigningKeyReader {
        &self.readers.signing_keys
    }

    fn audit(&self) -> &dyn AuditReader {
        &self.readers.audit
    }

    fn api_keys(&self) -> &dyn ApiKeyReader {
        &self.readers.api_keys
    }

    fn projects(&self) -> &dyn ProjectReader {
        &self.readers.projects
    }
}

#[async_trait]
impl Transaction for FakeTransaction {
    fn users_mut(&mut self) -> &mut dyn UserWriter {
        &mut self.writers.users
    }

    fn credentials_mut(&mut self) -> &mut dyn CredentialWriter {
        &mut self.writers.credentials
    }

    fn roles_mut(&mut self) -> &mut dyn RoleWriter {
        &mut self.writers.roles
    }

    fn sessions_mut(&mut self) -> &mut dyn SessionWriter {
        &mut self.writers.sessions
    }

    fn revocations_mut(&mut self) -> &mut dyn RevocationWriter {
        &mut self.writers.revocations
    }

    fn api_keys_mut(&mut self) -> &mut dyn ApiKeyWriter {
        &mut self.writers.api_keys
    }

    fn projects_mut(&mut self) -> &mut dyn ProjectWriter {
        &mut self.writers.projects
    }

    fn signing_keys_mut(&mut self) -> &mut dyn SigningKeyWriter {
        &mut self.writers.signing_keys
    }

    fn record(&mut self, deed: Deed, at: DateTime<Utc>) {
        assert_eq!(at, now(), "what happens, happens now");
        self.deeds.push(deed);
    }

    fn after_commit(&mut self, signal: Signal) {
        self.signals.push(signal);
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        if let Some(error) = self.commit_fails.take() {
            return Err(error);
        }
        self.committed = true;
        let mut entries = self.ledger.0.lock().unwrap();
        entries.commits += 1;
        entries.heard.extend(&self.signals);
        entries.deeds.extend(&self.deeds);
        Ok(())
    }
}

impl Drop for FakeTransaction {
    fn drop(&mut self) {
        if !self.committed {
            self.ledger.0.lock().unwrap().rollbacks += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ADA, Mocks, origin, unavailable};
    use super::*;

    #[tokio::test]
    async fn signals_are_heard_with_the_commit_and_not_before() {
        let (ports, ledger) = Mocks::default().ports();

        let mut tx = ports.database.begin(&origin()).await.unwrap();
        tx.after_commit(Signal::SessionsEnded(ADA));
        let before = ledger.heard();
        tx.commit().await.unwrap();

        assert_eq!(before, []);
        assert_eq!(ledger.heard(), [Signal::SessionsEnded(ADA)]);
        assert_eq!((ledger.commits(), ledger.rollbacks()), (1, 0));
    }

    #[tokio::test]
    async fn what_is_dropped_or_fails_to_commit_is_rolled_back_and_unheard() {
        for commit_fails in [None, Some(unavailable())] {
            let fails = commit_fails.is_some();
            let (ports, ledger) = Mocks {
                commit_fails,
                ..Mocks::default()
            }
            .ports();

            let mut tx = ports.database.begin(&origin()).await.unwrap();
            tx.after_commit(Signal::SessionsEnded(ADA));
            if fails {
                assert_eq!(tx.commit().await, Err(unavailable()));
            } else {
                drop(tx);
            }

            assert_eq!(ledger.heard(), []);
            assert_eq!((ledger.commits(), ledger.rollbacks()), (0, 1));
        }
    }

    #[tokio::test]
    #[should_panic(expected = "the pool was read beside an open transaction")]
    async fn the_pool_is_not_read_beside_an_open_transaction() {
        let (ports, _) = Mocks::default().ports();

        let _tx = ports.database.begin(&origin()).await.unwrap();
        ports.database.users();
    }
}
