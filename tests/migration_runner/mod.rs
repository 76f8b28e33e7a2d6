//! The runner by itself, with migrations made for each test.

mod crashes;
mod failures;
mod foreign_keys;
mod history;
mod killed;
mod migrations;
mod races;
mod rebuilds;
mod waiting;
