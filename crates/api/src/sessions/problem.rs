use actix_web::http::header::{HeaderValue, WWW_AUTHENTICATE};
use domain::sessions::SessionError;

use super::cookie;
use crate::problem::{INVALID_GRANT, Kind, Problem, SESSION_REQUIRED, kinds};

kinds! {
    SIGN_IN_REFUSED = 401 "sign_in_refused", "Nobody is signed in by that",
        "There is no active account with this address and this password. Which of them is wrong is not \
         told.";
    REFRESH_REFUSED = 401 "refresh_refused", "The cookie is not there, or not valid any longer",
        "It was used before, or has expired, or its session has ended, or none was sent: which of these is not told. \
         The answer drops it. Sign in again.";
}

/// Where the refresh token came in the cookie. What OAuth says of one has a form of its own.
pub(super) fn refresh_refused() -> Problem {
    let detail = SessionError::RefreshRefused.to_string();
    let mut problem = challenging(&REFRESH_REFUSED, detail);
    problem.headers.push(cookie::dropped());
    problem
}

fn challenging(kind: &'static Kind, detail: String) -> Problem {
    let mut problem = Problem::new(kind, detail);
    let challenge = HeaderValue::from_static("Bearer realm=\"ashlar\"");
    problem.headers.push((WWW_AUTHENTICATE, challenge));
    problem
}

impl From<SessionError> for Problem {
    fn from(refusal: SessionError) -> Self {
        match refusal {
            SessionError::SignInRefused => challenging(&SIGN_IN_REFUSED, refusal.to_string()),
            SessionError::SignInTooOld => Self::sign_in_too_old(),
            SessionError::SessionRequired => Self::new(&SESSION_REQUIRED, refusal.to_string()),
            SessionError::TokenInvalid => Self::invalid_token(),
            SessionError::RefreshRefused => Self::new(&INVALID_GRANT, refusal.to_string()),
        }
    }
}
