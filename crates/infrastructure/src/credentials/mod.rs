pub(crate) mod entity;
mod guesses;
mod hasher;
mod memory_pool;
pub(crate) mod network_entity;
pub(crate) mod networks;
mod phc;
mod repository;

pub use guesses::{GuessLimits, LimitedGuesses};
pub use hasher::{Argon2Hasher, HashingPolicy, HashingPolicyError};
