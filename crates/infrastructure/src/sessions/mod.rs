mod claims;
pub(crate) mod entity;
mod key;
mod repository;
mod signer;
mod verified;

pub use key::SignerError;
pub use signer::Es256Signer;
pub use verified::VerifiedTokens;
