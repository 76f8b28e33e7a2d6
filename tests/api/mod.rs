//! HTTP in, JSON out.

mod access;
mod connections;
mod cors;
mod edge;
mod failures;
mod framing;
mod input;
mod me;
mod meta;
mod problems;
mod sessions;
mod tokens;
mod users;
