use std::time::Duration;

use domain::api_keys::ApiKeyError;
use domain::credentials::CredentialError;
use domain::one_time_tokens::OneTimeTokenError;
use domain::projects::ProjectError;
use domain::registrations::RegistrationError;
use domain::roles::{Permission, RoleError};
use domain::sessions::SessionError;
use domain::users::UserError;
use thiserror::Error;

use crate::{StoreError, Unique};

/// Every way in which a use case ends without having done its work.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    #[error("there is no such thing")]
    NotFound,
    #[error("the permission {} is needed", .0.name())]
    Forbidden(Permission),
    #[error("too much of the same work is waiting")]
    Overloaded,
    /// Of the account's password, or from there.
    #[error("too many wrong passwords were given")]
    TooManyGuesses {
        /// When one more is looked at again.
        retry_after: Duration,
    },
    /// To the address, from the network, or in all.
    #[error("too much mail was asked for")]
    TooMuchMail {
        /// When one more is sent again.
        retry_after: Duration,
    },
    /// Not the caller's fault; the text is for the log.
    #[error("{0}")]
    Broken(String),
    #[error(transparent)]
    ApiKey(#[from] ApiKeyError),
    #[error(transparent)]
    Credential(#[from] CredentialError),
    #[error(transparent)]
    OneTimeToken(#[from] OneTimeTokenError),
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Registration(#[from] RegistrationError),
    #[error(transparent)]
    Role(#[from] RoleError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    User(#[from] UserError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Duplicate(Unique::UserEmail) => UserError::EmailTaken.into(),
            StoreError::Duplicate(Unique::RoleName) => RoleError::NameTaken.into(),
            other => Self::Store(other),
        }
    }
}
