use application::users::NewUser;
use chrono::{DateTime, Utc};
use domain::Version;
use domain::roles::{Permission, Rights};
use domain::users::{DisplayName, EmailAddress, Status, User, UserChange, UserError};
use garde::Validate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{valid_display_name, valid_email};
use super::shapes::{DisplayNameShape, EmailAddressShape};
use crate::answer::Resource;
use crate::roles::RoleNameShape;

/// Somebody to invite.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct CreateUser {
    /// Where mail reaches them; letter case does not count.
    #[garde(custom(valid_email))]
    #[schema(value_type = EmailAddressShape)]
    email: String,
    /// What to call them.
    #[garde(custom(valid_display_name))]
    #[schema(value_type = DisplayNameShape)]
    display_name: String,
}

/// What is to be different about an account; what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct UpdateUser {
    /// Another address; it ends the user's sessions.
    #[serde(default, deserialize_with = "given")]
    #[garde(inner(custom(valid_email)))]
    #[schema(value_type = Option<EmailAddressShape>, nullable = false)]
    email: Option<String>,
    /// Another name.
    #[serde(default, deserialize_with = "given")]
    #[garde(inner(custom(valid_display_name)))]
    #[schema(value_type = Option<DisplayNameShape>, nullable = false)]
    display_name: Option<String>,
}

/// What is to be different about one's own account; what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct UpdateMe {
    /// Another name.
    #[serde(default, deserialize_with = "given")]
    #[garde(inner(custom(valid_display_name)))]
    #[schema(value_type = Option<DisplayNameShape>, nullable = false)]
    display_name: Option<String>,
}

/// Somebody with an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
    /// What the account is called, for good.
    #[schema(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Uuid,
    #[schema(value_type = EmailAddressShape)]
    email: String,
    #[schema(value_type = DisplayNameShape)]
    display_name: String,
    status: StatusView,
    /// The names of the user's roles.
    #[schema(value_type = Vec<RoleNameShape>)]
    roles: Vec<String>,
    /// When the account was made.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    created_at: DateTime<Utc>,
    /// When anything above was changed.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    updated_at: DateTime<Utc>,
    #[serde(skip)]
    version: Version,
}

/// Whether somebody may sign in: `pending` was invited and has no password yet, `deactivated` was
/// shut out.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UserStatus)]
pub(crate) enum StatusView {
    Pending,
    Active,
    Deactivated,
}

/// What somebody may do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Permissions)]
pub(crate) struct PermissionsView {
    /// The names of the permissions.
    #[schema(example = json!(["users:read"]))]
    permissions: Vec<&'static str>,
}

impl TryFrom<CreateUser> for NewUser {
    type Error = UserError;

    fn try_from(body: CreateUser) -> Result<Self, UserError> {
        Ok(Self {
            email: EmailAddress::parse(&body.email)?,
            display_name: DisplayName::parse(&body.display_name)?,
        })
    }
}

impl TryFrom<UpdateUser> for UserChange {
    type Error = UserError;

    fn try_from(body: UpdateUser) -> Result<Self, UserError> {
        let email = body.email.as_deref().map(EmailAddress::parse);
        let display_name = body.display_name.as_deref().map(DisplayName::parse);
        Ok(Self {
            email: email.transpose()?,
            display_name: display_name.transpose()?,
        })
    }
}

impl UpdateMe {
    pub(super) fn display_name(&self) -> Result<Option<DisplayName>, UserError> {
        self.display_name
            .as_deref()
            .map(DisplayName::parse)
            .transpose()
    }
}

impl From<User> for UserView {
    fn from(it: User) -> Self {
        Self {
            id: it.id.0,
            email: it.email.as_str().to_owned(),
            display_name: it.display_name.as_str().to_owned(),
            status: it.status.into(),
            roles: it.roles.iter().map(ToString::to_string).collect(),
            created_at: it.created_at,
            updated_at: it.updated_at,
            version: it.version,
        }
    }
}

impl Resource for UserView {
    fn version(&self) -> Version {
        self.version
    }
}

impl From<Status> for StatusView {
    fn from(status: Status) -> Self {
        match status {
            Status::Pending => Self::Pending,
            Status::Active => Self::Active,
            Status::Deactivated => Self::Deactivated,
        }
    }
}

impl From<Rights> for PermissionsView {
    fn from(rights: Rights) -> Self {
        Self {
            permissions: rights.iter().map(Permission::name).collect(),
        }
    }
}

/// Makes `null` a fault: these fields cannot be cleared.
fn given<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    String::deserialize(input).map(Some)
}
