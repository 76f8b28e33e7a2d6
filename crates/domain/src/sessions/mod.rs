//! Being signed in.

mod error;
mod session;

pub use error::SessionError;
pub use session::{Session, SessionId, TokenVersion};
