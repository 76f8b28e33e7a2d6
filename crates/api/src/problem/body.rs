use serde::Serialize;
use utoipa::ToSchema;

/// A problem (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'a> {
    /// The kind of problem, as an address.
    #[schema(
        format = "uri",
        example = "https://api.example.org/problems/invalid_parameter"
    )]
    pub(super) r#type: String,
    /// The kind of problem, for people.
    #[schema(example = "A parameter cannot be read")]
    pub(super) title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    pub(super) status: u16,
    /// What happened this time.
    #[schema(example = "one thing is wrong with it")]
    pub(super) detail: &'a str,
    /// The id of the request.
    #[schema(example = "urn:uuid:01936f5e-8c00-7000-8000-000000000000")]
    pub(super) instance: String,
    /// The kind of problem, for programs.
    #[schema(example = "invalid_parameter")]
    pub(super) code: &'static str,
    /// Everything that is wrong with the input, where it is the input.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    pub(super) errors: &'a [Fault],
}

/// What OAuth refuses with (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OAuthError)]
pub(crate) struct OAuthErrorBody<'a> {
    /// The kind of failure, for programs.
    #[schema(example = "invalid_grant")]
    pub(super) error: &'static str,
    /// What happened this time, for people.
    #[schema(example = "the refresh token is not valid, or no longer")]
    pub(super) error_description: &'a str,
    /// A page about this kind of failure.
    #[schema(
        format = "uri",
        example = "https://api.example.org/problems/invalid_grant"
    )]
    pub(super) error_uri: String,
}

/// One thing that is wrong with the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// Where in the body (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/email", nullable = false)]
    pub pointer: Option<String>,
    /// Or which parameter or header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "limit", nullable = false)]
    pub parameter: Option<String>,
    /// What is wrong, for programs.
    pub code: FaultCode,
    /// What is wrong, for people.
    #[schema(example = "it is a number from 1 to 100")]
    pub detail: String,
}

/// What can be wrong with one thing; other values may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultCode {
    /// It is needed.
    Missing,
    /// Such as a number where text is asked for.
    WrongType,
    /// A member that is unknown here.
    UnknownField,
    /// A member or a parameter that is given twice.
    Duplicate,
    /// It is of the right kind, and not valid.
    Invalid,
    /// A parameter that is unknown here.
    Unknown,
}

impl Fault {
    pub(crate) fn at(pointer: String, code: FaultCode, detail: impl Into<String>) -> Self {
        Self {
            pointer: Some(pointer),
            parameter: None,
            code,
            detail: detail.into(),
        }
    }

    pub(crate) fn of_parameter(
        name: impl Into<String>,
        code: FaultCode,
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
