//! Which problems an operation can answer with: those that follow from its shape, so that nobody has
//! to remember them, and those that its handler lists.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::extract::{FORM, MAX_AGE};
use crate::operations::{API_KEY, schemes};
use crate::problem::{
    BAD_REQUEST, BODY_TIMED_OUT, Form, HEADERS_TOO_LARGE, IF_MATCH_REQUIRED, INSUFFICIENT_SCOPE,
    INSUFFICIENT_USER_AUTHENTICATION, INTERNAL, INVALID, INVALID_PARAMETER, INVALID_REQUEST,
    INVALID_TOKEN, Kind, MALFORMED_JSON, NOT_ACCEPTABLE, NOT_FOUND, OVERLOADED, RATE_LIMITED,
    SESSION_REQUIRED, STALE, TOO_LARGE, UNAUTHENTICATED, UNAVAILABLE, UNSUPPORTED_MEDIA_TYPE,
    URI_TOO_LONG, catalogue,
};

/// The extension in which a handler lists the codes of the problems that are its own.
const PROBLEMS: &str = "x-problems";

/// The kinds of one status.
type ByStatus = BTreeMap<u16, Vec<&'static Kind>>;

/// Lists an operation's failures, each as a reference to a response that [`define`] makes.
pub(super) fn add(operation: &mut Value, path: &str) {
    let kinds = common(operation, path).into_iter().chain(own(operation));
    for (status, kinds) in by_status(kinds) {
        let reference = format!("#/components/responses/{}", name(&kinds));
        operation["responses"][status.to_string()] = json!({ "$ref": reference });
    }
}

/// Makes the responses that operations refer to.
pub(super) fn define(document: &mut Value) {
    let mut responses = Map::new();
    for (_, _, operation) in super::operations(document) {
        let referred = operation["responses"].as_object().into_iter();
        for reference in referred.flat_map(Map::values) {
            let Some(name) = reference["$ref"]
                .as_str()
                .and_then(|it| it.rsplit('/').next())
            else {
                continue;
            };
            let kinds: Vec<_> = name.split('.').map(kind).collect();
            responses.insert(name.to_owned(), response(&kinds));
        }
    }
    document["components"]["responses"] = Value::Object(responses);
}

fn own(operation: &mut Value) -> Vec<&'static Kind> {
    let listed = operation
        .as_object_mut()
        .and_then(|members| members.remove(PROBLEMS));
    let listed = listed.as_ref().and_then(Value::as_array).into_iter();
    listed
        .flatten()
        .filter_map(Value::as_str)
        .map(kind)
        .collect()
}

fn kind(code: &str) -> &'static Kind {
    let found = catalogue().find(|it| it.code == code);
    found.unwrap_or_else(|| panic!("{code} is not in the catalogue of problems"))
}

fn by_status(kinds: impl Iterator<Item = &'static Kind>) -> ByStatus {
    let mut all = ByStatus::new();
    for kind in kinds {
        all.entry(kind.status).or_default().push(kind);
    }
    all
}

fn name(kinds: &[&Kind]) -> String {
    let codes: Vec<_> = kinds.iter().map(|it| it.code).collect();
    codes.join(".")
}

fn response(kinds: &[&Kind]) -> Value {
    let told: Vec<_> = kinds.iter().map(ToString::to_string).collect();
    let codes = |form| {
        let kinds = kinds.iter().filter(|it| it.form == form);
        kinds.map(|it| it.code).collect::<Vec<_>>()
    };
    let (problems, of_oauth) = (codes(Form::Problem), codes(Form::OAuth));
    let mut content = json!({ "application/problem+json": { "schema": { "allOf": [
        { "$ref": "#/components/schemas/Problem" },
        { "type": "object", "properties": {
            "status": { "type": "integer", "enum": [kinds[0].status] },
            "code": { "type": "string", "enum": problems },
        } },
    ] } } });
    if !of_oauth.is_empty() {
        content["application/json"] = json!({ "schema": { "allOf": [
            { "$ref": "#/components/schemas/OAuthError" },
            { "type": "object", "properties": {
                "error": { "type": "string", "enum": of_oauth },
            } },
        ] } });
    }
    json!({ "description": told.join("; "), "content": content })
}

fn common(operation: &Value, path: &str) -> Vec<&'static Kind> {
    let has_body = operation.get("requestBody").is_some();
    let has_form = operation["requestBody"]["content"].get(FORM).is_some();
    let is_secured = operation["security"] != json!([{}]);
    let mut all = vec![&INVALID_PARAMETER, &BAD_REQUEST];
    if has_body {
        all.extend([&BODY_TIMED_OUT, &TOO_LARGE, &UNSUPPORTED_MEDIA_TYPE]);
    }
    if has_body && !has_form {
        all.extend([&MALFORMED_JSON, &INVALID]);
    }
    if has_form {
        all.push(&INVALID_REQUEST);
    }
    if is_secured {
        all.extend([&UNAUTHENTICATED, &INVALID_TOKEN]);
    }
    if operation.get(MAX_AGE).is_some() {
        all.push(&INSUFFICIENT_USER_AUTHENTICATION);
    }
    if is_secured && !schemes(operation).any(|it| it == API_KEY) {
        all.push(&SESSION_REQUIRED);
    }
    if operation.get("x-permission").is_some() {
        all.push(&INSUFFICIENT_SCOPE);
    }
    if path.contains('{') {
        all.push(&NOT_FOUND);
    }
    if takes(operation, "header", "If-Match") {
        all.extend([&STALE, &IF_MATCH_REQUIRED]);
    }
    all.extend([&URI_TOO_LONG, &HEADERS_TOO_LARGE]);
    all.extend([
        &NOT_ACCEPTABLE,
        &RATE_LIMITED,
        &INTERNAL,
        &UNAVAILABLE,
        &OVERLOADED,
    ]);
    all
}

pub(super) fn takes(operation: &Value, place: &str, name: &str) -> bool {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let mut parameters = parameters.filter(|it| it["in"] == place);
    parameters.any(|it| it["name"] == name)
}
