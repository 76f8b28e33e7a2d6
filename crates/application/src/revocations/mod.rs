mod known;
mod ports;
mod service;
#[cfg(test)]
mod tests;

pub use known::{Judgement, KnownRevocations};
pub use ports::{FeedPosition, Published, RevocationReader, RevocationWriter};
#[cfg(test)]
pub(crate) use ports::{MockRevocationReader, MockRevocationWriter};
pub use service::RevocationFeed;
