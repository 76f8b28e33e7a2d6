//! How a role's values look in the document.

use domain::roles::{Permission, RoleDescription, RoleName};
use domain::users::User;
use serde_json::json;
use utoipa::openapi::schema::{ArrayBuilder, ArrayItems, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr};

use crate::shape::{Text, shape};

shape!(
    RoleNameShape,
    "RoleName",
    Text {
        meaning: "What a role is called, for good.",
        lengths: (1, RoleName::MAX),
        pattern: Some("^[a-z][a-z0-9_-]*$"),
        format: None,
        example: Some("member"),
    }
);

shape!(
    RoleDescriptionShape,
    "RoleDescription",
    Text {
        meaning: "What a role is for: one line, perhaps empty. Blanks around it do not count.",
        lengths: (0, RoleDescription::MAX),
        pattern: Some(r"^[^\u0000-\u001F\u007F-\u009F]*$"),
        format: None,
        example: Some("Looks after the accounts"),
    }
);

shape!(
    PermissionShape,
    "Permission",
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("What a role can grant; other values may come."))
        .enum_values(Some(Permission::ALL.iter().map(|it| it.name())))
        .examples(["users:read"])
);

shape!(
    RoleNamesShape,
    "RoleNames",
    list_of("RoleName")
        .description(Some("The names of roles; the order does not count."))
        .max_items(Some(User::MAX_ROLES))
        .examples([json!(["member"])])
);

shape!(
    PermissionsShape,
    "PermissionNames",
    list_of("Permission")
        .description(Some("The names of permissions; the order does not count."))
        .max_items(Some(MAX_PERMISSIONS))
        .examples([json!(["users:read"])])
);

/// As many as a set of rights can hold.
pub(crate) const MAX_PERMISSIONS: usize = 64;

fn list_of(model: &str) -> ArrayBuilder {
    let item = RefOr::Ref(Ref::from_schema_name(model));
    ArrayBuilder::new().items(ArrayItems::RefOrSchema(Box::new(item)))
}
