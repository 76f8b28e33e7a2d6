use std::process::ExitCode;

fn main() -> ExitCode {
    ashlar_server::cli::run()
}
