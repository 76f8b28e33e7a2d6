//! Ashlar's use cases, and the ports that they need: traits that `infrastructure` makes real.
//!
//! This crate sees neither the web nor the database:
//! ```
//! use ashlar_application::Database;
//! ```
//! ```compile_fail,E0432
//! use actix_web::App;
//! ```
//! ```compile_fail,E0432
//! use sea_orm::DbErr;
//! ```
//! ```compile_fail,E0432
//! use ashlar_infrastructure::Store;
//! ```
//! ```compile_fail,E0432
//! use ashlar_api::Problem;
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
pub mod upkeep;
pub mod users;

mod actor;
mod clock;
mod database;
mod error;
mod expected;
#[cfg(test)]
mod fakes;
mod ids;
mod page;
mod permit;
mod rate_limits;
mod recent_actor;
mod services;
mod signal;
mod system;

pub use actor::{Actor, ActorCredential, Cause, Origin, SessionActor};
pub use clock::Clock;
pub use database::{Database, Reads, StoreError, Transaction, Unique};
pub use error::Error;
pub use expected::Expected;
pub use ids::Ids;
pub use page::{CursorSeal, Direction, Page, PageRequest, Position};
pub use permit::Permit;
pub use rate_limits::{Allowance, RateLimit, RateLimitKey, RateLimiter, RateLimiterError};
pub use recent_actor::RecentActor;
pub use services::{Ports, Services};
pub use signal::{Signal, SignalListener};
pub use system::{System, SystemReason};
