//! What a failure looks like to a client (RFC 9457), and which failure is which.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use application::{Error, StoreError, Unique};
use domain::roles::Permission;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One kind of problem: `code` is for programs and never changes, `title` is for people.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
}

impl Kind {
    pub(crate) const fn new(status: u16, code: &'static str, title: &'static str) -> Self {
        Self {
            status,
            code,
            title,
        }
    }
}

pub(crate) const BAD_REQUEST: Kind = Kind::new(400, "bad_request", "The request cannot be read");
pub(crate) const CORS_REFUSED: Kind =
    Kind::new(400, "cors_refused", "Pages of this origin may not call so");
pub(crate) const MALFORMED_JSON: Kind =
    Kind::new(400, "malformed_json", "The body cannot be read as JSON");
pub(crate) const INVALID_PARAMETER: Kind =
    Kind::new(400, "invalid_parameter", "A parameter cannot be read");
pub(crate) const UNAUTHENTICATED: Kind =
    Kind::new(401, "unauthenticated", "An access token is needed");
pub(crate) const INVALID_TOKEN: Kind = Kind::new(
    401,
    "invalid_token",
    "The access token is not valid, or no longer",
);
pub(crate) const INSUFFICIENT_SCOPE: Kind =
    Kind::new(403, "insufficient_scope", "A permission is missing");
pub(crate) const NOT_FOUND: Kind = Kind::new(404, "not_found", "There is no such thing");
pub(crate) const METHOD_NOT_ALLOWED: Kind =
    Kind::new(405, "method_not_allowed", "The method is not allowed here");
pub(crate) const NOT_ACCEPTABLE: Kind = Kind::new(
    406,
    "not_acceptable",
    "The answer would be JSON, which Accept excludes",
);
pub(crate) const BODY_TIMED_OUT: Kind =
    Kind::new(408, "body_timed_out", "The body did not arrive in time");
pub(crate) const STALE: Kind = Kind::new(412, "stale", "It has changed since you looked");
pub(crate) const TOO_LARGE: Kind = Kind::new(413, "too_large", "The body is too large");
pub(crate) const UNSUPPORTED_MEDIA_TYPE: Kind = Kind::new(
    415,
    "unsupported_media_type",
    "The body has another type than is taken here",
);
pub(crate) const INVALID: Kind = Kind::new(422, "invalid", "The body is not valid");
pub(crate) const IF_MATCH_REQUIRED: Kind =
    Kind::new(428, "if_match_required", "The header If-Match is needed");
pub(crate) const INTERNAL: Kind = Kind::new(500, "internal", "Something went wrong here");
pub(crate) const UNAVAILABLE: Kind =
    Kind::new(503, "unavailable", "The service cannot answer just now");

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

/// One thing that is wrong with the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// Where in the body (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/email")]
    pub pointer: Option<String>,
    /// Or which parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "limit")]
    pub parameter: Option<String>,
    /// What is wrong, for programs.
    #[schema(example = "missing")]
    pub code: &'static str,
    /// What is wrong, for people.
    pub detail: String,
}

impl Fault {
    pub(crate) fn at(pointer: String, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            pointer: Some(pointer),
            parameter: None,
            code,
            detail: detail.into(),
        }
    }

    pub(crate) fn of_parameter(
        name: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            pointer: None,
            parameter: Some(name.into()),
            code,
            detail: detail.into(),
        }
    }
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

    pub(crate) fn unavailable(cause: Option<String>) -> Self {
        let mut problem = Self::new(&UNAVAILABLE, "try again in a moment");
        problem
            .headers
            .push((RETRY_AFTER, HeaderValue::from_static("1")));
        problem.cause = cause;
        problem
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

    fn challenging(mut self, challenge: HeaderValue) -> Self {
        self.headers.push((WWW_AUTHENTICATE, challenge));
        self
    }

    pub(crate) fn body(&self, public_url: &str, request_id: Uuid) -> ProblemBody<'_> {
        ProblemBody {
            r#type: format!("{public_url}/problems/{}", self.kind.code),
            title: self.kind.title,
            status: self.kind.status,
            detail: &self.detail,
            instance: format!("urn:uuid:{request_id}"),
            code: self.kind.code,
            errors: &self.errors,
        }
    }
}

/// A problem (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'a> {
    /// The kind of problem, as an address.
    #[schema(format = "uri")]
    r#type: String,
    title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened this time.
    detail: &'a str,
    /// The id of the request.
    #[schema(example = "urn:uuid:01936f5e-8c00-7000-8000-000000000000")]
    instance: String,
    /// The kind of problem, for programs.
    code: &'static str,
    /// Everything that is wrong with the input, where it is the input.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    errors: &'a [Fault],
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
            Error::Overloaded => Self::unavailable(None),
            Error::Broken(cause) => Self::internal(cause),
            Error::Credential(refusal) => refusal.into(),
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
            StoreError::Stale => Self::new(&STALE, "fetch it again and repeat your change"),
            StoreError::Corrupt { .. } | StoreError::Failed(_) => Self::internal(cause),
            StoreError::Unavailable(_) => Self::unavailable(Some(cause)),
        }
    }
}
