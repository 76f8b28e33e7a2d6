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
use application::{Database, Origin, Ports, Reads, Signal, StoreError, Transaction};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::Deed;
use domain::sessions::{RefreshToken, RefreshTokenHash, Session, SessionId};
use domain::users::UserId;
use support::{TestApp, hand_on, hand_on_mut};
use tokio::sync::Notify;

/// A database whose transactions do everything but write sessions: that never ends.
struct Stuck {
    inner: Arc<dyn Database>,
    reached: Arc<Notify>,
}

struct StuckTransaction {
    inner: Box<dyn Transaction>,
    reached: Arc<Notify>,
}

impl Reads for Stuck {
    hand_on! { inner:
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
impl Database for Stuck {
    async fn begin(&self, origin: &Origin) -> Result<Box<dyn Transaction>, StoreError> {
        Ok(Box::new(StuckTransaction {
            inner: self.inner.begin(origin).await?,
            reached: Arc::clone(&self.reached),
        }))
    }
}

impl Reads for StuckTransaction {
    hand_on! { inner:
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
impl Transaction for StuckTransaction {
    hand_on_mut! { inner:
        users_mut -> UserWriter,
        credentials_mut -> CredentialWriter,
        roles_mut -> RoleWriter,
        one_time_tokens_mut -> OneTimeTokenWriter,
        registrations_mut -> RegistrationWriter,
        email_changes_mut -> EmailChangeWriter,
        outbox_mut -> OutboxWriter,
        upkeep_mut -> UpkeepWriter,
        projects_mut -> ProjectWriter,
        api_keys_mut -> ApiKeyWriter,
        signing_keys_mut -> SigningKeyWriter,
    }

    fn sessions_mut(&mut self) -> &mut dyn SessionWriter {
        self
    }

    fn record(&mut self, deed: Deed, at: DateTime<Utc>) {
        self.inner.record(deed, at);
    }
    fn after_commit(&mut self, signal: Signal) {
        self.inner.after_commit(signal);
    }
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.inner.commit().await
    }
}

#[async_trait]
impl SessionWriter for StuckTransaction {
    async fn insert(&mut self, _: &Session) -> Result<(), StoreError> {
        self.reached.notify_one();
        std::future::pending().await
    }
    async fn update(&mut self, _: &Session) -> Result<(), StoreError> {
        self.reached.notify_one();
        std::future::pending().await
    }
    async fn lock(&mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        self.inner.sessions_mut().lock(id).await
    }
    async fn end_others(
        &mut self,
        _: UserId,
        _: SessionId,
        _: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.reached.notify_one();
        std::future::pending().await
    }
    async fn lock_by_token(
        &mut self,
        hash: &RefreshTokenHash,
    ) -> Result<Option<Session>, StoreError> {
        self.inner.sessions_mut().lock_by_token(hash).await
    }
    async fn insert_token(&mut self, _: &RefreshToken) -> Result<(), StoreError> {
        self.reached.notify_one();
        std::future::pending().await
    }
    async fn spend_token(
        &mut self,
        hash: &RefreshTokenHash,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.inner.sessions_mut().spend_token(hash, at).await
    }
    async fn end(&mut self, _: SessionId, _: DateTime<Utc>) -> Result<(), StoreError> {
        self.reached.notify_one();
        std::future::pending().await
    }
    async fn end_all(&mut self, _: UserId, _: DateTime<Utc>) -> Result<(), StoreError> {
        self.reached.notify_one();
        std::future::pending().await
    }
}

/// The application's ports, with a database that gets stuck, and where it tells.
pub(super) fn stuck(app: &TestApp) -> (Ports, Arc<Notify>) {
    let reached = Arc::new(Notify::new());
    let ports = Ports {
        database: Arc::new(Stuck {
            inner: Arc::clone(&app.ports.database),
            reached: Arc::clone(&reached),
        }),
        ..app.ports.clone()
    };
    (ports, reached)
}
