use chrono::{TimeDelta, Utc};
use domain::Version;
use domain::api_keys::{ApiKey, ApiKeyHash, ApiKeyId, ApiKeyName};
use domain::roles::{Permission, Rights};
use domain::users::User;
use serde_json::{Value, json};
use uuid::Uuid;

/// The body of `createMyApiKey`, with these scopes, for a month.
#[must_use]
pub fn create_api_key(scopes: &[Permission]) -> Value {
    let scopes: Vec<_> = scopes.iter().map(|it| it.name()).collect();
    let expires_at = Utc::now() + TimeDelta::days(30);
    json!({ "name": "Of a test", "scopes": scopes, "expires_at": expires_at })
}

/// A key that was made with the account and allows these for a month.
#[must_use]
pub fn api_key(of: &User, scopes: &[Permission]) -> ApiKey {
    ApiKey {
        id: ApiKeyId(Uuid::now_v7()),
        user_id: of.id,
        name: ApiKeyName::parse("Of a test").expect("it is one line"),
        scopes: scopes.iter().copied().collect::<Rights>(),
        version: Version::FIRST,
        created_at: of.created_at,
        updated_at: of.created_at,
        expires_at: of.created_at + TimeDelta::days(30),
        last_used_at: None,
    }
}

/// Of a secret that nobody has.
#[must_use]
pub fn api_key_hash() -> ApiKeyHash {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    ApiKeyHash(bytes)
}
