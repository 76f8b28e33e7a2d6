//! Brings `migrations.lock` up to the files: `cargo xtask seal`.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "runs on a developer's machine, and has nothing else to do"
)]

use std::path::Path;
use std::process::ExitCode;

use ashlar_migration::Migrator;
use sea_orm_migration_runner::seal;

/// `--rebase`, or the names of migrations whose edits are accepted.
fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match seal(&arguments) {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn seal(arguments: &[String]) -> Result<String, Box<dyn std::error::Error>> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = seal::sources::<Migrator>(&package.join("src"))?;
    let file = package.join("migrations.lock");
    let before = std::fs::read_to_string(&file)?;

    let after = match arguments {
        [only] if only == "--rebase" => seal::rebase(&before, &sources),
        accepted => seal::seal(&before, &sources, accepted),
    }?;

    if after == before {
        return Ok("There was nothing to do.".to_owned());
    }
    std::fs::write(&file, &after)?;
    let new = after
        .lines()
        .filter(|it| !before.lines().any(|old| old == *it));
    let new = new.filter(|it| !it.starts_with('#'));
    let names = new.filter_map(|it| Some(format!("sealed  {}", it.split_once(' ')?.0)));
    Ok(names.collect::<Vec<_>>().join("\n"))
}
