//! Being signed in.

mod error;
mod refresh_token;
mod session;

/// The only OAuth client: a public one, which has no secret.
pub const CLIENT: &str = "ashlar";

/// The only scope: everything that its user may do.
pub const SCOPE: &str = "full";

pub use error::SessionError;
pub use refresh_token::{RefreshSalt, RefreshToken, RefreshTokenHash, RefreshTokenState};
pub use session::{LiveSession, Session, SessionId, TokenVersion};
