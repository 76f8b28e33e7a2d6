mod authenticate;
mod own;
mod uses;

use chrono::TimeDelta;
use domain::Version;
use domain::api_keys::{ApiKey, ApiKeyId, ApiKeyName};
use domain::roles::{Permission, Rights};

use crate::fakes::{CALLER, now, nth_id};

/// The name of the caller's key.
const KEY: ApiKeyId = ApiKeyId(uuid::Uuid::from_u128(0x4E4));

/// The secret that the fakes make.
const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn reading() -> Rights {
    Rights::from_iter([Permission::UsersRead])
}

fn name(text: &str) -> ApiKeyName {
    ApiKeyName::parse(text).unwrap()
}

/// The caller's, changed twice since it was made, and good for a month more.
fn key() -> ApiKey {
    let created_at = now() - TimeDelta::days(2);
    ApiKey {
        id: KEY,
        user_id: CALLER,
        name: name("CI"),
        scopes: reading(),
        version: Version(3),
        created_at,
        updated_at: created_at,
        expires_at: now() + TimeDelta::days(30),
        last_used_at: None,
    }
}

/// The same, of somebody else.
fn anothers() -> ApiKey {
    ApiKey {
        user_id: domain::users::UserId(nth_id(77)),
        ..key()
    }
}
