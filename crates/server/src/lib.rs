//! The outermost layer: settings, composition, serving, and the command line of `ashlar`.

pub mod api_keys;
pub mod background;
pub mod cli;
pub mod compose;
pub mod keys;
pub mod revocations;
pub mod serve;
pub mod settings;
pub mod signing_keys;

mod connection;
mod delivery;
mod first_administrator;
mod inbox;
mod logs;
mod upkeep;
