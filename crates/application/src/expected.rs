use domain::Version;

use crate::StoreError;

/// Which versions of a thing the caller is ready to change (`If-Match`, RFC 9110, section 13.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    Any,
    OneOf(Vec<Version>),
}

impl Expected {
    /// # Errors
    /// `Stale` when the thing has changed since the caller looked.
    pub fn admits(&self, version: Version) -> Result<(), StoreError> {
        match self {
            Self::Any => Ok(()),
            Self::OneOf(versions) if versions.contains(&version) => Ok(()),
            Self::OneOf(_) => Err(StoreError::Stale),
        }
    }
}
