use figment::Figment;
use figment::error::{Kind, OneOf};

use super::entry::Entries;
use super::fault::{Fault, SettingsError};
use super::ranges::RANGES;
use super::rules::{self, Broken};
use super::schema::{ENVIRONMENT, Schema};
use super::sections::Settings;
use super::shown::{Loaded, Shown};

/// All layers in one, and what was wrong on the way.
pub(super) struct Merged<'a> {
    schema: &'a Schema,
    figment: Figment,
    faults: Vec<Fault>,
}

impl<'a> Merged<'a> {
    pub(super) fn of(entries: Entries<'a>) -> Self {
        let layers = entries.found.into_iter();
        Self {
            schema: entries.schema,
            figment: layers.fold(Figment::new(), Figment::merge),
            faults: entries.faults,
        }
    }

    pub(super) fn check_ranges(&mut self) {
        for (key, range) in RANGES {
            let value = self.figment.extract_inner::<i64>(key);
            if value.is_ok_and(|value| !range.contains(&value)) {
                let message = format!("must be from {} to {}", range.start(), range.end());
                self.refuse(key, message);
            }
        }
    }

    /// figment stops at the first value that does not fit its type. So its default is put back and figment is
    /// asked again, until all are known. `None` only if a default itself does not fit.
    pub(super) fn extract(&mut self) -> Option<Settings> {
        let mut put_back = Vec::new();
        loop {
            let refused = match self.figment.extract() {
                Ok(settings) => return Some(settings),
                Err(refused) => refused,
            };
            let key = refused.path.join(".");
            let message = match refused.kind {
                // figment would repeat the value.
                Kind::UnknownVariant(_, known) => format!("must be {}", OneOf(known)),
                other => other.to_string(),
            };
            self.refuse(&key, message);
            if put_back.contains(&key) || self.schema.kind(&key).is_none() {
                return None;
            }
            put_back.push(key);
        }
    }

    pub(super) fn check_rules(&mut self, settings: &Settings) {
        for Broken { keys, message } in rules::broken(settings) {
            // A default stands in for what is at fault already: nobody needs to hear about that.
            if !keys.iter().any(|key| self.is_at_fault(key)) {
                let key = keys[0];
                let source = self.source(key);
                self.faults.push(Fault::of_key(key, source, message));
            }
        }
    }

    pub(super) fn finish(self, settings: Settings) -> Result<Loaded, SettingsError> {
        if !self.faults.is_empty() {
            return Err(self.into_error());
        }
        let keys = std::iter::once(ENVIRONMENT).chain(self.schema.keys());
        let shown = keys.filter_map(|key| {
            let value = self.figment.extract_inner(key).ok()?;
            Some(Shown::new(key, &value, self.source(key)))
        });
        Ok(Loaded {
            shown: shown.collect(),
            settings,
        })
    }

    pub(super) fn into_error(self) -> SettingsError {
        SettingsError {
            faults: self.faults,
        }
    }

    /// Takes note, and goes on with the default.
    fn refuse(&mut self, key: &str, message: String) {
        let fault = Fault::of_key(key, self.source(key), message);
        self.faults.push(fault);
        if let Some(default) = self.schema.defaults().find(|entry| entry.key == key) {
            self.figment = self.figment.clone().merge(default);
        }
    }

    fn source(&self, key: &str) -> String {
        let metadata = self.figment.find_metadata(key);
        metadata.map_or_else(String::new, |metadata| metadata.name.to_string())
    }

    fn is_at_fault(&self, key: &str) -> bool {
        self.faults
            .iter()
            .any(|fault| fault.key.as_deref() == Some(key))
    }
}
