use std::fmt;

/// Why the server does not start: all of it. One fault a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    pub faults: Vec<Fault>,
}

/// One thing to correct. It repeats no value, because that may be a secret in the wrong place; only the path of a
/// secret's file is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Such as `server.bind`; `None` when the source cannot be read at all.
    pub key: Option<String>,
    /// The file or the variable that says so.
    pub source: String,
    pub message: String,
}

impl Fault {
    pub(super) fn of_key(
        key: impl Into<String>,
        source: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            key: Some(key.into()),
            source: source.into(),
            message: message.into(),
        }
    }

    pub(super) fn of_source(source: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            key: None,
            source: source.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "{key}: {} ({})", self.message, self.source),
            None => write!(f, "{}: {}", self.source, self.message),
        }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.faults.iter().map(Fault::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for SettingsError {}

impl From<Fault> for SettingsError {
    fn from(fault: Fault) -> Self {
        Self {
            faults: vec![fault],
        }
    }
}
