//! HTTP in, JSON out.

mod access;
mod compression;
mod cors;
mod edge;
mod every_operation;
mod failures;
mod input;
mod me;
mod meta;
mod problems;
mod router;
mod sessions;
mod tokens;
mod users;
