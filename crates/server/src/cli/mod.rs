//! The command line of `ashlar`.

mod arguments;
mod config;
mod describe;
mod keys;
mod migrate;
mod users;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use crate::settings::{Loaded, Settings, SettingsError, Sources};
use crate::{logs, serve};
use arguments::{Arguments, Command};

/// Does what the arguments say. Exit codes: 0 done, 1 it failed, 2 wrong usage or settings; and where the schema is
/// concerned, 2 no connection, 3 the history of migrations is broken, 4 refused.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match execute(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::from(code(&error))
        }
    }
}

fn code(error: &anyhow::Error) -> u8 {
    if error.is::<SettingsError>() || error.is::<migrate::Unreachable>() {
        return 2;
    }
    let of_migrations = error.downcast_ref::<sea_orm_migration_runner::Error>();
    of_migrations.map_or(1, sea_orm_migration_runner::Error::exit_code)
}

/// One line with the causes; faults of the settings, a line each.
fn tell(error: &anyhow::Error) {
    let mut errors = std::io::stderr().lock();
    // There is nobody left to tell when this fails.
    let _ = match error.downcast_ref::<SettingsError>() {
        Some(faults) => writeln!(errors, "ashlar: the settings are wrong:\n{faults}"),
        None => writeln!(errors, "ashlar: {error:#}"),
    };
}

fn execute(arguments: Arguments) -> anyhow::Result<()> {
    let load = || -> anyhow::Result<Loaded> {
        if let Some(folder) = &arguments.config_dir {
            anyhow::ensure!(folder.is_dir(), "there is no folder {}", folder.display());
        }
        let folder = arguments.config_dir.unwrap_or_else(|| "config".into());
        Ok(Settings::load(&Sources::of_process(folder)?)?)
    };
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Openapi => describe::openapi(),
        Command::Routes => describe::routes(),
        Command::Config(command) => config::execute(&command, &load()?),
        Command::Serve => {
            let settings = load()?.settings;
            logs::start(&settings.log)?;
            block_on(serve::serve(&settings))
        }
        Command::Migrate(command) => {
            let settings = load()?.settings;
            logs::start(&settings.log)?;
            block_on(migrate::execute(&command, &settings))
        }
        Command::Keys(command) => {
            let settings = load()?.settings;
            logs::start(&settings.log)?;
            block_on(keys::execute(&command, &settings))
        }
        Command::Users(command) => {
            let settings = load()?.settings;
            logs::start(&settings.log)?;
            block_on(users::execute(command, &settings))
        }
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    // Two providers could be linked in some day; which one serves is not left to chance.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?
        .block_on(work)
}

/// Writes to standard output. A reader that has gone (`| head`) has had enough, and that is fine.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
