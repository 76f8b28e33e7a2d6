//! The OpenAPI 3.1 document: what the handlers say, and what follows from it.

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::app;
use crate::problem::{Fault, ProblemBody};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ashlar",
        description = "Accounts, sign-in and access control. Clients should ignore fields and \
                       tolerate values that they do not know: new ones may come at any time.",
        license(name = "MIT", identifier = "MIT")
    ),
    tags(
        (name = "auth", description = "Signing in, and the keys of access tokens"),
        (name = "me", description = "One's own account"),
        (name = "users", description = "Everybody's accounts, by permission"),
        (name = "meta", description = "The server about itself"),
    ),
    components(schemas(ProblemBody, Fault))
)]
struct Document;

/// The document as the server serves it.
///
/// # Panics
/// Never: what it serialises are our own routes.
#[must_use]
pub fn document() -> Value {
    let (_, routes) = app::routed();
    let mut document = Document::openapi();
    document.merge(routes);
    let mut document = serde_json::to_value(document).expect("a document is JSON");
    document["components"]["securitySchemes"] = json!({
        "access_token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" }
    });
    let paths = document["paths"].as_object_mut().expect("there are paths");
    for (path, methods) in paths {
        for operation in methods
            .as_object_mut()
            .into_iter()
            .flat_map(Map::values_mut)
        {
            complete(operation, path);
        }
    }
    document
}

/// Adds what follows from an operation's shape: so nobody has to remember it.
fn complete(operation: &mut Value, path: &str) {
    if operation.get("security").is_none() {
        operation["security"] = json!([{ "access_token": [] }]);
    }
    let secured = operation["security"] != json!([{}]);
    let permission = operation["security"][0]["access_token"][0].clone();
    // OpenAPI 3.1 allows roles beside a bearer scheme, older tools do not read them.
    if permission.is_string() {
        operation["security"] = json!([{ "access_token": [] }]);
        operation["x-permission"] = permission.clone();
    }
    for (status, description) in common(operation, path, secured, permission.as_str()) {
        let responses = operation["responses"].as_object_mut();
        if let Some(responses) = responses {
            let entry = responses.entry(status).or_insert_with(|| json!({}));
            if entry.get("description").is_none() {
                entry["description"] = json!(description);
            }
        }
    }
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        if status.starts_with(['4', '5']) {
            response["content"] = json!({ "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem" }
            }});
        }
    }
}

fn common(
    operation: &Value,
    path: &str,
    secured: bool,
    permission: Option<&str>,
) -> Vec<(&'static str, String)> {
    let parameters = operation["parameters"].as_array();
    let has = |place: &str, name: Option<&str>| {
        parameters
            .into_iter()
            .flatten()
            .any(|it| it["in"] == place && name.is_none_or(|name| it["name"] == name))
    };
    let has_body = operation.get("requestBody").is_some();
    let conditional = has("header", Some("If-Match"));
    let mut all = vec![
        (
            "400",
            "`invalid_parameter`, `malformed_json`, `bad_request`".to_owned(),
        ),
        ("406", "`not_acceptable`".to_owned()),
        ("500", "`internal`".to_owned()),
        ("503", "`unavailable`".to_owned()),
    ];
    if secured {
        all.push(("401", "`unauthenticated`, `invalid_token`".to_owned()));
    }
    if let Some(permission) = permission {
        let beyond = if conditional {
            ", `beyond_own_rights`"
        } else {
            ""
        };
        all.push((
            "403",
            format!("`insufficient_scope`: it needs `{permission}`{beyond}"),
        ));
    }
    if path.contains('{') || path.ends_with("/me") {
        all.push(("404", "`not_found`".to_owned()));
    }
    if conditional {
        all.push(("412", "`stale`".to_owned()));
        all.push(("428", "`if_match_required`".to_owned()));
    }
    if has_body {
        all.push(("408", "`body_timed_out`".to_owned()));
        all.push(("413", "`too_large`".to_owned()));
        all.push(("415", "`unsupported_media_type`".to_owned()));
        all.push(("422", "`invalid`".to_owned()));
    }
    let is_read = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        == "#/components/schemas/User"
        && !has_body
        && !conditional;
    if is_read {
        all.push(("304", "You have this version already".to_owned()));
    }
    all
}
