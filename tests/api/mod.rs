//! HTTP in, JSON out, and the few pages for people.

mod access;
mod compression;
mod cors;
mod docs;
mod edge;
mod every_operation;
mod failures;
mod input;
mod me;
mod meta;
mod problem_pages;
mod problems;
mod router;
mod sessions;
mod tokens;
mod users;
