//! `crates/autogenerate/examples/shop`, a project that is not Ashlar: copied, changed, built and driven as its README says.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test may block its own thread"
)]

mod branches;
mod decisions;
pub(crate) mod project;
mod tour;
