//! HTTP in, JSON out.

mod access;
mod cors;
mod edge;
mod every_operation;
mod failures;
mod input;
mod me;
mod meta;
mod overload;
mod problems;
mod proxies;
mod rate_limits;
mod router;
mod sessions;
mod size_limits;
mod tokens;
mod users;
