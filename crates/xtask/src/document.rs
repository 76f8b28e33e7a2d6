//! The operations that the server offers, by its own word.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use cargo_metadata::Message;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::workspace::Workspace;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

pub(crate) fn operations(workspace: &Workspace) -> Result<BTreeSet<String>> {
    let program = server(workspace)?;
    let output = workspace
        .command(&program.to_string_lossy())
        .arg("openapi")
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(
        output.status.success(),
        "`ashlar openapi`: {}",
        output.status
    );
    operation_ids(&output.stdout)
}

/// Builds the server with the features that the tests already compiled its dependencies with (`cargo run` would choose
/// others, and compile them again), and tells where it is.
fn server(workspace: &Workspace) -> Result<PathBuf> {
    let output = workspace
        .cargo(&["build", "--workspace", "--bin", "ashlar", "--locked"])
        .args(["--quiet", "--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    ensure!(output.status.success(), "the server does not compile");
    let artifacts =
        Message::parse_stream(output.stdout.as_slice()).filter_map(|message| match message {
            Ok(Message::CompilerArtifact(artifact)) => artifact.executable,
            _ => None,
        });
    let program = artifacts.last().context("cargo built no server")?;
    Ok(program.into())
}

#[derive(Deserialize)]
struct Document {
    paths: Map<String, Value>,
}

fn operation_ids(document: &[u8]) -> Result<BTreeSet<String>> {
    let document: Document =
        serde_json::from_slice(document).context("`ashlar openapi` printed no OpenAPI document")?;
    let mut ids = BTreeSet::new();
    for (path, item) in &document.paths {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let id = operation["operationId"]
                    .as_str()
                    .with_context(|| format!("{method} {path} has no operationId"))?;
                ids.insert(id.to_owned());
            }
        }
    }
    // An empty document would make every later judgement true.
    ensure!(!ids.is_empty(), "the document names no operation");
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_are_found_beside_what_paths_share() {
        let document = json!({ "openapi": "3.1.0", "paths": { "/users/{id}": {
            "parameters": [],
            "get": { "operationId": "showUser" },
            "patch": { "operationId": "changeUser" },
        } } });

        let ids = operation_ids(document.to_string().as_bytes()).unwrap();

        assert_eq!(
            ids,
            BTreeSet::from(["changeUser".into(), "showUser".into()])
        );
    }

    #[test]
    fn an_operation_without_a_name_is_refused() {
        let document = json!({ "paths": { "/users": { "get": {} } } });

        let failure = operation_ids(document.to_string().as_bytes()).unwrap_err();

        assert_eq!(failure.to_string(), "get /users has no operationId");
    }

    #[test]
    fn a_document_without_operations_is_refused() {
        let failure = operation_ids(br#"{ "paths": {} }"#).unwrap_err();

        assert_eq!(failure.to_string(), "the document names no operation");
    }
}
