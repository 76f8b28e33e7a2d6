use std::sync::Arc;

use application::signing_keys::Rotation;
use application::{System, SystemReason};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::signing_keys::{KeyState, SigningKey};
use infrastructure::{Pools, SystemClock};

use super::arguments;
use super::print;
use crate::compose;
use crate::keys::Keys;
use crate::serve::ensure_migrated;
use crate::settings::Settings;

pub(super) async fn execute(command: &arguments::Keys, settings: &Settings) -> anyhow::Result<()> {
    anyhow::ensure!(
        compose::keeps_keys(settings),
        "tokens.signing_key is set, so that key signs: take it out, and the servers keep keys in the database"
    );
    let pools = Pools::connect(&compose::database(&settings.database)).await?;
    ensure_migrated(&pools).await?;
    let clock = Arc::new(SystemClock::default());
    let ports = compose::ports(settings, &Keys::of(settings)?, pools.clone(), clock)?;
    let keys = compose::signing_keys(settings, &ports);
    let by = System::acting(ports.ids.next(), SystemReason::CommandLine);
    match command {
        arguments::Keys::List => {
            for (key, state) in keys.list(&by).await? {
                print(&line(&key, state))?;
            }
        }
        arguments::Keys::Rotate { at_once: true } => {
            let key = keys.replace(&by).await?;
            print(&format!(
                "{} signs, and every other key is gone: clients refresh their access tokens",
                key.key.kid
            ))?;
        }
        arguments::Keys::Rotate { at_once: false } => {
            let (key, what) = match keys.rotate(&by).await? {
                Rotation::Begun(key) => (key, "is published now"),
                Rotation::UnderWay(key) => (key, "was published before"),
            };
            let signs_from = time(key.signs_from);
            print(&format!(
                "{} {what}, and signs from {signs_from}",
                key.key.kid
            ))?;
        }
    }
    pools.close().await;
    Ok(())
}

fn line(key: &SigningKey, state: KeyState) -> String {
    let kid = &key.key.kid;
    match state {
        KeyState::Announced { signs_from } => {
            format!("{kid}  announced  signs from {}", time(signs_from))
        }
        KeyState::Signing { since } => format!("{kid}  signing    since {}", time(since)),
        KeyState::Verifying { until } => format!("{kid}  verifying  until {}", time(until)),
        KeyState::Retired => format!("{kid}  retired    about to be deleted"),
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
