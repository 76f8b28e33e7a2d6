use async_trait::async_trait;
use domain::registrations::{Registration, RegistrationId};

use crate::StoreError;

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait RegistrationReader: Send + Sync {
    async fn find(&self, id: RegistrationId) -> Result<Option<Registration>, StoreError>;
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait RegistrationWriter: Send + Sync {
    async fn insert(&mut self, registration: &Registration) -> Result<(), StoreError>;
    /// With its tokens.
    async fn delete(&mut self, id: RegistrationId) -> Result<(), StoreError>;
}
