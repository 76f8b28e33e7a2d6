use domain::credentials::CredentialError;

use crate::problem::{Fault, FaultCode, INVALID, Kind, Problem, kinds};

kinds! {
    WRONG_PASSWORD = 422 "wrong_password", "That is not your present password",
        "Nothing was changed. Whoever has forgotten their password cannot choose another one this way.";
}

/// What is wrong with a body that has the present password and a new one.
pub(super) fn refused(refusal: CredentialError) -> Problem {
    let pointer = match refusal {
        CredentialError::PasswordWrong => "/current_password",
        CredentialError::PasswordTooShort(_)
        | CredentialError::PasswordTooLong
        | CredentialError::PasswordCommon
        | CredentialError::PasswordLikeAddress => "/new_password",
    };
    let fault = Fault::at(pointer.to_owned(), FaultCode::Invalid, refusal.to_string());
    Problem::with_errors(kind(refusal), vec![fault])
}

impl From<CredentialError> for Problem {
    fn from(refusal: CredentialError) -> Self {
        Self::new(kind(refusal), refusal.to_string())
    }
}

fn kind(refusal: CredentialError) -> &'static Kind {
    match refusal {
        CredentialError::PasswordTooShort(_)
        | CredentialError::PasswordTooLong
        | CredentialError::PasswordCommon
        | CredentialError::PasswordLikeAddress => &INVALID,
        CredentialError::PasswordWrong => &WRONG_PASSWORD,
    }
}
