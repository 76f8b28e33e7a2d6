//! The runner by itself, with migrations made for each test.

mod crashes;
mod failures;
mod history;
mod migrations;
mod races;
mod waiting;
