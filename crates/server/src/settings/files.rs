use std::io::{self, ErrorKind};
use std::path::Path;

use toml::{Table, Value};

use super::entry::{Entries, Entry};
use super::fault::Fault;
use super::kind::Kind;
use super::schema::join;

impl Entries<'_> {
    /// A missing file sets nothing.
    pub(super) fn read_file(&mut self, path: &Path) {
        let source = path.display().to_string();
        let table = optional(path)
            .and_then(|text| text.map_or(Ok(Table::new()), |text| parse(&text, &source)));
        match table {
            Ok(table) => self.read_table("", table, &source),
            Err(fault) => self.faults.push(fault),
        }
    }

    fn read_table(&mut self, section: &str, table: Table, source: &str) {
        for (name, value) in table {
            let key = join(section, &name);
            match (value, self.schema.kind(&key)) {
                (value, Some(kind)) if Kind::of(&value) == Some(kind) => {
                    self.add(Entry {
                        key,
                        value,
                        source: source.to_owned(),
                    });
                }
                (_, Some(kind)) => self.fault(&key, source, kind.wanted()),
                (Value::Table(table), None) if self.schema.is_section(&key) => {
                    self.read_table(&key, table, source);
                }
                (_, None) if self.schema.is_section(&key) => {
                    self.fault(&key, source, format!("is a section: write [{key}]"));
                }
                (_, None) => self.unknown(&key, source, str::to_owned),
            }
        }
    }
}

/// `None` when there is no such file.
pub(super) fn optional(path: &Path) -> Result<Option<String>, Fault> {
    match read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let message = format!("cannot be read: {error}");
            Err(Fault::of_source(path.display().to_string(), message))
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "settings are read before the server starts, so nobody waits"
)]
pub(super) fn read(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

pub(super) fn parse(text: &str, source: &str) -> Result<Table, Fault> {
    text.parse::<Table>().map_err(|error| {
        // Only the line's number: the error as a whole quotes the line, which may hold a secret.
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.unwrap_or_default().matches('\n').count() + 1;
        Fault::of_source(source, format!("line {line}: {}", error.message()))
    })
}
