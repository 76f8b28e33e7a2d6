use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::Deed;
use domain::roles::Rights;
use domain::users::Status;
use thiserror::Error;
use uuid::Uuid;

use crate::api_keys::{ApiKeyReader, ApiKeyWriter};
use crate::audit::AuditReader;
use crate::credentials::{CredentialReader, CredentialWriter};
use crate::email_changes::{EmailChangeReader, EmailChangeWriter};
use crate::one_time_tokens::{OneTimeTokenReader, OneTimeTokenWriter};
use crate::outbox::{OutboxReader, OutboxWriter};
use crate::projects::{ProjectReader, ProjectWriter};
use crate::registrations::{RegistrationReader, RegistrationWriter};
use crate::revocations::RevocationReader;
use crate::roles::{RoleReader, RoleWriter};
use crate::sessions::{SessionReader, SessionWriter};
use crate::signing_keys::{SigningKeyReader, SigningKeyWriter};
use crate::upkeep::UpkeepWriter;
use crate::users::{UserReader, UserWriter};
use crate::{Actor, ActorCredential, Origin, Signal};

/// Every read port. On a [`Database`] each read stands alone: no transaction is opened for it.
pub trait Reads: Send + Sync {
    fn users(&self) -> &dyn UserReader;
    fn credentials(&self) -> &dyn CredentialReader;
    fn roles(&self) -> &dyn RoleReader;
    fn sessions(&self) -> &dyn SessionReader;
    fn one_time_tokens(&self) -> &dyn OneTimeTokenReader;
    fn outbox(&self) -> &dyn OutboxReader;
    fn registrations(&self) -> &dyn RegistrationReader;
    fn email_changes(&self) -> &dyn EmailChangeReader;
    fn revocations(&self) -> &dyn RevocationReader;
    fn signing_keys(&self) -> &dyn SigningKeyReader;
    fn audit(&self) -> &dyn AuditReader;
    fn projects(&self) -> &dyn ProjectReader;
    fn api_keys(&self) -> &dyn ApiKeyReader;
}

/// What the services hold.
#[async_trait]
pub trait Database: Reads {
    /// # Errors
    /// `Unavailable` when there is no connection to be had.
    async fn begin(&self, origin: &Origin) -> Result<Box<dyn Transaction>, StoreError>;
    /// Writes down what has no transaction of its own to be written in: a refusal. Not beside an open one.
    ///
    /// # Errors
    /// Those of a transaction.
    async fn record(
        &self,
        origin: &Origin,
        deed: Deed,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin(origin).await?;
        tx.record(deed, at);
        tx.commit().await
    }
}

/// Every write port. Dropping it rolls back.
#[async_trait]
pub trait Transaction: Reads {
    fn users_mut(&mut self) -> &mut dyn UserWriter;
    fn credentials_mut(&mut self) -> &mut dyn CredentialWriter;
    fn roles_mut(&mut self) -> &mut dyn RoleWriter;
    fn sessions_mut(&mut self) -> &mut dyn SessionWriter;
    fn one_time_tokens_mut(&mut self) -> &mut dyn OneTimeTokenWriter;
    fn outbox_mut(&mut self) -> &mut dyn OutboxWriter;
    fn registrations_mut(&mut self) -> &mut dyn RegistrationWriter;
    fn email_changes_mut(&mut self) -> &mut dyn EmailChangeWriter;
    fn upkeep_mut(&mut self) -> &mut dyn UpkeepWriter;
    fn projects_mut(&mut self) -> &mut dyn ProjectWriter;
    fn signing_keys_mut(&mut self) -> &mut dyn SigningKeyWriter;
    fn api_keys_mut(&mut self) -> &mut dyn ApiKeyWriter;
    /// What somebody may do by now, who has asked for something a moment ago: with the session or the key that they asked
    /// with. `None` when that lets them in no more.
    async fn rights_of(&self, by: &Actor) -> Result<Option<Rights>, StoreError> {
        match by.credential() {
            ActorCredential::Session(id) => {
                let found = self.sessions().standing(id).await?;
                let good = found.filter(|it| !it.ended && it.status == Status::Active);
                Ok(good.map(|it| it.rights))
            }
            ActorCredential::ApiKey(id) => {
                let found = self.api_keys().standing(id).await?;
                let good = found.filter(|it| it.status == Status::Active);
                Ok(good.map(|it| it.scopes.cut_by(it.rights)))
            }
        }
    }
    /// Writes down, with the commit and never without one, what the transaction does: a use case that
    /// writes tells what.
    fn record(&mut self, deed: Deed, at: DateTime<Utc>);
    /// Something for this process to hear once the commit has happened.
    fn after_commit(&mut self, signal: Signal);
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// What a store can answer instead of doing its work. It holds no values: they may be personal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    #[error("something else has this value already: {0:?}")]
    Duplicate(Unique),
    #[error("it has changed since the caller looked")]
    Stale,
    #[error("{table} {id} cannot be read: {reason}")]
    Corrupt {
        table: &'static str,
        id: Uuid,
        reason: String,
    },
    #[error("the database cannot be reached or is too busy: {0}")]
    Unavailable(String),
    #[error("the database refused: {0}")]
    Failed(String),
}

/// What the store keeps unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    UserEmail,
    RoleName,
}
