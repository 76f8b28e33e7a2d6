//! HTTP in, JSON out.

mod users;
