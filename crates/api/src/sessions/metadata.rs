//! Where OAuth clients find everything (RFC 8414).

use actix_web::{HttpRequest, HttpResponse, get};
use domain::sessions::SCOPE;
use domain::signing_keys::KeySet;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::Api;
use crate::extract::Anyone;
use crate::problem::Problem;
use crate::tagged_bytes::TaggedBytes;

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(metadata);
}

/// Show what OAuth clients need to know
///
/// Where the tokens' operations and keys are, and what they understand.
#[utoipa::path(tag = "auth", operation_id = "getServerMetadata", security(()),
    responses((status = OK, description = "The metadata", body = ServerMetadata),
              (status = NOT_MODIFIED, description = "You have them already")))]
#[get("/.well-known/oauth-authorization-server")]
async fn metadata(_anyone: Anyone, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let metadata = ServerMetadata::of(&Api::of(&request).policy().public_url);
    let metadata = serde_json::to_string(&metadata);
    let metadata = metadata.map_err(|it| Problem::internal(it.to_string()))?;
    let metadata = TaggedBytes::new("application/json", metadata).public_for(KeySet::MAX_AGE);
    Ok(metadata.answer(&request))
}

/// What this authorization server can do (RFC 8414, section 2).
#[derive(Serialize, ToSchema)]
struct ServerMetadata {
    /// `iss` in its tokens.
    #[schema(example = "https://api.example.org")]
    issuer: String,
    /// Where tokens are refreshed.
    #[schema(example = "https://api.example.org/oauth/token")]
    token_endpoint: String,
    /// Where the keys are that verify access tokens.
    #[schema(example = "https://api.example.org/.well-known/jwks.json")]
    jwks_uri: String,
    /// The scopes there are.
    #[schema(example = json!([SCOPE]))]
    scopes_supported: [&'static str; 1],
    /// None: there is no authorization endpoint. People sign in with a password, at `/api/v1/auth/login`.
    response_types_supported: [&'static str; 0],
    /// What tokens are given for at the token endpoint.
    #[schema(example = json!(["refresh_token"]))]
    grant_types_supported: [&'static str; 1],
    /// How clients prove who they are: not at all, because the only one is public.
    #[schema(example = json!(["none"]))]
    token_endpoint_auth_methods_supported: [&'static str; 1],
    /// Where tokens are made void (RFC 7009).
    #[schema(example = "https://api.example.org/oauth/revoke")]
    revocation_endpoint: String,
    /// As at the token endpoint.
    #[schema(example = json!(["none"]))]
    revocation_endpoint_auth_methods_supported: [&'static str; 1],
    /// Where the server tells what a token is worth (RFC 7662).
    #[schema(example = "https://api.example.org/oauth/introspect")]
    introspection_endpoint: String,
    /// By an access token of somebody who has the permission `tokens:introspect`.
    #[schema(example = json!(["Bearer"]))]
    introspection_endpoint_auth_methods_supported: [&'static str; 1],
}

impl ServerMetadata {
    fn of(issuer: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            token_endpoint: format!("{issuer}/oauth/token"),
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            scopes_supported: [SCOPE],
            response_types_supported: [],
            grant_types_supported: ["refresh_token"],
            token_endpoint_auth_methods_supported: ["none"],
            revocation_endpoint: format!("{issuer}/oauth/revoke"),
            revocation_endpoint_auth_methods_supported: ["none"],
            introspection_endpoint: format!("{issuer}/oauth/introspect"),
            introspection_endpoint_auth_methods_supported: ["Bearer"],
        }
    }
}
