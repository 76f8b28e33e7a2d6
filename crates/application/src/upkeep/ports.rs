use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::upkeep::Leftover;

use crate::StoreError;

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait UpkeepWriter: Send + Sync {
    /// Whether it is the caller's turn, until the transaction ends: of all servers one clears away at a time. Nobody waits.
    async fn take_turn(&mut self) -> Result<bool, StoreError>;
    /// Deletes what was over by then, the oldest first, and of no table more than `limit` rows; what another transaction holds
    /// is passed over. Tells how many rows went: fewer than `limit` mean that no more are left.
    async fn delete_over(
        &mut self,
        kind: Leftover,
        by: DateTime<Utc>,
        limit: u64,
    ) -> Result<u64, StoreError>;
}
