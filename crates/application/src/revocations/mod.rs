mod known;
mod ports;
mod service;
#[cfg(test)]
mod tests;

pub use known::{Judgement, KnownRevocations};
#[cfg(test)]
pub(crate) use ports::MockRevocationReader;
pub use ports::{FeedPosition, Published, RevocationReader};
pub use service::RevocationFeed;
