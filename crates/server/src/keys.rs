//! The keys of this installation: from the settings, or in development made at the first start.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::Context;
use infrastructure::{NoRandomness, random_secret};
use secrecy::{ExposeSecret, SecretString};

use crate::settings::{Environment, Settings};

pub struct Keys {
    /// PKCS#8 PEM of the key that signs access tokens. Without it the database has the keys.
    pub signing_key: Option<SecretString>,
    /// What the other keys are derived from, and the keys of the database sealed with.
    pub master_key: SecretString,
    /// What they may have been sealed with, too.
    pub other_master_keys: Vec<SecretString>,
}

/// Where development keeps the key that it made.
const FOLDER: &str = "data/keys";

impl Keys {
    /// # Errors
    /// When development cannot keep the key that it makes.
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        let (tokens, security) = (&settings.tokens, &settings.security);
        let is_set = |it: &SecretString| !it.expose_secret().is_empty();
        let master_key = match settings.environment {
            _ if is_set(&security.master_key) => security.master_key.clone(),
            Environment::Development => {
                found_or_made(&Path::new(FOLDER).join("master.key"), random_secret)?
            }
            // The settings have refused it before; this is not the place to be lenient.
            Environment::Production => anyhow::bail!("production has no master key"),
        };
        Ok(Self {
            signing_key: Some(tokens.signing_key.clone()).filter(is_set),
            master_key,
            other_master_keys: security.other_master_keys(),
        })
    }
}

/// Several servers may start at once: the first to link its file into place wins, and all read it.
#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "runs before serving"
)]
fn found_or_made(
    path: &Path,
    make: impl FnOnce() -> Result<SecretString, NoRandomness>,
) -> anyhow::Result<SecretString> {
    let shown = path.display();
    if !path.exists() {
        let mut folder = fs::DirBuilder::new();
        let folder = folder.recursive(true).mode(0o700).create(FOLDER);
        folder.with_context(|| format!("cannot make the folder {FOLDER}"))?;
        let draft = path.with_extension(format!("{}.draft", std::process::id()));
        let mut file = fs::OpenOptions::new();
        file.write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)
            .and_then(|mut it| {
                let secret = make().map_err(std::io::Error::other)?;
                it.write_all(secret.expose_secret().as_bytes())?;
                it.sync_all()
            })
            .with_context(|| format!("cannot write {}", draft.display()))?;
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft).with_context(|| format!("cannot remove {}", draft.display()))?;
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(error).with_context(|| format!("cannot write {shown}"));
            }
            _ => {}
        }
    }
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
    Ok(text.into())
}
