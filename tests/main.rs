//! Everything together, on the engine that `ASHLAR_TEST_DATABASE` names.

mod api;
mod architecture;
mod autogenerate;
mod example;
mod migration_runner;
mod migrations;
mod repositories;
mod schema;
mod services;
