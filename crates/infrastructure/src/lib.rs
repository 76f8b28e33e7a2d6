//! Ashlar's ports made real: SeaORM repositories, password hashing, tokens. SeaORM stays inside.
//!
//! ```
//! use ashlar_infrastructure::Pools;
//! ```
//! ```compile_fail,E0432
//! use actix_web::App;
//! ```
//! ```compile_fail,E0432
//! use utoipa::OpenApi;
//! ```
//! ```compile_fail,E0432
//! use ashlar_api::Problem;
//! ```

mod address_hash;
mod api_keys;
mod audit;
mod budgets;
mod clock;
mod credentials;
mod cursor;
mod database;
mod email_changes;
mod ids;
mod mail;
mod master_key;
mod one_time_tokens;
mod outbox;
mod projects;
mod random;
mod rate_limits;
mod registrations;
mod revocations;
mod roles;
pub mod schema;
mod seal;
mod sessions;
mod signing_keys;
mod upkeep;
mod users;

pub use api_keys::RandomApiKeySecrets;
pub use clock::SystemClock;
pub use credentials::{
    Argon2Hasher, GuessLimits, HashingPolicy, HashingPolicyError, LimitedGuesses,
};
pub use cursor::AeadCursorSeal;
pub use database::{ConnectError, DatabasePolicy, Pools, Store};
pub use ids::TimeOrderedIds;
pub use mail::{
    LimitedMail, MailLimits, MailLinks, MailPolicy, MailPolicyError, MailTransport, SmtpPolicy,
    SmtpTls, TemplateMailer,
};
pub use master_key::{MasterKey, MasterKeyTooShort, MasterKeys};
pub use one_time_tokens::RandomOneTimeSecrets;
pub use random::{NoRandomness, random_secret};
pub use rate_limits::InProcessRateLimiter;
pub use revocations::{RevocationPush, RevocationPushes};
pub use sessions::{Es256Signer, HmacRefreshSecrets, SignerError, SigningRing, VerifiedTokens};
