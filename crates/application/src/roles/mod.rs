mod ports;

#[cfg(test)]
pub(crate) use ports::{MockRoleReader, MockRoleWriter};
pub use ports::{RoleReader, RoleWriter};
