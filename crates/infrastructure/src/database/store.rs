use std::sync::Arc;

use application::api_keys::{ApiKeyReader, ApiKeyWriter};
use application::audit::AuditReader;
use application::credentials::{CredentialReader, CredentialWriter};
use application::email_changes::{EmailChangeReader, EmailChangeWriter};
use application::one_time_tokens::{OneTimeTokenReader, OneTimeTokenWriter};
use application::outbox::{OutboxReader, OutboxWriter};
use application::projects::{ProjectReader, ProjectWriter};
use application::registrations::{RegistrationReader, RegistrationWriter};
use application::revocations::RevocationReader;
use application::roles::{RoleReader, RoleWriter};
use application::sessions::{SessionReader, SessionWriter};
use application::signing_keys::{SigningKeyReader, SigningKeyWriter};
use application::upkeep::UpkeepWriter;
use application::users::{UserReader, UserWriter};
use application::{
    Clock, Database, Origin, Reads, Signal, SignalListener, StoreError, Transaction,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::Deed;
use domain::revocations::Revocation;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::connect::Pools;
use super::deadline::Deadline;
use super::failure::failed;
use crate::audit::{self, Events};
use crate::revocations;

/// Every repository: readers on any connection, writers on a transaction alone.
pub struct Store<C> {
    pub(crate) connection: C,
    clock: Arc<dyn Clock>,
    listener: Arc<dyn SignalListener>,
    /// What is to be heard after the commit.
    signals: Vec<Signal>,
    /// What is to be written with the commit.
    revocations: Vec<Revocation>,
    events: Events,
}

/// The connection of a transaction.
pub(crate) type Held = Deadline<DatabaseTransaction>;

impl Store<Pools> {
    #[must_use]
    pub fn new(pools: Pools, clock: Arc<dyn Clock>, listener: Arc<dyn SignalListener>) -> Self {
        Self {
            connection: pools,
            clock,
            listener,
            signals: Vec::new(),
            revocations: Vec::new(),
            events: Events::default(),
        }
    }
}

impl Store<Held> {
    /// Tells every process, should this be committed. The repositories do it by themselves, so
    /// that no use case forgets it.
    pub(crate) fn revoke(&mut self, revocation: Revocation) {
        self.revocations.push(revocation);
    }
}

impl<C: ConnectionTrait + Send + Sync> Reads for Store<C> {
    fn users(&self) -> &dyn UserReader {
        self
    }

    fn credentials(&self) -> &dyn CredentialReader {
        self
    }

    fn roles(&self) -> &dyn RoleReader {
        self
    }

    fn sessions(&self) -> &dyn SessionReader {
        self
    }

    fn one_time_tokens(&self) -> &dyn OneTimeTokenReader {
        self
    }

    fn outbox(&self) -> &dyn OutboxReader {
        self
    }

    fn registrations(&self) -> &dyn RegistrationReader {
        self
    }

    fn email_changes(&self) -> &dyn EmailChangeReader {
        self
    }

    fn revocations(&self) -> &dyn RevocationReader {
        self
    }

    fn signing_keys(&self) -> &dyn SigningKeyReader {
        self
    }

    fn audit(&self) -> &dyn AuditReader {
        self
    }

    fn projects(&self) -> &dyn ProjectReader {
        self
    }

    fn api_keys(&self) -> &dyn ApiKeyReader {
        self
    }
}

#[async_trait]
impl Database for Store<Pools> {
    async fn begin(&self, origin: &Origin) -> Result<Box<dyn Transaction>, StoreError> {
        tracing::debug!(request_id = %origin.request_id, cause = ?origin.cause, "begin");
        let transaction = self.connection.begin().await.map_err(failed)?;
        Ok(Box::new(Store {
            connection: transaction,
            clock: Arc::clone(&self.clock),
            listener: Arc::clone(&self.listener),
            signals: Vec::new(),
            revocations: Vec::new(),
            events: Events::caused_by(origin),
        }))
    }
}

#[async_trait]
impl Transaction for Store<Held> {
    fn users_mut(&mut self) -> &mut dyn UserWriter {
        self
    }

    fn credentials_mut(&mut self) -> &mut dyn CredentialWriter {
        self
    }

    fn roles_mut(&mut self) -> &mut dyn RoleWriter {
        self
    }

    fn sessions_mut(&mut self) -> &mut dyn SessionWriter {
        self
    }

    fn one_time_tokens_mut(&mut self) -> &mut dyn OneTimeTokenWriter {
        self
    }

    fn outbox_mut(&mut self) -> &mut dyn OutboxWriter {
        self
    }

    fn registrations_mut(&mut self) -> &mut dyn RegistrationWriter {
        self
    }

    fn email_changes_mut(&mut self) -> &mut dyn EmailChangeWriter {
        self
    }

    fn upkeep_mut(&mut self) -> &mut dyn UpkeepWriter {
        self
    }

    fn projects_mut(&mut self) -> &mut dyn ProjectWriter {
        self
    }

    fn signing_keys_mut(&mut self) -> &mut dyn SigningKeyWriter {
        self
    }

    fn api_keys_mut(&mut self) -> &mut dyn ApiKeyWriter {
        self
    }

    fn record(&mut self, deed: Deed, at: DateTime<Utc>) {
        self.events.push(deed, at);
    }

    fn after_commit(&mut self, signal: Signal) {
        self.signals.push(signal);
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        if self.connection.has_failed() {
            return Err(StoreError::Failed(
                "a statement of the transaction failed".into(),
            ));
        }
        audit::insert(&self.connection, &mut self.events).await?;
        if !self.revocations.is_empty() {
            let now = self.clock.now();
            revocations::publish(&self.connection, &self.revocations, now).await?;
        }
        let limit = self.connection.limit;
        let commit = self.connection.connection.commit();
        let committed = tokio::time::timeout(limit, commit).await;
        committed
            .map_err(|_| StoreError::Unavailable("no answer to COMMIT in time".into()))?
            .map_err(failed)?;
        let revoked = self.revocations.into_iter().map(Signal::Revoked);
        for signal in revoked.chain(self.signals) {
            self.listener.heard(signal);
        }
        Ok(())
    }
}
