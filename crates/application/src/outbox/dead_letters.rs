use std::sync::Arc;

use domain::audit::{Action, Deed};
use domain::outbox::{DeadLetter, DeliveryStatus, OutboxMessage, OutboxMessageId};
use domain::roles::{DeadLettersManage, DeadLettersRead};

use crate::{Clock, Database, Error, Page, PageRequest, Permit, Ports, Transaction};

/// Mail that was given up, and what somebody says about it.
pub struct DeadLetters {
    database: Arc<dyn Database>,
    clock: Arc<dyn Clock>,
}

impl DeadLetters {
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self {
            database: Arc::clone(&ports.database),
            clock: Arc::clone(&ports.clock),
        }
    }

    /// # Errors
    /// Only the store's.
    pub async fn list(
        &self,
        _by: &Permit<DeadLettersRead>,
        page: &PageRequest,
    ) -> Result<Page<DeadLetter>, Error> {
        Ok(self.database.outbox().list_dead(page).await?)
    }

    /// Has it sent after all: now, and with all its attempts again.
    ///
    /// # Errors
    /// `NotFound` when it is no dead letter, or none any more.
    pub async fn retry(
        &self,
        by: &Permit<DeadLettersManage>,
        id: OutboxMessageId,
    ) -> Result<(), Error> {
        let now = self.clock.now();

        let mut tx = by.begin(&*self.database).await?;
        let mut message = lock_dead(&mut *tx, id).await?;
        message.retry(now);
        tx.outbox_mut().update(&message).await?;
        tx.record(Deed::on(Action::DeadLettersRetried, id), now);
        tx.commit().await?;
        Ok(())
    }

    /// # Errors
    /// `NotFound` when it is no dead letter, or none any more.
    pub async fn delete(
        &self,
        by: &Permit<DeadLettersManage>,
        id: OutboxMessageId,
    ) -> Result<(), Error> {
        let now = self.clock.now();

        let mut tx = by.begin(&*self.database).await?;
        lock_dead(&mut *tx, id).await?;
        tx.outbox_mut().delete(id).await?;
        tx.record(Deed::on(Action::DeadLettersDeleted, id), now);
        tx.commit().await?;
        Ok(())
    }
}

/// What a worker may be sending is none of an administrator's business.
async fn lock_dead(tx: &mut dyn Transaction, id: OutboxMessageId) -> Result<OutboxMessage, Error> {
    let found = tx.outbox_mut().lock(id).await?;
    let dead = found.filter(|it| it.status == DeliveryStatus::Dead);
    dead.ok_or(Error::NotFound)
}
