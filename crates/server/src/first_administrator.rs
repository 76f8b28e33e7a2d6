//! A development server that nobody can sign in to would be of little use.

use std::io::Write;

use anyhow::Context;
use application::credentials::Credentials;
use application::users::NewUser;
use application::{Error, Ports, System, SystemReason};
use domain::users::{DisplayName, EmailAddress, UserError};
use infrastructure::random_secret;
use secrecy::ExposeSecret;

const EMAIL: &str = "admin@example.org";

/// Makes an administrator where nobody has an account yet, and prints the password, once, on the
/// terminal: it is kept nowhere else, and never reaches a log.
pub(crate) async fn ensure(ports: &Ports, credentials: &Credentials) -> anyhow::Result<()> {
    if !credentials.is_first_start().await? {
        return Ok(());
    }
    let password = random_secret()?;
    let by = System::acting(ports.ids.next(), SystemReason::FirstStart);
    let new = NewUser {
        email: EmailAddress::parse(EMAIL)?,
        display_name: DisplayName::parse("Administrator")?,
    };
    match credentials.create_administrator(&by, new, &password).await {
        Ok(_) => {}
        // Another server that started at the same moment was first, and has printed it.
        Err(Error::User(UserError::EmailTaken)) => return Ok(()),
        Err(error) => return Err(error).context("cannot make the first administrator"),
    }
    let mut terminal = std::io::stdout().lock();
    writeln!(
        terminal,
        "\nThe first administrator, shown this once:\n\n    e-mail    {EMAIL}\n    password  {}\n",
        password.expose_secret()
    )?;
    terminal.flush()?;
    Ok(())
}
