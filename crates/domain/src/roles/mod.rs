//! What somebody may do: permissions are a closed list, roles are rows that grant them.

mod permission;
mod role;

pub use permission::{
    AuditRead, Permission, Required, Rights, UsersActivate, UsersCreate, UsersDelete, UsersRead,
    UsersSessions, UsersUpdate,
};
pub use role::{RoleId, RoleInvalid, RoleName};
