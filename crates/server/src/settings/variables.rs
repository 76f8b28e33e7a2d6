use std::collections::BTreeMap;
use std::path::Path;

use toml::Value;

use super::entry::{Entries, Entry};
use super::fault::{Fault, SettingsError};
use super::files;
use super::schema::{ENVIRONMENT, SECRETS};
use super::sections::Environment;

const PREFIX: &str = "ASHLAR__";

/// Which environment this is. It is asked first, because it decides which sources count.
pub(super) fn environment(
    variables: &[(String, String)],
) -> Result<(Environment, Entry), SettingsError> {
    let mut said = variables
        .iter()
        .filter(|(name, _)| key_of(name).as_deref() == Some(ENVIRONMENT));
    let first = said.next();
    if let (Some((first, _)), Some((second, _))) = (first, said.next()) {
        return Err(Fault::of_key(ENVIRONMENT, second, twice(first)).into());
    }
    let environment = match first.map(|(_, value)| value.as_str()) {
        None | Some("development") => Environment::Development,
        Some("production") => Environment::Production,
        Some(_) => {
            let message = "must be `development` or `production`";
            return Err(Fault::of_key(ENVIRONMENT, variable(ENVIRONMENT), message).into());
        }
    };
    let source = first.map_or("not set", |(name, _)| name);
    let chosen = Entry {
        key: ENVIRONMENT.to_owned(),
        value: Value::from(environment.as_str()),
        source: source.to_owned(),
    };
    Ok((environment, chosen))
}

/// `ASHLAR__SERVER__BIND` is `server.bind`. `None` when the variable is not ours.
pub(super) fn key_of(name: &str) -> Option<String> {
    let (prefix, rest) = name.split_at_checked(PREFIX.len())?;
    prefix
        .eq_ignore_ascii_case(PREFIX)
        .then(|| rest.to_lowercase().replace("__", "."))
}

fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

fn twice(other: &str) -> String {
    format!("is set twice, also by {other}: keep one")
}

/// `tokens.signing_key_file` names the file of `tokens.signing_key`.
fn or_of_file(key: String) -> (String, bool) {
    match key.strip_suffix("_file") {
        Some(of_file) if SECRETS.contains(&of_file) => (of_file.to_owned(), true),
        _ => (key, false),
    }
}

impl Entries<'_> {
    pub(super) fn read_process(&mut self, variables: &[(String, String)]) {
        let ours = variables.iter().filter_map(|(name, value)| {
            let key = key_of(name).filter(|key| key != ENVIRONMENT)?;
            Some((key, name.clone(), value.clone()))
        });
        self.read_variables(ours);
    }

    /// Reads without touching the variables of the process, which belong to everybody in it.
    pub(super) fn read_dotenv(&mut self, path: &Path) {
        let source = path.display().to_string();
        let text = match files::optional(path) {
            Ok(text) => text.unwrap_or_default(),
            Err(fault) => return self.faults.push(fault),
        };
        let mut ours = Vec::new();
        for (entry, read) in (1..).zip(dotenvy::from_read_iter(text.as_bytes())) {
            match read {
                Ok((name, value)) => {
                    ours.extend(
                        key_of(&name).map(|key| (key, format!("{name} in {source}"), value)),
                    );
                }
                // The error quotes the line, which may hold a secret.
                Err(_) => self.faults.push(Fault::of_source(
                    &source,
                    format!("entry {entry} must be NAME=value, with both quotes or none"),
                )),
            }
        }
        self.read_variables(ours.into_iter());
    }

    /// Each is a key, where it comes from, and its text.
    fn read_variables(&mut self, variables: impl Iterator<Item = (String, String, String)>) {
        let mut seen = BTreeMap::new();
        for (key, source, text) in variables {
            let (key, from_file) = or_of_file(key);
            if let Some(other) = seen.insert(key.clone(), source.clone()) {
                self.fault(&key, &source, twice(&other));
            } else if from_file {
                self.read_secret(key, source, Path::new(&text));
            } else {
                self.read_text(key, source, &text);
            }
        }
    }

    fn read_secret(&mut self, key: String, source: String, path: &Path) {
        match files::read(path) {
            Ok(text) => self.add(Entry {
                key,
                // Editors and `echo` end a file with a new line; no secret does.
                value: Value::from(text.trim_end_matches(['\r', '\n'])),
                source,
            }),
            Err(error) => {
                let message = format!("cannot read {}: {error}", path.display());
                self.fault(&key, &source, message);
            }
        }
    }

    fn read_text(&mut self, key: String, source: String, text: &str) {
        match self.schema.kind(&key) {
            Some(kind) => match kind.parse(text) {
                Some(value) => self.add(Entry { key, value, source }),
                None => self.fault(&key, &source, kind.wanted()),
            },
            None if self.schema.is_section(&key) => {
                let message = format!("is a section: set one of its keys, {}__...", variable(&key));
                self.fault(&key, &source, message);
            }
            None => self.unknown(&key, &source, variable),
        }
    }
}
