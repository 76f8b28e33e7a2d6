mod checks;
mod faults;
mod layers;
mod redaction;
mod schema;

use tempfile::TempDir;

use super::{Loaded, Settings, SettingsError, Sources};

const MASTER_KEY: &str = "vJ0q9XkB2mHnT5wRz7LcYdE4uGsA1fPo";

/// A folder of its own for the files, and the variables.
struct Place {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            variables: Vec::new(),
        }
    }

    /// Everything that production asks for.
    fn in_production() -> Self {
        Self::new()
            .variable("ASHLAR__ENVIRONMENT", "production")
            .variable("ASHLAR__SERVER__PUBLIC_URL", "https://api.ashlar.test")
            .variable("ASHLAR__TOKENS__SIGNING_KEY", &signing_key())
            .variable("ASHLAR__SECURITY__MASTER_KEY", MASTER_KEY)
            .variable("ASHLAR__MAIL__TRANSPORT", "smtp")
            .variable("ASHLAR__MAIL__FROM", "noreply@ashlar.test")
            .variable("ASHLAR__MAIL__SMTP_HOST", "mail.ashlar.test")
            .variable(
                "ASHLAR__MAIL__LINKS__PASSWORD_RESET",
                "https://app.ashlar.test/reset#{token}",
            )
            .variable(
                "ASHLAR__MAIL__LINKS__INVITATION",
                "https://app.ashlar.test/invitation#{token}",
            )
            .variable(
                "ASHLAR__MAIL__LINKS__EMAIL_CHANGE",
                "https://app.ashlar.test/address#{token}",
            )
            .variable(
                "ASHLAR__MAIL__LINKS__EMAIL_CHANGE_CANCEL",
                "https://app.ashlar.test/keep-address#{token}",
            )
    }

    fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.folder.path().join(name), text).unwrap();
        self
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// A second time replaces the first.
    fn variable(self, name: &str, value: &str) -> Self {
        self.without(name).also(name, value)
    }

    fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self
    }

    fn also(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn load(&self) -> Result<Loaded, SettingsError> {
        Settings::load(&Sources {
            config_dir: self.folder.path().to_owned(),
            dotenv: self.folder.path().join(".env"),
            environment: self.variables.clone(),
        })
    }

    fn settings(&self) -> Settings {
        self.load().unwrap().settings
    }

    /// The faults as lines, with the folder left out of the paths.
    fn faults(&self) -> Vec<String> {
        let error = self.load().unwrap_err().to_string();
        let folder = format!("{}/", self.folder.path().display());
        error
            .replace(&folder, "")
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

/// Looks like a key; what it opens is not the business of settings.
fn signing_key() -> String {
    let body = "MIGHAgEAMBMGByqGSM49".repeat(6);
    format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")
}
