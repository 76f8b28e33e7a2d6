use application::api_keys::{IssuedApiKey, NewApiKey};
use chrono::{DateTime, Utc};
use domain::Version;
use domain::api_keys::{ApiKey, ApiKeyChange, ApiKeyError, ApiKeyName};
use domain::roles::Permission;
use garde::Validate;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

use super::shapes::{ApiKeyNameShape, ApiKeyTokenShape};
use crate::answer::Resource;
use crate::problem::{INVALID, Problem};
use crate::roles::{
    MAX_PERMISSIONS, PermissionShape, PermissionsShape, given, rights, valid_permission,
};
use crate::time::{self, TimeShape, valid_time};

/// A key to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct CreateApiKey {
    #[garde(custom(valid_name))]
    #[schema(value_type = ApiKeyNameShape)]
    name: String,
    /// The most that can be done with it: nothing that you may not do yourself. Without any it can do what needs no
    /// permission.
    #[garde(length(max = MAX_PERMISSIONS), inner(custom(valid_permission)))]
    #[schema(value_type = PermissionsShape)]
    scopes: Vec<String>,
    /// When it ends. The server says how far ahead that may be: 366 days, unless it is set up otherwise.
    #[garde(custom(valid_time))]
    #[schema(value_type = TimeShape)]
    expires_at: String,
}

/// What is to be different about a key; what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct UpdateApiKey {
    #[serde(default, deserialize_with = "given")]
    #[garde(inner(custom(valid_name)))]
    #[schema(value_type = Option<ApiKeyNameShape>, nullable = false)]
    name: Option<String>,
    /// The most that can be done with it from now on. For more than before your password has to be as recent as for
    /// another key.
    #[serde(default, deserialize_with = "given")]
    #[garde(inner(length(max = MAX_PERMISSIONS), inner(custom(valid_permission))))]
    #[schema(value_type = Option<PermissionsShape>, nullable = false)]
    scopes: Option<Vec<String>>,
}

/// By which a program acts for you.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyView {
    /// What the key is called by programs, for good. It stands in the key, too.
    #[schema(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Uuid,
    #[schema(value_type = ApiKeyNameShape)]
    name: String,
    /// The most that can be done with it: what you may not do, it cannot do either.
    #[schema(value_type = Vec<PermissionShape>)]
    scopes: Vec<&'static str>,
    /// When it was made.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    created_at: DateTime<Utc>,
    /// When its name or its scopes were changed.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    updated_at: DateTime<Utc>,
    /// When it ends.
    #[schema(example = "2027-01-31T09:30:00.000000Z")]
    expires_at: DateTime<Utc>,
    /// When it was used, to the minute, and known about a minute later. The `ETag` does not tell of it.
    #[schema(required = true, example = "2026-02-01T07:00:00.000000Z")]
    last_used_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    version: Version,
}

/// A key that was made this moment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IssuedApiKey)]
pub(crate) struct IssuedApiKeyView {
    pub(super) api_key: ApiKeyView,
    /// The key itself. Keep it now: nobody can find it out again.
    #[serde(serialize_with = "exposed")]
    #[schema(value_type = ApiKeyTokenShape)]
    token: SecretString,
}

impl IssuedApiKeyView {
    pub(super) fn path(&self) -> String {
        format!("/me/api-keys/{}", self.api_key.id)
    }
}

impl TryFrom<CreateApiKey> for NewApiKey {
    type Error = Problem;

    fn try_from(body: CreateApiKey) -> Result<Self, Problem> {
        let expires_at = time::parse(&body.expires_at);
        Ok(Self {
            name: ApiKeyName::parse(&body.name)?,
            scopes: rights(&body.scopes),
            expires_at: expires_at.map_err(|it| Problem::new(&INVALID, it))?,
        })
    }
}

impl TryFrom<UpdateApiKey> for ApiKeyChange {
    type Error = ApiKeyError;

    fn try_from(body: UpdateApiKey) -> Result<Self, ApiKeyError> {
        let name = body.name.as_deref().map(ApiKeyName::parse);
        Ok(Self {
            name: name.transpose()?,
            scopes: body.scopes.as_deref().map(rights),
        })
    }
}

impl From<ApiKey> for ApiKeyView {
    fn from(it: ApiKey) -> Self {
        Self {
            id: it.id.0,
            name: it.name.as_str().to_owned(),
            scopes: it.scopes.iter().map(Permission::name).collect(),
            created_at: it.created_at,
            updated_at: it.updated_at,
            expires_at: it.expires_at,
            last_used_at: it.last_used_at,
            version: it.version,
        }
    }
}

impl From<IssuedApiKey> for IssuedApiKeyView {
    fn from(it: IssuedApiKey) -> Self {
        Self {
            api_key: it.key.into(),
            token: it.token,
        }
    }
}

impl Resource for ApiKeyView {
    fn version(&self) -> Version {
        self.version
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "garde passes its context so"
)]
fn valid_name(text: &str, _: &()) -> garde::Result {
    let judged = ApiKeyName::parse(text).map(drop);
    judged.map_err(garde::Error::new)
}

fn exposed<S: Serializer>(secret: &SecretString, output: S) -> Result<S::Ok, S::Error> {
    output.serialize_str(secret.expose_secret())
}
