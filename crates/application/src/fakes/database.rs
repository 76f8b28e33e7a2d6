use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::Deed;
use domain::roles::Rights;

use super::now;
use crate::api_keys::{ApiKeyReader, ApiKeyWriter, MockApiKeyReader, MockApiKeyWriter};
use crate::audit::{AuditReader, MockAuditReader};
use crate::credentials::{
    CredentialReader, CredentialWriter, MockCredentialReader, MockCredentialWriter,
};
use crate::email_changes::{
    EmailChangeReader, EmailChangeWriter, MockEmailChangeReader, MockEmailChangeWriter,
};
use crate::one_time_tokens::{
    MockOneTimeTokenReader, MockOneTimeTokenWriter, OneTimeTokenReader, OneTimeTokenWriter,
};
use crate::outbox::{MockOutboxReader, MockOutboxWriter, OutboxReader, OutboxWriter};
use crate::projects::{MockProjectReader, MockProjectWriter, ProjectReader, ProjectWriter};
use crate::registrations::{
    MockRegistrationReader, MockRegistrationWriter, RegistrationReader, RegistrationWriter,
};
use crate::revocations::{MockRevocationReader, RevocationReader};
use crate::roles::{MockRoleReader, MockRoleWriter, RoleReader, RoleWriter};
use crate::sessions::{MockSessionReader, MockSessionWriter, SessionReader, SessionWriter};
use crate::signing_keys::{
    MockSigningKeyReader, MockSigningKeyWriter, SigningKeyReader, SigningKeyWriter,
};
use crate::upkeep::{MockUpkeepWriter, UpkeepWriter};
use crate::users::{MockUserReader, MockUserWriter, UserReader, UserWriter};
use crate::{Actor, Database, Origin, Reads, Signal, StoreError, Transaction};

/// Keeps nothing, but writes into a [`Ledger`] what is done with it.
pub(super) struct FakeDatabase {
    readers: Arc<Readers>,
    /// For the one transaction that a use case may begin.
    writers: Mutex<Option<Writers>>,
    ledger: Ledger,
    pub(super) begin_fails: Option<StoreError>,
    pub(super) commit_fails: Option<StoreError>,
    pub(super) record_fails: Option<StoreError>,
    pub(super) caller_is_out: bool,
}

pub(super) struct Readers {
    pub(super) users: MockUserReader,
    pub(super) credentials: MockCredentialReader,
    pub(super) roles: MockRoleReader,
    pub(super) sessions: MockSessionReader,
    pub(super) one_time_tokens: MockOneTimeTokenReader,
    pub(super) outbox: MockOutboxReader,
    pub(super) registrations: MockRegistrationReader,
    pub(super) email_changes: MockEmailChangeReader,
    pub(super) revocations: MockRevocationReader,
    pub(super) signing_keys: MockSigningKeyReader,
    pub(super) audit: MockAuditReader,
    pub(super) projects: MockProjectReader,
    pub(super) api_keys: MockApiKeyReader,
}

pub(super) struct Writers {
    pub(super) users: MockUserWriter,
    pub(super) credentials: MockCredentialWriter,
    pub(super) roles: MockRoleWriter,
    pub(super) sessions: MockSessionWriter,
    pub(super) one_time_tokens: MockOneTimeTokenWriter,
    pub(super) outbox: MockOutboxWriter,
    pub(super) upkeep: MockUpkeepWriter,
    pub(super) registrations: MockRegistrationWriter,
    pub(super) email_changes: MockEmailChangeWriter,
    pub(super) projects: MockProjectWriter,
    pub(super) signing_keys: MockSigningKeyWriter,
    pub(super) api_keys: MockApiKeyWriter,
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
    caller_is_out: bool,
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
            caller_is_out: false,
        }
    }

    /// Outside an open transaction only: beside it, a read would not see what the transaction
    /// holds, and where there is one connection it would wait for itself.
    fn readers(&self) -> &Readers {
        self.ledger.assert_none_open("the pool was read");
        &self.readers
    }
}

/// Every port of `Reads`, where there are readers.
macro_rules! hand_out {
    ($fake:ident: $($port:ident -> $reader:ident,)+) => {
        impl Reads for $fake {
            $(fn $port(&self) -> &dyn $reader {
                &self.readers().$port
            })+
        }
    };
}

macro_rules! hand_out_mut {
    ($($port:ident / $port_mut:ident -> $writer:ident,)+) => {
        $(fn $port_mut(&mut self) -> &mut dyn $writer {
            &mut self.writers.$port
        })+
    };
}

hand_out! { FakeDatabase:
    users -> UserReader,
    credentials -> CredentialReader,
    roles -> RoleReader,
    sessions -> SessionReader,
    one_time_tokens -> OneTimeTokenReader,
    outbox -> OutboxReader,
    registrations -> RegistrationReader,
    email_changes -> EmailChangeReader,
    revocations -> RevocationReader,
    signing_keys -> SigningKeyReader,
    audit -> AuditReader,
    projects -> ProjectReader,
    api_keys -> ApiKeyReader,
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
            caller_is_out: self.caller_is_out,
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

hand_out! { FakeTransaction:
    users -> UserReader,
    credentials -> CredentialReader,
    roles -> RoleReader,
    sessions -> SessionReader,
    one_time_tokens -> OneTimeTokenReader,
    outbox -> OutboxReader,
    registrations -> RegistrationReader,
    email_changes -> EmailChangeReader,
    revocations -> RevocationReader,
    signing_keys -> SigningKeyReader,
    audit -> AuditReader,
    projects -> ProjectReader,
    api_keys -> ApiKeyReader,
}

impl FakeTransaction {
    fn readers(&self) -> &Readers {
        &self.readers
    }
}

#[async_trait]
impl Transaction for FakeTransaction {
    hand_out_mut! {
        users / users_mut -> UserWriter,
        credentials / credentials_mut -> CredentialWriter,
        roles / roles_mut -> RoleWriter,
        sessions / sessions_mut -> SessionWriter,
        one_time_tokens / one_time_tokens_mut -> OneTimeTokenWriter,
        outbox / outbox_mut -> OutboxWriter,
        upkeep / upkeep_mut -> UpkeepWriter,
        registrations / registrations_mut -> RegistrationWriter,
        email_changes / email_changes_mut -> EmailChangeWriter,
        projects / projects_mut -> ProjectWriter,
        signing_keys / signing_keys_mut -> SigningKeyWriter,
        api_keys / api_keys_mut -> ApiKeyWriter,
    }

    async fn rights_of(&self, _: &Actor) -> Result<Option<Rights>, StoreError> {
        Ok((!self.caller_is_out).then(Rights::all))
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
