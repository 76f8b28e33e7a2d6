use application::sessions::{AccessToken, SignedIn};
use chrono::{DateTime, Utc};
use domain::credentials::NewPassword;
use domain::sessions::{LiveSession, SessionId};
use garde::Validate;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use uuid::Uuid;

use crate::shape::{Text, shape};
use crate::users::{EmailAddressShape, valid_email};

/// Who signs in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct Login {
    #[garde(custom(valid_email))]
    #[schema(value_type = EmailAddressShape)]
    pub(super) email: String,
    #[garde(custom(fits_a_password))]
    #[schema(value_type = PasswordShape)]
    pub(super) password: SecretString,
    /// How the refresh token comes, and is sent from then on. Pages in browsers choose `cookie`.
    #[serde(default = "Transport::default_name")]
    #[garde(custom(valid_transport))]
    #[schema(value_type = TransportShape, required = false)]
    transport: String,
}

impl Login {
    pub(super) fn transport(&self) -> Transport {
        Transport::named(&self.transport).unwrap_or_default()
    }
}

/// Who still knows their password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct StepUp {
    #[garde(custom(fits_a_password))]
    #[schema(value_type = PasswordShape)]
    pub(super) password: SecretString,
}

/// How a refresh token comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Transport {
    #[default]
    Body,
    Cookie,
}

impl Transport {
    const ALL: [Self; 2] = [Self::Body, Self::Cookie];

    const fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Cookie => "cookie",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    fn default_name() -> String {
        Self::default().name().to_owned()
    }
}

shape!(
    TransportShape,
    "Transport",
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(
            "`body`: the refresh token is in the answer, for `/oauth/token`; `cookie`: it is in the cookie \
             `__Host-refresh`, for `/auth/refresh`, and no script reads it."
        ))
        .enum_values(Some(Transport::ALL.map(Transport::name)))
        .examples([Transport::default().name()])
        .default(Some(Transport::default().name().into()))
);

shape!(
    PasswordShape,
    "Password",
    Text {
        meaning: "A password, as it was chosen.",
        lengths: (1, NewPassword::MAX),
        pattern: None,
        format: Some("password"),
        example: Some("correct horse battery staple"),
    }
);

/// What to call the API with.
#[derive(Serialize, ToSchema)]
#[schema(as = Authenticated)]
pub(crate) struct SignedInView {
    /// `authenticated`; other values may come.
    #[schema(example = "authenticated")]
    status: &'static str,
    /// Send it as `Authorization: Bearer ...`.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9...")]
    access_token: String,
    /// How to send it (RFC 6750).
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// For how many seconds the token is valid.
    #[schema(example = 600)]
    expires_in: i64,
    /// What to get the next access token for, at `/oauth/token`: once. Absent where it is in a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "WWmg3Kjk9LjPcZcbUxM1cHqDAFxKEtB5dVwkTrP6y5I",
        nullable = false
    )]
    refresh_token: Option<String>,
}

impl SignedInView {
    pub(super) fn with_refresh_token(signed_in: SignedIn) -> Self {
        Self {
            refresh_token: Some(signed_in.refresh_token.expose_secret().to_owned()),
            ..signed_in.access.into()
        }
    }
}

impl From<AccessToken> for SignedInView {
    fn from(it: AccessToken) -> Self {
        Self {
            status: "authenticated",
            access_token: it.token.expose_secret().to_owned(),
            token_type: "Bearer",
            expires_in: it.expires_in.num_seconds(),
            refresh_token: None,
        }
    }
}

/// A refresh token for an access token.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document alone is made from it")]
pub(crate) struct TokenRequest {
    /// What the tokens are given for.
    grant_type: GrantType,
    /// The one that came last.
    refresh_token: TokenShape,
    /// Nothing else is a client.
    #[schema(nullable = false)]
    client_id: Option<ClientId>,
    /// Nothing else is a scope.
    #[schema(nullable = false)]
    scope: Option<Scope>,
}

/// What tokens are given for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document alone is made from it")]
enum GrantType {
    #[schema(rename = "refresh_token")]
    RefreshToken,
}

