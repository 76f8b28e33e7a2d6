use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use domain::sessions::SessionError;

use crate::problem::{INVALID_GRANT, Problem, kinds};

kinds! {
    SIGN_IN_REFUSED = 401 "sign_in_refused", "Nobody is signed in by that",
        "There is no active account with this address and this password. Which of them is wrong is not \
         told.";
}

impl From<SessionError> for Problem {
    fn from(refusal: SessionError) -> Self {
        match refusal {
            SessionError::SignInRefused => {
                let mut problem = Self::new(&SIGN_IN_REFUSED, refusal.to_string());
                let challenge = HeaderValue::from_static("Bearer realm=\"ashlar\"");
                problem.headers.push((WWW_AUTHENTICATE, challenge));
                problem
            }
            SessionError::TokenInvalid => Self::invalid_token(),
            SessionError::RefreshRefused => Self::new(&INVALID_GRANT, refusal.to_string()),
        }
    }
}
