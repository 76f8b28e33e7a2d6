mod ending;
mod ports;
mod refresh;
mod service;
#[cfg(test)]
mod tests;

pub use ports::{
    AccessClaims, PublicKey, RefreshSecrets, SessionReader, SessionWriter, Standing, TokenSigner,
};
#[cfg(test)]
pub(crate) use ports::{MockSessionReader, MockSessionWriter, MockTokenSigner};
pub use service::{AccessToken, SessionPolicy, Sessions, SignedIn};
