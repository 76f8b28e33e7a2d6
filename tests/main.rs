//! Everything together, on the engine that `ASHLAR_TEST_DATABASE` names.

mod api;
mod architecture;
mod autogenerate;
mod migrations;
mod repositories;
mod schema;
mod services;
