use std::sync::Arc;

use domain::roles::AuditRead;

use super::{AuditEvent, AuditFilter};
use crate::{Database, Error, Page, PageRequest, Permit, Ports, SessionActor};

/// What was done: everything by permission, and what one has done oneself.
pub struct AuditLog {
    database: Arc<dyn Database>,
}

impl AuditLog {
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            database: Arc::clone(&ports.database),
        }
    }

    /// # Errors
    /// Only the store's.
    pub async fn list(
        &self,
        _by: &Permit<AuditRead>,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditEvent>, Error> {
        Ok(self.database.audit().list(filter, page).await?)
    }

    /// How many there are: dear on a large table, so only for who asks.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn count(&self, _by: &Permit<AuditRead>, filter: &AuditFilter) -> Result<u64, Error> {
        Ok(self.database.audit().count(filter).await?)
    }

    /// What the caller has done.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn list_own(
        &self,
        by: &SessionActor,
        page: &PageRequest,
    ) -> Result<Page<AuditEvent>, Error> {
        let own = AuditFilter {
            actor: Some(by.user_id()),
            ..AuditFilter::default()
        };
        Ok(self.database.audit().list(&own, page).await?)
    }
}
