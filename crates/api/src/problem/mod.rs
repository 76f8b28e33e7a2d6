//! What a failure looks like to a client (RFC 9457), and which failure is which.

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use application::{Error, StoreError, Unique};
use domain::roles::Permission;
use domain::sessions::Session;
use uuid::Uuid;

mod body;
mod general;
mod kind;
mod oauth;

pub(crate) use body::{Fault, FaultCode, OAuthErrorBody, ProblemBody};
pub(crate) use general::*;
pub(crate) use kind::{Form, Kind, kinds};
pub(crate) use oauth::{
    INVALID_CLIENT, INVALID_GRANT, INVALID_REQUEST, INVALID_SCOPE, UNSUPPORTED_GRANT_TYPE,
};

use crate::rate_limits::whole_seconds;
use crate::{
    api_keys, credentials, one_time_tokens, projects, registrations, roles, sessions, users,
};

/// Every kind there is. A feature's list that is missing here is dead code, which clippy refuses.
pub(crate) fn catalogue() -> impl Iterator<Item = &'static Kind> {
    [
        KINDS,
        oauth::KINDS,
        api_keys::KINDS,
        credentials::KINDS,
        one_time_tokens::KINDS,
        projects::KINDS,
        registrations::KINDS,
        roles::KINDS,
        sessions::KINDS,
        users::KINDS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// A failure on its way to the client. The edge writes it down, with the request's id.
#[derive(Debug)]
pub struct Problem {
    pub(crate) kind: &'static Kind,
    /// For this occurrence; fit for the client's eyes.
    pub(crate) detail: String,
    pub(crate) errors: Vec<Fault>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// For the log alone.
    pub(crate) cause: Option<String>,
}

impl Problem {
    pub(crate) fn new(kind: &'static Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            headers: Vec::new(),
            cause: None,
        }
    }

    pub(crate) fn with_errors(kind: &'static Kind, errors: Vec<Fault>) -> Self {
        let detail = match errors.len() {
            1 => "one thing is wrong with it".to_owned(),
            n => format!("{n} things are wrong with it"),
        };
        Self {
            errors,
            ..Self::new(kind, detail)
        }
    }

    /// Our own fault: the client learns that much, the log learns why.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(
                &INTERNAL,
                "the request failed; its id helps to find out why",
            )
        }
    }

    pub(crate) fn unavailable(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(&UNAVAILABLE, "try again in a moment").retry_after(1)
        }
    }

    pub(crate) fn overloaded() -> Self {
        Self::new(&OVERLOADED, "try again in a moment").retry_after(1)
    }

    /// RFC 6585, section 4.
    pub(crate) fn rate_limited(retry_after: Duration) -> Self {
        let seconds = whole_seconds(retry_after);
        let plural = if seconds == 1 { "" } else { "s" };
        let wait = format!("try again in {seconds} second{plural}");
        Self::new(&RATE_LIMITED, wait).retry_after(seconds)
    }

    /// RFC 6750, section 3: no error code where there was no token.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            &UNAUTHENTICATED,
            "send Authorization: Bearer and an access token",
        )
        .challenging(HeaderValue::from_static("Bearer realm=\"ashlar\""))
    }

    pub(crate) fn invalid_token() -> Self {
        Self::new(&INVALID_TOKEN, "sign in again for another one").challenging(
            HeaderValue::from_static("Bearer realm=\"ashlar\", error=\"invalid_token\""),
        )
    }

    /// RFC 9470, section 3.
    pub(crate) fn sign_in_too_old() -> Self {
        let seconds = Session::RECENT.num_seconds();
        let challenge = format!(
            "Bearer realm=\"ashlar\", error=\"insufficient_user_authentication\", \
             error_description=\"the password was given too long ago\", max_age=\"{seconds}\""
        );
        let detail = format!("give your password again: it may be {seconds} seconds ago");
        Self::new(&INSUFFICIENT_USER_AUTHENTICATION, detail).challenging(
            HeaderValue::from_str(&challenge).unwrap_or(HeaderValue::from_static("Bearer")),
        )
    }

    fn forbidden(missing: Permission) -> Self {
        let name = missing.name();
        let challenge =
            format!("Bearer realm=\"ashlar\", error=\"insufficient_scope\", scope=\"{name}\"");
        Self::new(
            &INSUFFICIENT_SCOPE,
            format!("the permission {name} is needed"),
        )
        .challenging(
            HeaderValue::from_str(&challenge).unwrap_or(HeaderValue::from_static("Bearer")),
        )
    }

    pub(crate) fn not_found() -> Self {
        Self::new(&NOT_FOUND, "nothing is at this address")
    }

    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        let mut problem = Self::new(
            &METHOD_NOT_ALLOWED,
            format!("what is allowed here: {allow}"),
        );
        if let Ok(allow) = HeaderValue::from_str(allow) {
            problem.headers.push((ALLOW, allow));
        }
        problem
    }

    fn retry_after(mut self, seconds: u64) -> Self {
        self.headers.push((RETRY_AFTER, HeaderValue::from(seconds)));
        self
    }

    fn challenging(mut self, challenge: HeaderValue) -> Self {
        self.headers.push((WWW_AUTHENTICATE, challenge));
        self
    }

    pub(crate) fn body(&self, public_url: &str, request_id: Uuid) -> ProblemBody<'_> {
        ProblemBody {
            r#type: page_of(self.kind, public_url),
            title: self.kind.title,
            status: self.kind.status,
            detail: &self.detail,
            instance: format!("urn:uuid:{request_id}"),
            code: self.kind.code,
            errors: &self.errors,
        }
    }

    pub(crate) fn oauth_body(&self, public_url: &str) -> OAuthErrorBody<'_> {
        OAuthErrorBody {
            error: self.kind.code,
            error_description: &self.detail,
            error_uri: page_of(self.kind, public_url),
        }
    }
}

fn page_of(kind: &Kind, public_url: &str) -> String {
    format!("{public_url}/problems/{}", kind.code)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.code, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The edge gives it its body: it alone knows the request's id.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(),
            Error::Forbidden(missing) => Self::forbidden(missing),
            Error::Overloaded => Self::overloaded(),
            Error::TooManyGuesses { retry_after } | Error::TooMuchMail { retry_after } => {
                Self::rate_limited(retry_after)
            }
            Error::Broken(cause) => Self::internal(cause),
            Error::ApiKey(refusal) => refusal.into(),
            Error::Credential(refusal) => refusal.into(),
            Error::OneTimeToken(refusal) => refusal.into(),
            Error::Project(refusal) => refusal.into(),
            Error::Registration(refusal) => refusal.into(),
            Error::Role(refusal) => refusal.into(),
            Error::Session(refusal) => refusal.into(),
            Error::User(refusal) => refusal.into(),
            Error::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let cause = error.to_string();
        match error {
            StoreError::Duplicate(Unique::UserEmail) => domain::users::UserError::EmailTaken.into(),
            StoreError::Duplicate(Unique::RoleName) => domain::roles::RoleError::NameTaken.into(),
            StoreError::Stale => Self::new(&STALE, "fetch it again and repeat your change"),
            StoreError::Corrupt { .. } | StoreError::Failed(_) => Self::internal(cause),
            StoreError::Unavailable(_) => Self::unavailable(cause),
        }
    }
}
