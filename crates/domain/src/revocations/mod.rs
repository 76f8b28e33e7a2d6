//! What makes access tokens void before their time.

mod revocation;

pub use revocation::Revocation;
