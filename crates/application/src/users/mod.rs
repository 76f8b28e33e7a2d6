mod ports;
mod service;
pub(crate) mod target;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use ports::{MockUserReader, MockUserWriter};
pub use ports::{UserFilter, UserQuery, UserReader, UserSort, UserWriter};
pub(crate) use service::end_sessions;
pub use service::{Invited, NewUser, Users};
