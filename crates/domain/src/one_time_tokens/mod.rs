//! Secrets that somebody gets by mail and gives back once, to show that the mail reached them.

mod error;
mod one_time_token;

pub use error::OneTimeTokenError;
pub use one_time_token::{OneTimeToken, OneTimeTokenHash, TokenPurpose};
