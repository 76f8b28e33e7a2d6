use std::io::IsTerminal;
use std::sync::Arc;

use anyhow::Context;
use application::users::NewUser;
use application::{Error, System, SystemReason};
use domain::users::{DisplayName, EmailAddress};
use infrastructure::{Pools, SystemClock};
use secrecy::SecretString;

use super::arguments::{Password, Users};
use super::print;
use crate::compose;
use crate::keys::Keys;
use crate::serve::ensure_migrated;
use crate::settings::Settings;

pub(super) async fn execute(command: Users, settings: &Settings) -> anyhow::Result<()> {
    let pools = Pools::connect(&compose::database(&settings.database)).await?;
    ensure_migrated(&pools).await?;
    let clock = Arc::new(SystemClock::default());
    let ports = compose::ports(settings, &Keys::of(settings)?, pools.clone(), clock)?;
    let credentials = compose::credentials(settings, &ports);
    let by = System::acting(ports.ids.next(), SystemReason::CommandLine);
    match command {
        Users::CreateAdmin {
            email,
            name,
            password,
        } => {
            let new = NewUser {
                email: EmailAddress::parse(&email)?,
                display_name: DisplayName::parse(&name)?,
            };
            let password = password.read()?;
            let made = credentials
                .create_administrator(&by, new, &password)
                .await?;
            print(&format!(
                "{} is an administrator, with the id {}",
                made.email.as_str(),
                made.id.0
            ))?;
        }
        Users::SetPassword { email, password } => {
            let email = EmailAddress::parse(&email)?;
            let password = password.read()?;
            let set = credentials.set(&by, &email, &password).await;
            let user = set.map_err(|error| match error {
                Error::NotFound => anyhow::anyhow!("nobody has the address {}", email.as_str()),
                error => error.into(),
            })?;
            print(&format!(
                "{} has another password; every session has ended",
                user.email.as_str()
            ))?;
        }
    }
    pools.close().await;
    Ok(())
}

impl Password {
    #[expect(
        clippy::disallowed_methods,
        reason = "a command line may wait for a file"
    )]
    fn read(&self) -> anyhow::Result<SecretString> {
        let text = match &self.password_file {
            Some(file) => std::fs::read_to_string(file)
                .with_context(|| format!("cannot read {}", file.display()))?,
            None if std::io::stdin().is_terminal() => typed_twice()?,
            None => {
                std::io::read_to_string(std::io::stdin()).context("cannot read standard input")?
            }
        };
        let password = text.strip_suffix('\n').unwrap_or(&text);
        let password = password.strip_suffix('\r').unwrap_or(password);
        anyhow::ensure!(!password.is_empty(), "no password was given");
        anyhow::ensure!(!password.contains('\n'), "a password is one line");
        Ok(password.into())
    }
}

/// Nobody sees what they type, so they type it twice.
fn typed_twice() -> anyhow::Result<String> {
    let password = rpassword::prompt_password("Password: ")?;
    let again = rpassword::prompt_password("Once more: ")?;
    anyhow::ensure!(password == again, "the two are not the same");
    Ok(password)
}
