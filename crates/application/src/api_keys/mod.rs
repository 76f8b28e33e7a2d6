mod authenticate;
mod known;
mod ports;
mod service;
#[cfg(test)]
mod tests;
mod uses;

pub use known::KnownApiKeys;
pub(crate) use known::Reading;
pub use ports::{ApiKeyReader, ApiKeySecrets, ApiKeyStanding, ApiKeyWriter};
#[cfg(test)]
pub(crate) use ports::{MockApiKeyReader, MockApiKeyWriter};
pub use service::{ApiKeyPolicy, ApiKeys, IssuedApiKey, NewApiKey};
pub use uses::ApiKeyUses;
