use async_trait::async_trait;
use domain::email_changes::{EmailChange, EmailChangeId};
use domain::users::UserId;

use crate::StoreError;

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait EmailChangeReader: Send + Sync {
    async fn find(&self, id: EmailChangeId) -> Result<Option<EmailChange>, StoreError>;
}

/// Who writes holds the user: so nobody else changes theirs meanwhile. What is deleted goes with its tokens and its mail.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait EmailChangeWriter: Send + Sync {
    async fn insert(&mut self, change: &EmailChange) -> Result<(), StoreError>;
    async fn update(&mut self, change: &EmailChange) -> Result<(), StoreError>;
    /// Deletes the user's that wait for their confirmation.
    async fn delete_open(&mut self, user: UserId) -> Result<(), StoreError>;
    /// Deletes it, and every later one of the user's.
    async fn delete_from(&mut self, change: &EmailChange) -> Result<(), StoreError>;
    /// Deletes every one of the user's: nothing is left to take back.
    async fn delete_all(&mut self, user: UserId) -> Result<(), StoreError>;
}
