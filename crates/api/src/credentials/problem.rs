use domain::credentials::CredentialError;

use crate::problem::{Fault, FaultCode, INVALID, Problem, kinds};

kinds! {
    WRONG_PASSWORD = 422 "wrong_password", "That is not your present password",
        "Nothing was changed. Whoever has forgotten their password cannot choose another one this way.";
}

/// What is wrong with a body that has the present password and a new one.
pub(super) fn refused(refusal: CredentialError) -> Problem {
    problem(refusal, "/new_password")
}

impl From<CredentialError> for Problem {
    /// What is wrong with a body that has one password, which is to hold from now on.
    fn from(refusal: CredentialError) -> Self {
        problem(refusal, "/password")
    }
}

fn problem(refusal: CredentialError, new_password: &str) -> Problem {
    let (kind, pointer) = match refusal {
        CredentialError::PasswordTooShort(_)
        | CredentialError::PasswordTooLong
        | CredentialError::PasswordCommon
        | CredentialError::PasswordLikeAddress => (&INVALID, new_password),
        CredentialError::PasswordWrong => (&WRONG_PASSWORD, "/current_password"),
    };
    let fault = Fault::at(pointer.to_owned(), FaultCode::Invalid, refusal.to_string());
    Problem::with_errors(kind, vec![fault])
}
