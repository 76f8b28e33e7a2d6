//! HTTP in, JSON out, and the few pages for people.

mod access;
mod compression;
mod connections;
mod cors;
mod docs;
mod edge;
mod every_operation;
mod failures;
mod framing;
mod input;
mod me;
mod meta;
mod my_sessions;
mod overload;
mod problem_pages;
mod problems;
mod proxies;
mod rate_limits;
mod refresh;
mod revocations;
mod router;
mod sessions;
mod size_limits;
mod tokens;
mod users;
