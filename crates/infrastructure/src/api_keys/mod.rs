pub(crate) mod entity;
mod repository;
mod secrets;

pub use secrets::RandomApiKeySecrets;
