use domain::credentials::CredentialError;

use crate::problem::{INVALID, Problem};

impl From<CredentialError> for Problem {
    fn from(refusal: CredentialError) -> Self {
        let kind = match refusal {
            CredentialError::PasswordTooShort(_)
            | CredentialError::PasswordTooLong
            | CredentialError::PasswordCommon
            | CredentialError::PasswordLikeAddress => &INVALID,
        };
        Self::new(kind, refusal.to_string())
    }
}
