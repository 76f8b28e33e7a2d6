use domain::Version;
use domain::roles::{Permission, Rights, Role, RoleDescription, RoleId, RoleName};
use serde_json::{Value, json};
use uuid::Uuid;

/// A name that no role has yet.
#[must_use]
pub fn role_name() -> String {
    format!("r{}", Uuid::new_v4().simple())
}

/// The body of `createRole`, granting nothing.
#[must_use]
pub fn create_role() -> Value {
    json!({ "name": role_name(), "description": "Of a test", "permissions": [] })
}

/// A new role that grants these.
#[must_use]
pub fn role(permissions: &[Permission]) -> Role {
    let now = chrono::SubsecRound::trunc_subsecs(chrono::Utc::now(), 6);
    Role {
        id: RoleId(Uuid::now_v7()),
        name: RoleName::parse(&role_name()).expect("it has the form of a name"),
        description: RoleDescription::parse("Of a test").expect("it is one line"),
        rights: permissions.iter().copied().collect::<Rights>(),
        built_in: false,
        version: Version::FIRST,
        created_at: now,
        updated_at: now,
    }
}
