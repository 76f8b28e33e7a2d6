//! `cargo migrate`: what developers and CI ask about entities and migrations.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    ashlar_migrate::project().main().await
}
