//! Everything together, on the engine that `ASHLAR_TEST_DATABASE` names.

mod api;
mod architecture;
mod migrations;
mod repositories;
mod services;
