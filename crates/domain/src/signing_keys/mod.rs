//! The keys that sign access tokens, as long as the database keeps them: announced, signing, verifying, gone.

mod key_set;
mod signing_key;

pub use key_set::{KeySet, KeyState};
pub use signing_key::{SealedKey, SigningKey, SigningKeyId};
