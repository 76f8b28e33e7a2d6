use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::{Action, AuditEventId, Network, Target};
use domain::users::UserId;
use uuid::Uuid;

use crate::{Cause, Page, PageRequest, StoreError};

/// Events are written by [`crate::Transaction::record`] and [`crate::Database::record`] alone, and never changed.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait AuditReader: Send + Sync {
    /// Newest first.
    async fn list(
        &self,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditEvent>, StoreError>;
    async fn count(&self, filter: &AuditFilter) -> Result<u64, StoreError>;
}

/// What was done, by whom and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    pub id: AuditEventId,
    pub occurred_at: DateTime<Utc>,
    pub action: Action,
    pub by: Cause,
    pub target: Option<Target>,
    /// That of the request, or of the command.
    pub request_id: Uuid,
    pub network: Option<Network>,
}

/// What has to be so of an event; `None` is always so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub actor: Option<UserId>,
    pub action: Option<Action>,
    /// It occurred then or later.
    pub since: Option<DateTime<Utc>>,
}
