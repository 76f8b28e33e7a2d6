//! What somebody may do: permissions are a closed list, roles are rows that grant them.

mod error;
mod permission;
mod role;
mod role_name;

pub use error::RoleError;
pub use permission::{
    AuditRead, DeadLettersManage, DeadLettersRead, Permission, ProjectsReadAll, Required, Rights,
    RolesAssign, RolesManage, RolesRead, TokensIntrospect, UsersActivate, UsersCreate, UsersDelete,
    UsersRead, UsersSessions, UsersUpdate,
};
pub use role::{Role, RoleChange, RoleDescription, RoleId};
pub use role_name::{RoleInvalid, RoleName};
