//! HTTP in, JSON out.

mod access;
mod me;
mod users;
