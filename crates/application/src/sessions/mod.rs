mod ending;
mod of_users;
mod ports;
mod refresh;
mod service;
mod step_up;
#[cfg(test)]
mod tests;

pub use ports::{
    AccessClaims, PublicKey, RefreshSecrets, SessionReader, SessionWriter, Standing, TokenSigner,
    Unverified,
};
#[cfg(test)]
pub(crate) use ports::{MockSessionReader, MockSessionWriter, MockTokenSigner};
pub use service::{AccessToken, SessionPolicy, Sessions, SignedIn};
