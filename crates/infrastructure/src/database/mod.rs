//! Connections, transactions, and what becomes of a database's errors.

mod connect;
mod deadline;
mod failure;
mod hold;
mod only;
mod page;
mod store;

pub use connect::{ConnectError, DatabasePolicy, Pools};
pub(crate) use failure::{corrupt, failed};
pub(crate) use hold::hold;
pub(crate) use only::only;
pub(crate) use page::{cut, position_in_time, time_of};
pub(crate) use store::Held;
pub use store::Store;
