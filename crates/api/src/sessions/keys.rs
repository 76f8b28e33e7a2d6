//! What others verify our access tokens with (RFC 7517).

use actix_web::{HttpRequest, HttpResponse, get};
use application::sessions::{PublicKey, Sessions};
use domain::signing_keys::KeySet;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::extract::{Anyone, Service};
use crate::problem::Problem;
use crate::tagged_bytes::TaggedBytes;

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(key_set);
}

/// Show the public keys
///
/// With one of them anybody can verify an access token.
#[utoipa::path(tag = "auth", operation_id = "getKeySet", security(()),
    responses((status = OK, description = "The keys", body = KeySetView),
              (status = NOT_MODIFIED, description = "You have them already")))]
#[get("/.well-known/jwks.json")]
async fn key_set(
    _anyone: Anyone,
    sessions: Service<Sessions>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let keys = sessions.public_keys().into_iter().map(Key::from).collect();
    let keys = serde_json::to_string(&KeySetView { keys });
    let keys = keys.map_err(|it| Problem::internal(it.to_string()))?;
    let keys = TaggedBytes::new("application/json", keys).public_for(KeySet::MAX_AGE);
    Ok(keys.answer(&request))
}

/// A JSON Web Key Set.
#[derive(Serialize, ToSchema)]
#[schema(as = KeySet)]
struct KeySetView {
    /// The keys that tokens may be signed with now, and the one that is to sign next.
    keys: Vec<Key>,
}

/// A public key (RFC 7518, section 6.2).
#[derive(Serialize, ToSchema)]
struct Key {
    /// An elliptic curve key.
    #[schema(example = "EC")]
    kty: &'static str,
    /// Its curve.
    #[schema(example = "P-256")]
    crv: &'static str,
    /// For signatures.
    #[schema(example = "sig")]
    r#use: &'static str,
    /// The algorithm that it signs by.
    #[schema(example = "ES256")]
    alg: &'static str,
    /// Its name, which tokens have in their head.
    #[schema(example = "0T1lzg2M0nY8nQd4s1mVb2w3p6y7k9rXcHfJtLuEaBo")]
    kid: String,
    /// One coordinate of the point, in base64url.
    #[schema(example = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")]
    x: String,
    /// The other one.
    #[schema(example = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    y: String,
}

impl From<PublicKey> for Key {
    fn from(it: PublicKey) -> Self {
        Self {
            kty: "EC",
            crv: "P-256",
            r#use: "sig",
            alg: "ES256",
            kid: it.kid,
            x: it.x,
            y: it.y,
        }
    }
}
