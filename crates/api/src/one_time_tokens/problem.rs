use domain::one_time_tokens::OneTimeTokenError;

use crate::problem::{Problem, kinds};

kinds! {
    TOKEN_VOID = 410 "token_void", "The token is not valid, or no longer",
        "It is unknown, was used, has expired, or is good for something else. Ask for another mail.";
}

impl From<OneTimeTokenError> for Problem {
    fn from(refusal: OneTimeTokenError) -> Self {
        match refusal {
            OneTimeTokenError::Void => Self::new(&TOKEN_VOID, refusal.to_string()),
        }
    }
}
