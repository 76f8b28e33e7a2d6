use toml::{Table, Value};

use super::entry::Entry;
use super::fault::Fault;
use super::files;
use super::kind::Kind;

pub(super) const DEFAULT: &str = include_str!("../../../../config/default.toml");
const SOURCE: &str = "default.toml";

/// Not in the schema: it decides which layers there are, so no layer can hold it.
pub(super) const ENVIRONMENT: &str = "environment";

/// The keys that are never shown and may be read from a file of their own.
pub(super) const SECRETS: [&str; 4] = [
    "database.url",
    "tokens.signing_key",
    "security.master_key",
    "security.other_master_keys",
];

/// Every key there is, with its kind and default, in the order of their names.
pub(super) struct Schema {
    keys: Vec<(String, Kind, Value)>,
}

impl Schema {
    /// # Errors
    /// Never in a released server: a test loads it.
    pub(super) fn compiled_in() -> Result<Self, Fault> {
        let mut schema = Self { keys: Vec::new() };
        schema.collect("", files::parse(DEFAULT, SOURCE)?)?;
        Ok(schema)
    }

    fn collect(&mut self, section: &str, table: Table) -> Result<(), Fault> {
        for (name, value) in table {
            let key = join(section, &name);
            if let Value::Table(table) = value {
                self.collect(&key, table)?;
            } else if let Some(kind) = Kind::of(&value) {
                self.keys.push((key, kind, value));
            } else {
                return Err(Fault::of_key(
                    key,
                    SOURCE,
                    "has no kind that a key may have",
                ));
            }
        }
        Ok(())
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(key, ..)| key.as_str())
    }

    pub(super) fn kind(&self, key: &str) -> Option<Kind> {
        let found = self.keys.iter().find(|(known, ..)| known == key);
        found.map(|(_, kind, _)| *kind)
    }

    pub(super) fn is_section(&self, name: &str) -> bool {
        self.sections().any(|section| section == name)
    }

    /// The lowest layer.
    pub(super) fn defaults(&self) -> impl Iterator<Item = Entry> {
        self.keys.iter().map(|(key, _, value)| Entry {
            key: key.clone(),
            value: value.clone(),
            source: SOURCE.to_owned(),
        })
    }

    /// What was probably meant, if a third of the letters or fewer are different.
    pub(super) fn nearest(&self, key: &str) -> Option<&str> {
        let names = self.keys().chain(self.sections()).chain([ENVIRONMENT]);
        names
            .map(|name| (distance(key, name), name))
            .min()
            .filter(|(distance, _)| distance * 3 <= key.chars().count())
            .map(|(_, name)| name)
    }

    fn sections(&self) -> impl Iterator<Item = &str> {
        let sections = self.keys().filter_map(|key| key.split_once('.'));
        sections.map(|(section, _)| section)
    }
}

pub(super) fn join(section: &str, name: &str) -> String {
    if section.is_empty() {
        name.to_owned()
    } else {
        format!("{section}.{name}")
    }
}

/// How many letters must be put in, taken out or exchanged (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in to.chars().enumerate() {
            let exchanged = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.chars().count()]
}
