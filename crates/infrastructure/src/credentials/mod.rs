pub(crate) mod entity;
mod hasher;
mod memory_pool;
mod phc;
mod repository;

pub use hasher::{Argon2Hasher, HashingPolicy, HashingPolicyError};
