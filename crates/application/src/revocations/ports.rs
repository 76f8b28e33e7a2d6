use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::revocations::Revocation;

use crate::StoreError;

/// The feed as every process can read it. Whoever ends a session or raises a user's token version
/// needs no port to tell it: the writers of those write it into the same transaction.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait RevocationReader: Send + Sync {
    /// The first of those behind that position. They stand in the order of their commits: what
    /// becomes visible later stands behind everything that was visible before.
    async fn list_after(
        &self,
        position: FeedPosition,
        limit: u64,
    ) -> Result<Vec<Published>, StoreError>;
}

/// How far the feed was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedPosition(pub i64);

impl FeedPosition {
    /// Before everything.
    pub const START: Self = Self(0);
}

/// One entry of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    pub position: FeedPosition,
    pub revocation: Revocation,
    pub at: DateTime<Utc>,
}
