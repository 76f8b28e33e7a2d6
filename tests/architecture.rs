//! What the compiler cannot hold by itself: which crate may know which, where things are, and what no source says.
//! Each table here is the rule; where a change is right and fails here, the table is what has to change.

#![expect(
    clippy::disallowed_methods,
    reason = "these tests read our own sources, and nobody waits for them"
)]

mod dependencies;
mod documents;
mod features;
mod layers;
mod manifests;
mod sources;
mod workspace;
