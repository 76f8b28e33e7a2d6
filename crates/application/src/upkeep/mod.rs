mod ports;
mod service;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use ports::MockUpkeepWriter;
pub use ports::UpkeepWriter;
pub use service::{Batch, RetentionPolicy, Upkeep};
