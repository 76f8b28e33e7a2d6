use crate::Version;
use crate::api_keys::ApiKeyId;
use crate::roles::RoleId;
use crate::sessions::{SessionId, TokenVersion};
use crate::users::UserId;

/// Something that has happened since tokens were signed, and that they cannot tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// The session has ended, and its tokens with it.
    Session(SessionId),
    /// The user's tokens of older versions are void.
    Tokens { user: UserId, below: TokenVersion },
    /// The role does not grant what it granted.
    Role(RoleId),
    /// The API key is not any more what it was in older versions, or is gone.
    ApiKey { key: ApiKeyId, below: Version },
}
