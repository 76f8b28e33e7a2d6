//! The operations that the server offers, and how each can end, by its own word.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::programs;
use crate::workspace::Workspace;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Each operation, with the ends that the document promises.
pub(crate) type Operations = BTreeMap<String, BTreeSet<End>>;

/// How a call ends: calls with the same status and problem code end the same way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    pub(crate) status: u16,
    pub(crate) code: Option<String>,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} {code}", self.status),
            None => self.status.fmt(f),
        }
    }
}

pub(crate) fn operations(workspace: &Workspace) -> Result<Operations> {
    read(&print(workspace)?)
}

/// The document as the server prints it.
pub(crate) fn print(workspace: &Workspace) -> Result<Vec<u8>> {
    let program = programs::server(workspace)?;
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
    Ok(output.stdout)
}

fn read(document: &[u8]) -> Result<Operations> {
    let document: Value =
        serde_json::from_slice(document).context("`ashlar openapi` printed no OpenAPI document")?;
    let mut operations = Operations::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let id = operation["operationId"]
                    .as_str()
                    .with_context(|| format!("{method} {path} has no operationId"))?;
                operations.insert(id.to_owned(), ends(&document, operation)?);
            }
        }
    }
    // An empty document would make every later judgement true.
    ensure!(!operations.is_empty(), "the document names no operation");
    Ok(operations)
}

fn ends(document: &Value, operation: &Value) -> Result<BTreeSet<End>> {
    let mut ends = BTreeSet::new();
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let status = status.parse().context("a status is a number")?;
        let response = resolve(document, response)?;
        let codes = |media_type: &str, member: &str| {
            let schema = &response["content"][media_type]["schema"];
            schema["allOf"][1]["properties"][member]["enum"].as_array()
        };
        let problems = codes("application/problem+json", "code");
        let of_oauth = codes("application/json", "error");
        if problems.or(of_oauth).is_none() {
            ends.insert(End { status, code: None });
        }
        for code in problems.into_iter().chain(of_oauth).flatten() {
            let code = code.as_str().map(str::to_owned);
            ends.insert(End { status, code });
        }
    }
    Ok(ends)
}

fn resolve<'a>(document: &'a Value, it: &'a Value) -> Result<&'a Value> {
    let Some(reference) = it["$ref"].as_str() else {
        return Ok(it);
    };
    let found = document.pointer(reference.trim_start_matches('#'));
    found.with_context(|| format!("{reference} leads nowhere"))
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

        let operations = read(document.to_string().as_bytes()).unwrap();

        let ids: Vec<_> = operations.keys().collect();
        assert_eq!(ids, ["changeUser", "showUser"]);
    }

    #[test]
    fn a_failure_ends_once_for_each_of_its_codes() {
        let problem =
            json!({ "allOf": [{}, { "properties": { "code": { "enum": ["a", "b"] } } }] });
        let document = json!({
            "paths": { "/users": { "get": { "operationId": "listUsers", "responses": {
                "200": { "content": { "application/json": {} } },
                "400": { "$ref": "#/components/responses/bad" },
            } } } },
            "components": { "responses": { "bad": {
                "content": { "application/problem+json": { "schema": problem } }
            } } }
        });

        let operations = read(document.to_string().as_bytes()).unwrap();

        let ends: Vec<_> = operations["listUsers"].iter().map(End::to_string).collect();
        assert_eq!(ends, ["200", "400 a", "400 b"]);
    }

    #[test]
    fn an_operation_without_a_name_is_refused() {
        let document = json!({ "paths": { "/users": { "get": {} } } });

        let failure = read(document.to_string().as_bytes()).unwrap_err();

        assert_eq!(failure.to_string(), "get /users has no operationId");
    }

    #[test]
    fn a_document_without_operations_is_refused() {
        let failure = read(br#"{ "paths": {} }"#).unwrap_err();

        assert_eq!(failure.to_string(), "the document names no operation");
    }
}
