//! The calls that the integration tests sent: a folder of files with one JSON object a line.
#![expect(
    clippy::disallowed_methods,
    reason = "this program does one thing at a time, and may wait for a file"
)]

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Call {
    /// The document's name for it; none where the request met no operation.
    pub(crate) operation: Option<String>,
    pub(crate) status: u16,
    /// The problem's code, where the answer was one.
    pub(crate) code: Option<String>,
}

pub(crate) fn read(folder: &Path) -> Result<Vec<Call>> {
    let mut calls = Vec::new();
    let context = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(context)? {
        let file = entry.with_context(context)?.path();
        let text = fs::read_to_string(&file).with_context(context)?;
        for (line, number) in text.lines().zip(1..) {
            let call = serde_json::from_str(line)
                .with_context(|| format!("{}, line {number}: not a call", file.display()))?;
            calls.push(call);
        }
    }
    Ok(calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_file_is_a_call() {
        let folder = tempfile::tempdir().unwrap();
        let first = r#"{"operation":"createUser","status":201,"code":null}"#;
        let second = r#"{"operation":null,"status":404,"code":"not_found"}"#;
        fs::write(folder.path().join("1"), format!("{first}\n{second}\n")).unwrap();
        fs::write(folder.path().join("2"), format!("{second}\n")).unwrap();

        let calls = read(folder.path()).unwrap();

        assert_eq!(calls.len(), 3);
        assert!(calls.contains(&Call {
            operation: Some("createUser".into()),
            status: 201,
            code: None,
        }));
    }

    #[test]
    fn a_broken_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("calls"), "{}\n").unwrap();

        let failure = read(folder.path()).unwrap_err().to_string();

        assert!(failure.ends_with("calls, line 1: not a call"), "{failure}");
    }
}
