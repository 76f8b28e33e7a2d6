use std::ffi::OsString;
use std::path::PathBuf;

use super::fault::{Fault, SettingsError};
use super::variables;

/// Where settings come from. It has no `Debug`, because the variables hold secrets.
pub struct Sources {
    /// The folder of `development.toml` and `production.toml`; either may be missing.
    pub config_dir: PathBuf,
    /// Read in development, if it is there.
    pub dotenv: PathBuf,
    /// Variables by name; what does not begin with `ASHLAR__` is not ours.
    pub environment: Vec<(String, String)>,
}

impl Sources {
    /// The variables of this process, and the `.env` of the folder it runs in.
    ///
    /// # Errors
    /// A variable of ours is not UTF-8.
    pub fn of_process(config_dir: PathBuf) -> Result<Self, SettingsError> {
        Ok(Self {
            config_dir,
            dotenv: PathBuf::from(".env"),
            environment: readable(std::env::vars_os())?,
        })
    }
}

/// Our variables as text. Those of others may be what they like.
pub(super) fn readable(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Vec<(String, String)>, SettingsError> {
    let mut ours = Vec::new();
    let mut faults = Vec::new();
    for (name, value) in variables {
        let shown = name.to_string_lossy().into_owned();
        if variables::key_of(&shown).is_none() {
            continue;
        }
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => ours.push((name, value)),
            _ => faults.push(Fault::of_source(shown, "is not valid UTF-8")),
        }
    }
    if faults.is_empty() {
        Ok(ours)
    } else {
        Err(SettingsError { faults })
    }
}
