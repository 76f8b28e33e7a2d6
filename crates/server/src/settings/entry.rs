use figment::providers::Serialized;
use figment::value::{Dict, Map};
use figment::{Metadata, Profile, Provider};
use toml::Value;

use super::fault::Fault;
use super::schema::{ENVIRONMENT, Schema};

/// One key that one source sets: the smallest layer, so that figment knows the source of each value by itself.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) source: String,
}

impl Provider for Entry {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.source.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Serialized::default(&self.key, &self.value).data()
    }
}

/// What the sources say, in their order, and what is wrong with it. A faulty entry is left out, so that the rest can
/// still be judged. Files and variables each have their own way in.
pub(super) struct Entries<'a> {
    pub(super) schema: &'a Schema,
    pub(super) found: Vec<Entry>,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        Self {
            schema,
            found: schema.defaults().collect(),
            faults: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, entry: Entry) {
        self.found.push(entry);
    }

    pub(super) fn fault(&mut self, key: &str, source: &str, message: impl Into<String>) {
        self.faults.push(Fault::of_key(key, source, message));
    }

    /// `spelled` says how the source writes a key.
    pub(super) fn unknown(&mut self, key: &str, source: &str, spelled: impl Fn(&str) -> String) {
        let message = if key == ENVIRONMENT {
            "can only be set as a variable of the process, ASHLAR__ENVIRONMENT".to_owned()
        } else if let Some(nearest) = self.schema.nearest(key) {
            format!("is no key; did you mean `{}`?", spelled(nearest))
        } else {
            "is no key".to_owned()
        };
        self.fault(key, source, message);
    }
}