/// The only client.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document alone is made from it")]
pub(super) enum ClientId {
    #[schema(rename = "ashlar")]
    Ashlar,
}

/// The only scope: everything that you may do.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document alone is made from it")]
enum Scope {
    #[schema(rename = "full")]
    Full,
}

/// An access token, and what to get the next one for.
#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
pub(crate) struct TokensView {
    /// Send it as `Authorization: Bearer ...`.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9...")]
    access_token: String,
    /// How to send it (RFC 6750).
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// For how many seconds the token is valid.
    #[schema(example = 600)]
    expires_in: i64,
    /// What to use the next time, instead of the one that was sent.
    #[schema(example = "mWvgE9PVGtjU8Jy0Wp2fXoE7kLrYd3a4bQnZ5c6hTiM")]
    refresh_token: String,
}

impl From<SignedIn> for TokensView {
    fn from(it: SignedIn) -> Self {
        Self {
            access_token: it.access.token.expose_secret().to_owned(),
            token_type: "Bearer",
            expires_in: it.access.expires_in.num_seconds(),
            refresh_token: it.refresh_token.expose_secret().to_owned(),
        }
    }
}

/// A refresh token or an access token that is to be void.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document alone is made from it")]
pub(crate) struct RevocationRequest {
    /// The token.
    token: TokenShape,
    /// What kind of token it is; it is found without.
    #[schema(nullable = false)]
    token_type_hint: Option<TokenTypeHintShape>,
    /// Nothing else is a client.
    #[schema(nullable = false)]
    client_id: Option<ClientId>,
}

shape!(
    TokenShape,
    "Token",
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("A token, as it was given."))
        .min_length(Some(1))
        .pattern(Some(r"^[^\u0000-\u001F\u007F-\u009F]+$"))
        .examples(["WWmg3Kjk9LjPcZcbUxM1cHqDAFxKEtB5dVwkTrP6y5I"])
);

shape!(
    TokenTypeHintShape,
    "TokenTypeHint",
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(
            "What kind of token it may be (RFC 7009, section 2.1)."
        ))
        .pattern(Some(r"^[^\u0000-\u001F\u007F-\u009F]*$"))
        .examples(["refresh_token"])
);

/// Somewhere you are signed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    /// What the session is called: `sid` in its access tokens.
    #[schema(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Uuid,
    /// Whether it is the one that you call with.
    current: bool,
    /// When it began.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    created_at: DateTime<Utc>,
    /// When the password was last given.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    authenticated_at: DateTime<Utc>,
    /// When it was last given an access token: at the sign-in, by a refresh or by `POST /me/step-up`. It may have been used
    /// since, for as long as that token lived.
    #[schema(example = "2026-02-03T16:20:00.000000Z")]
    last_used_at: DateTime<Utc>,
    /// It ends then, whatever is done with it; before, when nobody refreshes it in time.
    #[schema(example = "2026-03-02T09:30:00.000000Z")]
    expires_at: DateTime<Utc>,
}

impl SessionView {
    pub(super) fn of(live: &LiveSession, current: Option<SessionId>) -> Self {
        let session = &live.session;
        Self {
            id: session.id.0,
            current: Some(session.id) == current,
            created_at: session.created_at,
            authenticated_at: session.authenticated_at,
            last_used_at: live.last_used_at(),
            expires_at: session.expires_at,
        }
    }
}

/// Not the rules for new passwords: an old one may be shorter than today's least.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes the context so"
)]
pub(crate) fn fits_a_password(password: &SecretString, _: &()) -> garde::Result {
    match password.expose_secret().chars().count() {
        1..=NewPassword::MAX => Ok(()),
        _ => Err(garde::Error::new("a password has 1 to 128 characters")),
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes the context so"
)]
fn valid_transport(name: &str, _: &()) -> garde::Result {
    match Transport::named(name) {
        Some(_) => Ok(()),
        None => Err(garde::Error::new("it is `body` or `cookie`")),
    }
}
