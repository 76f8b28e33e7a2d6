use toml::Value;

use super::database_url;
use super::schema::SECRETS;
use super::sections::Settings;

/// Settings that passed every check, and where each came from.
#[derive(Debug)]
pub struct Loaded {
    pub settings: Settings,
    pub(super) shown: Vec<Shown>,
}

impl Loaded {
    /// What is in force, without the secrets: the environment first, then by key.
    #[must_use]
    pub fn show(&self) -> &[Shown] {
        &self.shown
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub key: String,
    /// `[redacted]` or `[not set]` for a secret.
    pub value: String,
    /// The file or the variable that says so.
    pub source: String,
}

impl Shown {
    pub(super) fn new(key: &str, value: &Value, source: String) -> Self {
        let value = match value {
            Value::String(url) if key == "database.url" => database_url::without_secrets(url),
            Value::String(secret) if SECRETS.contains(&key) && secret.is_empty() => {
                "[not set]".to_owned()
            }
            _ if SECRETS.contains(&key) => "[redacted]".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Self {
            key: key.to_owned(),
            value,
            source,
        }
    }
}
