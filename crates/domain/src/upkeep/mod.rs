//! What is deleted when its time is over.

mod leftover;

pub use leftover::Leftover;
