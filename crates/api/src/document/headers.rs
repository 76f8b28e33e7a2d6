//! The headers of answers, which follow from their status and their model.

use serde_json::{Map, Value, json};

use super::failures::takes;

pub(super) fn add(document: &mut Value) {
    document["components"]["headers"] = json!({
        "X-Request-Id": {
            "description": "The id of the request: the client's own, if it sent a UUID.",
            "required": true,
            "schema": { "type": "string", "format": "uuid" }
        },
        "ETag": {
            "description": "The version, for If-Match and If-None-Match (RFC 9110).",
            "required": true,
            "schema": { "type": "string", "pattern": "^(W/)?\"[!#-~]*\"$" }
        },
        "Location": {
            "description": "Where it is from now on.",
            "required": true,
            "schema": { "type": "string", "format": "uri" }
        },
        "Link": {
            "description": "The next page, if there is one, with rel=\"next\" (RFC 8288).",
            "schema": { "type": "string" }
        },
        "WWW-Authenticate": {
            "description": "How to show who you are (RFC 6750, section 3).",
            "required": true,
            "schema": { "type": "string" }
        },
        "WWW-Authenticate-If-Any": {
            "description": "The permission that is missing, if that is why (RFC 6750, section 3).",
            "schema": { "type": "string" }
        },
        "RateLimit-Policy": {
            "description": "The limit that the request counted for, if there is one: so many (q) at once, and all of \
                            them again within so many seconds (w) \
                            (draft-ietf-httpapi-ratelimit-headers-11).",
            "schema": { "type": "string", "pattern": "^\"[a-z_]+\";q=[0-9]+;w=[0-9]+$" }
        },
        "RateLimit": {
            "description": "How many are left (r), and after how many seconds (t) all of them are there again; after a \
                            429, the next one.",
            "schema": { "type": "string", "pattern": "^\"[a-z_]+\";r=[0-9]+;t=[0-9]+$" }
        },
        "Retry-After": {
            "description": "After how many seconds to try again.",
            "required": true,
            "schema": { "type": "string", "pattern": "^[0-9]+$" }
        },
    });
    let versioned = versioned_models(document);
    for (_, method, operation) in super::operations(document) {
        let can_be_unchanged = operation["responses"].get("304").is_some();
        let responses = operation["responses"].as_object_mut().into_iter().flatten();
        let mut is_versioned_read = false;
        for (status, response) in responses.filter(|(_, it)| it.get("$ref").is_none()) {
            let model = model(response).unwrap_or_default();
            let has_version = versioned.contains(&model);
            is_versioned_read |= has_version && method == "get";
            let is_page = model.contains("/PageView_");
            put_common(response);
            let has_tag = can_be_unchanged && ["200", "304"].contains(&status.as_str());
            put_if(has_version || has_tag, response, "ETag");
            put_if(status == "201", response, "Location");
            put_if(is_page, response, "Link");
        }
        if is_versioned_read || can_be_unchanged {
            put_parameter(operation);
        }
        if is_versioned_read {
            let mut unchanged = json!({ "description": "You have this version already" });
            put_common(&mut unchanged);
            put(&mut unchanged, "ETag");
            operation["responses"]["304"] = unchanged;
        }
    }
    let shared = document["components"]["responses"].as_object_mut();
    for response in shared.into_iter().flat_map(Map::values_mut) {
        let status = failed_with(response);
        put_common(response);
        put_if(status == 401, response, "WWW-Authenticate");
        if status == 403 {
            response["headers"]["WWW-Authenticate"] = reference("WWW-Authenticate-If-Any");
        }
        put_if(status == 429 || status == 503, response, "Retry-After");
    }
}

fn put_parameter(operation: &mut Value) {
    if !operation["parameters"].is_array() {
        operation["parameters"] = json!([]);
    }
    let own = json!({
        "name": "If-None-Match",
        "in": "header",
        "required": false,
        "description": "The `ETag` of what you have: 304 while it holds (RFC 9110, section 13.1.2).",
        "schema": { "type": "string", "examples": ["\"1\""] }
    });
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.push(own);
    }
}

/// What is changed under `If-Match` has an `ETag` wherever it is shown alone.
fn versioned_models(document: &mut Value) -> Vec<String> {
    super::operations(document)
        .filter(|(_, _, operation)| takes(operation, "header", "If-Match"))
        .filter_map(|(_, _, operation)| model(&operation["responses"]["200"]))
        .collect()
}

fn model(response: &Value) -> Option<String> {
    let schema = &response["content"]["application/json"]["schema"];
    schema["$ref"].as_str().map(str::to_owned)
}

fn failed_with(response: &Value) -> u64 {
    let schema = &response["content"]["application/problem+json"]["schema"];
    let status = &schema["allOf"][1]["properties"]["status"]["enum"][0];
    status.as_u64().unwrap_or_default()
}

/// On every answer of an operation.
fn put_common(response: &mut Value) {
    put(response, "X-Request-Id");
    // These are refused before a limit is looked at.
    let may_be_limited = ![414, 431].contains(&failed_with(response));
    put_if(may_be_limited, response, "RateLimit-Policy");
    put_if(may_be_limited, response, "RateLimit");
}

fn put_if(so: bool, response: &mut Value, name: &str) {
    if so {
        put(response, name);
    }
}

fn put(response: &mut Value, name: &str) {
    response["headers"][name] = reference(name);
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}
