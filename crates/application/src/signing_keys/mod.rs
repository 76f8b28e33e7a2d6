mod loader;
mod ports;
mod service;
#[cfg(test)]
mod tests;

pub use loader::KeyLoader;
pub use ports::{KeyRing, SigningKeyReader, SigningKeyWriter};
#[cfg(test)]
pub(crate) use ports::{MockKeyRing, MockSigningKeyReader, MockSigningKeyWriter};
pub use service::{Rotation, SigningKeyPolicy, SigningKeys};
