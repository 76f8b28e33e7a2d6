//! What an operator may decide, as one typed value.
//!
//! Later wins: `config/default.toml` (compiled in), `{environment}.toml`, `.env` (development only),
//! variables `ASHLAR__SECTION__KEY`. `default.toml` is also the schema: what it does not have does not exist, and
//! its kinds are the kinds of all layers. figment merges and extracts; it stops at the first fault, so
//! everything an operator can get wrong is looked for before and after, and told at once.

mod body_limit;
mod database_url;
mod entry;
mod extract;
mod fault;
mod files;
mod kind;
mod mail;
mod origin;
mod ranges;
mod rules;
mod schema;
mod secrets;
mod sections;
mod shown;
mod sources;
#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "each test has its own files and may block"
)]
mod tests;
mod variables;

pub use body_limit::BodyLimit;
use entry::Entries;
use extract::Merged;
pub use fault::{Fault, SettingsError};
use schema::Schema;
pub use sections::{
    Cors, Database, Environment, Features, Limits, Log, LogFormat, Mail, MailLinks, MailTransport,
    Passwords, RegistrationMode, Security, Server, Settings, SmtpTls, Tokens,
};
pub use shown::{Loaded, Shown};
pub use sources::Sources;

impl Settings {
    /// Reads all layers and checks the outcome.
    ///
    /// # Errors
    /// Every fault of every source at once, so that an operator corrects them in one go. Only an environment that
    /// does not exist is told alone, because it decides which sources count.
    pub fn load(sources: &Sources) -> Result<Loaded, SettingsError> {
        let schema = Schema::compiled_in()?;
        let (environment, chosen) = variables::environment(&sources.environment)?;

        let mut entries = Entries::new(&schema);
        entries.add(chosen);
        let file = format!("{}.toml", environment.as_str());
        entries.read_file(&sources.config_dir.join(file));
        if environment == Environment::Development {
            entries.read_dotenv(&sources.dotenv);
        }
        entries.read_process(&sources.environment);

        let mut merged = Merged::of(entries);
        merged.check_ranges();
        let Some(settings) = merged.extract() else {
            return Err(merged.into_error());
        };
        merged.check_rules(&settings);
        merged.finish(settings)
    }
}
