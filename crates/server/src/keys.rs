//! The keys of this installation: from the settings, or in development made at the first start.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::Context;
use infrastructure::{Es256Signer, random_secret};
use secrecy::{ExposeSecret, SecretString};

use crate::settings::{Environment, Settings};

pub struct Keys {
    /// PKCS#8 PEM of the key that signs access tokens.
    pub signing_key: SecretString,
    /// What the other keys are derived from.
    pub master_key: SecretString,
}

/// Where development keeps the keys that it made.
const FOLDER: &str = "data/keys";

impl Keys {
    /// # Errors
    /// When development cannot keep the keys that it makes.
    pub fn of(settings: &Settings) -> anyhow::Result<Self> {
        let of = |secret: &SecretString, name: &str, make: fn() -> anyhow::Result<SecretString>| {
            match settings.environment {
                _ if !secret.expose_secret().is_empty() => Ok(secret.clone()),
                Environment::Development => found_or_made(&Path::new(FOLDER).join(name), make),
                // The settings have refused it before; this is not the place to be lenient.
                Environment::Production => anyhow::bail!("production has no {name}"),
            }
        };
        let (tokens, security) = (&settings.tokens, &settings.security);
        Ok(Self {
            signing_key: of(&tokens.signing_key, "signing.pem", || {
                Ok(Es256Signer::generate_pem()?)
            })?,
            master_key: of(&security.master_key, "master.key", || Ok(random_secret()?))?,
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
    make: impl FnOnce() -> anyhow::Result<SecretString>,
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
