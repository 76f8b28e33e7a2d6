mod claims;
mod entity;
mod key;
mod repository;
mod signer;

pub use key::SignerError;
pub use signer::Es256Signer;
