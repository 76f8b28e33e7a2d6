//! What is told about a token.

use application::sessions::LiveToken;
use domain::sessions::{CLIENT, SCOPE};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto::{ClientId, TokenShape, TokenTypeHintShape};

/// A refresh token or an access token that is asked about.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document alone is made from it")]
pub(crate) struct IntrospectionRequest {
    /// The token.
    token: TokenShape,
    /// What kind of token it is; it is found without.
    #[schema(nullable = false)]
    token_type_hint: Option<TokenTypeHintShape>,
    /// Nothing else is a client.
    #[schema(nullable = false)]
    client_id: Option<ClientId>,
}

/// What a token is worth (RFC 7662, section 2.2). Of one that is not good nothing but that is told. Times are in
/// seconds since 1970.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Introspection)]
pub(crate) struct IntrospectionView {
    /// Whether it is good now.
    active: bool,
    /// What it is good for: everything that its user may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "full")]
    scope: Option<&'static str>,
    /// The client that it was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ashlar")]
    client_id: Option<&'static str>,
    /// How to send it. Refresh tokens have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Bearer")]
    token_type: Option<&'static str>,
    /// When it expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 1_769_852_400)]
    exp: Option<i64>,
    /// When it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 1_769_851_800)]
    iat: Option<i64>,
    /// Whose it is: the id of a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "01936f5e-8c00-7000-8000-000000000000")]
    sub: Option<Uuid>,
    /// Who has given it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "https://api.example.org")]
    iss: Option<String>,
    /// The session that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "01936f5e-8c00-7000-8000-000000000000")]
    sid: Option<Uuid>,
    /// What it is called. Refresh tokens have no name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "01936f5e-8c00-7000-8000-000000000000")]
    jti: Option<Uuid>,
    /// When the password was last given; of access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 1_769_851_800)]
    auth_time: Option<i64>,
}

impl IntrospectionView {
    pub(super) fn of(token: Option<LiveToken>, issuer: &str) -> Self {
        let Some(token) = token else {
            return Self::default();
        };
        let good = Self {
            active: true,
            scope: Some(SCOPE),
            client_id: Some(CLIENT),
            iss: Some(issuer.to_owned()),
            ..Self::default()
        };
        match token {
            LiveToken::Access(claims) => Self {
                token_type: Some("Bearer"),
                exp: Some(claims.expires_at.timestamp()),
                iat: Some(claims.issued_at.timestamp()),
                sub: Some(claims.user_id.0),
                sid: Some(claims.session_id.0),
                jti: Some(claims.id),
                auth_time: Some(claims.authenticated_at.timestamp()),
                ..good
            },
            LiveToken::Refresh(token, user) => Self {
                exp: Some(token.expires_at.timestamp()),
                iat: Some(token.created_at.timestamp()),
                sub: Some(user.0),
                sid: Some(token.session_id.0),
                ..good
            },
        }
    }
}
