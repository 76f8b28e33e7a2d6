//! What things cost, on the database of `ASHLAR_TEST_DATABASE`: `cargo xtask bench`. What is compared takes turns within one
//! run, so that a busy machine slows both.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to whoever typed its name"
)]

mod deliveries;
mod figures;
mod http;
mod process;
mod refreshes;
mod revocations;
mod sign_ins;
mod token_cache;

use std::pin::Pin;
use std::process::ExitCode;

type Benchmark = fn() -> Pin<Box<dyn Future<Output = ()>>>;

const BENCHMARKS: [(&str, Benchmark); 5] = [
    ("token_cache", || Box::pin(token_cache::run())),
    ("sign_ins", || Box::pin(sign_ins::run())),
    ("refreshes", || Box::pin(refreshes::run())),
    ("deliveries", || Box::pin(deliveries::run())),
    ("revocations", || Box::pin(revocations::run())),
];

/// The sizes that a server has unless somebody says otherwise; those of tests are smaller.
const AS_SHIPPED: [(&str, &str); 3] = [
    ("ASHLAR__SERVER__WORKERS", "0"),
    ("ASHLAR__DATABASE__READERS", "4"),
    ("ASHLAR__DATABASE__MAX_CONNECTIONS", "20"),
];

fn main() -> ExitCode {
    // Cargo adds `--bench`.
    let mut words = std::env::args().skip(1).filter(|it| it != "--bench");
    let only = match words.next() {
        Some(word) if word == process::SERVE => return server::cli::run(),
        Some(word) if BENCHMARKS.iter().all(|(name, _)| *name != word) => {
            let names = BENCHMARKS.map(|(name, _)| name).join(", ");
            eprintln!("there is no benchmark {word}; there are {names}");
            return ExitCode::from(2);
        }
        only => only,
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime needs nothing");
    for (name, run) in BENCHMARKS {
        if only.as_ref().is_none_or(|only| only == name) {
            runtime.block_on(run());
        }
    }
    ExitCode::SUCCESS
}

/// One line of the outcome.
fn say(line: std::fmt::Arguments<'_>) {
    println!("{line}");
}
