//! Where log lines go: standard error, as text for people or as JSON for machines.

use std::io::IsTerminal;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::settings::{Log, LogFormat};

/// # Errors
/// When `log.filter` is no filter.
pub(crate) fn start(settings: &Log) -> anyhow::Result<()> {
    let filter = filter(settings)?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Text => lines.compact().try_init(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init(),
    };
    started.map_err(|_| anyhow::anyhow!("the log has been started already"))?;
    std::panic::set_hook(Box::new(panicked));
    Ok(())
}

/// One line like any other, and where it was, but not what it said: that may hold somebody's data.
fn panicked(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    tracing::error!(place, "a thread panicked");
}

/// # Errors
/// When `log.filter` is no filter.
pub(crate) fn filter(settings: &Log) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(&settings.filter)
        .context("log.filter is no list such as info or info,ashlar=debug")
}
