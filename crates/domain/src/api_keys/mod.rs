//! Keys by which programs act for somebody, without a session.

mod api_key;
mod api_key_name;
mod api_key_token;
mod error;

pub use api_key::{ApiKey, ApiKeyChange, ApiKeyHash, ApiKeyId};
pub use api_key_name::ApiKeyName;
pub use api_key_token::ApiKeyToken;
pub use error::ApiKeyError;
