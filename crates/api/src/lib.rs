//! Ashlar over HTTP: handlers, request and response models, problems, and the edge around them.
//!
//! This crate sees no database and no cryptography:
//! ```
//! use ashlar_api::Problem;
//! ```
//! ```compile_fail,E0432
//! use sea_orm::DbErr;
//! ```
//! ```compile_fail,E0432
//! use sqlx::Error;
//! ```
//! ```compile_fail,E0432
//! use reqwest::Client;
//! ```
//! ```compile_fail,E0432
//! use aws_lc_rs::aead::LessSafeKey;
//! ```
//! ```compile_fail,E0432
//! use argon2::Argon2;
//! ```
//! ```compile_fail,E0432
//! use jsonwebtoken::Header;
//! ```
//! ```compile_fail,E0432
//! use ashlar_infrastructure::Store;
//! ```

mod admission;
mod answer;
mod api_keys;
mod app;
mod audit;
mod client_address;
mod cors;
mod credentials;
mod document;
mod edge;
mod email_changes;
mod extract;
mod framing;
mod gate;
mod meta;
mod one_time_tokens;
mod operations;
mod outbox;
mod page;
mod problem;
mod projects;
mod rate_limits;
mod registrations;
mod roles;
mod sessions;
mod shape;
mod tagged_bytes;
mod time;
mod trace_context;
mod unread;
mod users;

pub use app::{Api, ApiPolicy, app};
pub use document::document;
pub use framing::Connection;
pub use operations::{Operation, Operations};
pub use problem::Problem;
pub use rate_limits::{RateClass, RateLimits};
