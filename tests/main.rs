//! Everything together, on the engine that `ASHLAR_TEST_DATABASE` names.

mod api;
mod repositories;
mod services;
