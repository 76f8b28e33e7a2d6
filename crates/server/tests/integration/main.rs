//! The program `ashlar` as an operator meets it: started in a folder of its own, with the settings of the test and
//! no others, on the engine that `ASHLAR_TEST_DATABASE` names.

#![expect(
    clippy::disallowed_methods,
    reason = "each test has a folder of its own, and waits for the programs it started"
)]

mod http;
mod lines;
mod place;
mod program;
mod server;
mod wire;

mod config;
mod cut_off;
mod describe;
mod fails;
mod first_start;
mod inbox;
mod keys;
mod logs;
mod migrate;
mod passwords;
mod readme;
mod revocations;
mod stop;
mod together;
mod users;
