//! A shop's entities.

pub mod product;
pub mod supplier;
