//! What integration tests stand on: an application of their own each, with a database, a port and
//! a clock that nobody else has.

#![expect(
    clippy::missing_panics_doc,
    reason = "all of it panics when it does not succeed: that is how a test fails"
)]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests have their own ids, times and files, and may wait for them"
)]

mod answer;
mod app;
mod at_once;
mod client;
mod clock;
mod contract;
mod database;
mod dead_letters;
pub mod factories;
mod faults;
mod hand_on;
mod mailer;
pub mod postgres;
mod raw;
mod record;
mod settings;
mod store;

pub use answer::Answer;
pub use app::{TestApp, origin};
pub use at_once::at_once;
pub use client::Client;
pub use clock::TestClock;
pub use contract::Contract;
pub use database::{Engine, TestDatabase};
pub use faults::{Fault, Faults, Place};
pub use mailer::{TestMailer, token};
pub use raw::RawRequest;
pub use settings::settings;
pub use store::{HeardSignals, TestStore};
