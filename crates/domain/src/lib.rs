//! What Ashlar is about: values that are valid because they exist, and the rules that need
//! nothing but themselves. No I/O, no framework, no clock.
//!
//! This crate sees neither the web nor the database:
//! ```
//! use ashlar_domain::users::EmailAddress;
//! ```
//! ```compile_fail,E0432
//! use actix_web::App;
//! ```
//! ```compile_fail,E0432
//! use sea_orm::DbErr;
//! ```
//! ```compile_fail,E0432
//! use serde::Serialize;
//! ```
//! ```compile_fail,E0432
//! use ashlar_application::Error;
//! ```

pub mod api_keys;
pub mod audit;
pub mod credentials;
pub mod email_changes;
pub mod one_time_tokens;
pub mod outbox;
pub mod projects;
pub mod registrations;
pub mod revocations;
pub mod roles;
pub mod sessions;
pub mod signing_keys;
mod text;
pub mod upkeep;
pub mod users;
mod version;

pub use version::Version;
