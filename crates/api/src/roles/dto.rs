use std::collections::BTreeSet;

use application::roles::NewRole;
use chrono::{DateTime, Utc};
use domain::Version;
use domain::roles::{Permission, Rights, Role, RoleChange, RoleDescription, RoleError, RoleName};
use domain::users::User;
use garde::Validate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{valid_description, valid_name, valid_permission};
use super::shapes::{
    MAX_PERMISSIONS, PermissionShape, PermissionsShape, RoleDescriptionShape, RoleNameShape,
    RoleNamesShape,
};
use crate::answer::Resource;

/// A role to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct CreateRole {
    /// What to call it, for good.
    #[garde(custom(valid_name))]
    #[schema(value_type = RoleNameShape)]
    name: String,
    /// What it is for.
    #[serde(default)]
    #[garde(custom(valid_description))]
    #[schema(value_type = RoleDescriptionShape, required = false)]
    description: String,
    /// What it grants: nothing that you may not do yourself.
    #[garde(length(max = MAX_PERMISSIONS), inner(custom(valid_permission)))]
    #[schema(value_type = PermissionsShape)]
    permissions: Vec<String>,
}

/// What is to be different about a role; what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct UpdateRole {
    /// What it is for.
    #[serde(default, deserialize_with = "given")]
    #[garde(inner(custom(valid_description)))]
    #[schema(value_type = Option<RoleDescriptionShape>, nullable = false)]
    description: Option<String>,
    /// Everything that it grants from now on.
    #[serde(default, deserialize_with = "given")]
    #[garde(inner(length(max = MAX_PERMISSIONS), inner(custom(valid_permission))))]
    #[schema(value_type = Option<PermissionsShape>, nullable = false)]
    permissions: Option<Vec<String>>,
}

/// What somebody is to have.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub(crate) struct AssignRoles {
    /// The names of all their roles from now on.
    #[garde(length(max = User::MAX_ROLES), inner(custom(valid_name)))]
    #[schema(value_type = RoleNamesShape)]
    roles: Vec<String>,
}

/// What people can be given.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub(crate) struct RoleView {
    /// What the role is called by programs, for good.
    #[schema(example = "01936f5e-8c00-7000-8000-000000000000")]
    id: Uuid,
    #[schema(value_type = RoleNameShape)]
    name: String,
    #[schema(value_type = RoleDescriptionShape)]
    description: String,
    /// What it grants.
    #[schema(value_type = Vec<PermissionShape>)]
    permissions: Vec<&'static str>,
    /// Whether it stays as it is, for the product relies on it.
    built_in: bool,
    /// When it was made.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    created_at: DateTime<Utc>,
    /// When anything above was changed.
    #[schema(example = "2026-01-31T09:30:00.000000Z")]
    updated_at: DateTime<Utc>,
    #[serde(skip)]
    version: Version,
}

/// Everything that there is to grant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PermissionCatalogue)]
pub(crate) struct PermissionCatalogueView {
    /// In the order of the features.
    permissions: Vec<PermissionView>,
}

/// Something that a role can grant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PermissionEntry)]
struct PermissionView {
    #[schema(value_type = PermissionShape)]
    name: &'static str,
    /// What it allows, for people.
    #[schema(example = "See every account.")]
    allows: &'static str,
}

impl PermissionCatalogueView {
    pub(super) fn of_all() -> Self {
        let all = Permission::ALL.iter().map(|it| PermissionView {
            name: it.name(),
            allows: it.allows(),
        });
        Self {
            permissions: all.collect(),
        }
    }
}

impl TryFrom<CreateRole> for NewRole {
    type Error = RoleError;

    fn try_from(body: CreateRole) -> Result<Self, RoleError> {
        Ok(Self {
            name: RoleName::parse(&body.name)?,
            description: RoleDescription::parse(&body.description)?,
            rights: rights(&body.permissions),
        })
    }
}

impl TryFrom<UpdateRole> for RoleChange {
    type Error = RoleError;

    fn try_from(body: UpdateRole) -> Result<Self, RoleError> {
        let description = body.description.as_deref().map(RoleDescription::parse);
        Ok(Self {
            description: description.transpose()?,
            rights: body.permissions.as_deref().map(rights),
        })
    }
}

impl TryFrom<AssignRoles> for BTreeSet<RoleName> {
    type Error = RoleError;

    fn try_from(body: AssignRoles) -> Result<Self, RoleError> {
        let names = body.roles.iter().map(|it| RoleName::parse(it));
        Ok(names.collect::<Result<_, _>>()?)
    }
}

impl From<Role> for RoleView {
    fn from(it: Role) -> Self {
        Self {
            id: it.id.0,
            name: it.name.as_str().to_owned(),
            description: it.description.as_str().to_owned(),
            permissions: it.rights.iter().map(Permission::name).collect(),
            built_in: it.built_in,
            created_at: it.created_at,
            updated_at: it.updated_at,
            version: it.version,
        }
    }
}

impl Resource for RoleView {
    fn version(&self) -> Version {
        self.version
    }
}

/// Of names that were judged already.
pub(crate) fn rights(names: &[String]) -> Rights {
    let permissions = names.iter().filter_map(|it| Permission::parse(it));
    permissions.collect()
}

/// Makes `null` a fault: these fields cannot be cleared.
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    input: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(input).map(Some)
}
