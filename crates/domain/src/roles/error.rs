use thiserror::Error;

use super::{RoleInvalid, RoleName};

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RoleError {
    #[error(transparent)]
    NameInvalid(#[from] RoleInvalid),
    #[error("a role's description has at most 200 visible characters on one line")]
    DescriptionInvalid,
    #[error("another role has this name")]
    NameTaken,
    #[error("built-in roles stay as they are")]
    BuiltIn,
    #[error("somebody has the role")]
    InUse,
    #[error("there is no role {0}")]
    Unknown(RoleName),
}
