mod assigning;
mod ports;
mod service;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use ports::{MockRoleReader, MockRoleWriter};
pub use ports::{RoleReader, RoleWriter};
pub use service::{NewRole, Roles};
