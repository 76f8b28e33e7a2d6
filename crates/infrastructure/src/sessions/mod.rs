mod claims;
pub(crate) mod entity;
mod key;
mod refresh_secrets;
pub(crate) mod refresh_token_entity;
mod refresh_tokens;
mod repository;
mod ring;
mod signer;
mod verified;

pub use key::SignerError;
pub use refresh_secrets::HmacRefreshSecrets;
pub use ring::SigningRing;
pub use signer::Es256Signer;
pub use verified::VerifiedTokens;
