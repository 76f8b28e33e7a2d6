use chrono::TimeDelta;
use domain::sessions::{RefreshSalt, RefreshToken, RefreshTokenHash, Session, SessionId};
use domain::users::User;
use uuid::Uuid;

/// A session that began with the account and lasts a month.
#[must_use]
pub fn session(of: &User) -> Session {
    let id = SessionId(Uuid::now_v7());
    Session::begun(id, of.id, of.created_at, TimeDelta::days(30))
}

/// A token of the session that nobody has used, of random bytes.
#[must_use]
pub fn refresh_token(of: &Session) -> RefreshToken {
    let bytes = || {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(Uuid::new_v4().as_bytes());
        bytes
    };
    let (hash, salt) = (RefreshTokenHash(bytes()), RefreshSalt(bytes()));
    RefreshToken::issued(hash, salt, of, of.created_at, TimeDelta::days(14))
}
