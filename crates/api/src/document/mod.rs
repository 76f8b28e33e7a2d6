//! The OpenAPI 3.1 document: what the handlers say, and what follows from it.

mod failures;
mod headers;
mod links;

use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::extract::{EntityTagsShape, MAX_AGE};
use crate::operations::{API_KEY, WIDENED_BY};
use crate::page::{CursorShape, LimitShape};
use crate::problem::{Fault, OAuthErrorBody, ProblemBody};
use crate::users::NamePrefixShape;
use crate::{app, rate_limits};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ashlar",
        description = include_str!("introduction.md"),
        license(name = "MIT", identifier = "MIT")
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "auth", description = "Signing in, recovery, and the keys of access tokens"),
        (name = "me", description = "One's own account"),
        (name = "users", description = "Everybody's accounts, by permission"),
        (name = "projects", description = "What people work on: one's own"),
        (name = "roles", description = "What people can be given, by permission"),
        (name = "mail", description = "Mail that did not arrive, by permission"),
        (name = "audit", description = "What was done, by permission"),
        (name = "meta", description = "The server about itself"),
    ),
    components(schemas(ProblemBody, Fault, OAuthErrorBody, NamePrefixShape, EntityTagsShape, LimitShape, CursorShape))
)]
struct Document;

/// The document as the server serves it.
///
/// # Panics
/// When a handler lists a problem that is not in the catalogue: the tests make the document, too.
#[must_use]
pub fn document() -> Value {
    let (_, routes) = app::routed();
    let mut document = Document::openapi();
    document.merge(routes);
    let mut document = serde_json::to_value(document).expect("a document is JSON");
    document["components"]["securitySchemes"] = json!({
        "access_token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "What `login` answers with; RFC 6750."
        },
        API_KEY: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "ask_<id>_<secret>_<checksum>",
            "description": "What `createMyApiKey` answers with, for programs; RFC 6750. It can do what its scopes and its \
                            owner's permissions both allow."
        }
    });
    refer_to_items(&mut document);
    for (path, method, operation) in operations(&mut document) {
        authorise(operation);
        rate_limits::classify(operation, &method);
        failures::add(operation, &path);
    }
    failures::define(&mut document);
    headers::add(&mut document);
    links::add(&mut document);
    close_requests(&mut document);
    document
}

/// Every operation, with its path and method.
fn operations(document: &mut Value) -> impl Iterator<Item = (String, String, &mut Value)> {
    let paths = document["paths"].as_object_mut().expect("there are paths");
    paths.iter_mut().flat_map(|(path, methods)| {
        let methods = methods.as_object_mut().expect("a path has methods");
        let named = methods.iter_mut();
        named.map(move |(method, operation)| (path.clone(), method.clone(), operation))
    })
}

/// What an entry says nothing about needs an access token or an API key, and so does what names a permission; what names the
/// access token alone takes no key. What needs more says so to people, too.
fn authorise(operation: &mut Value) {
    let either = json!([{ "access_token": [] }, { API_KEY: [] }]);
    if operation.get("security").is_none() {
        operation["security"] = either.clone();
    }
    let permission = operation["security"][0]["access_token"][0].clone();
    // OpenAPI 3.1 allows roles beside a bearer scheme, older tools do not read them.
    if let Some(name) = permission.as_str() {
        operation["security"] = either;
        operation["x-permission"] = json!(name);
        let needs = format!("Needs the permission `{name}`.");
        describe(operation, &needs);
    }
    if let Some(name) = operation[WIDENED_BY].as_str() {
        let shows = format!("With the permission `{name}` it is about everybody's.");
        describe(operation, &shows);
    }
    if let Some(seconds) = operation[MAX_AGE].as_i64() {
        let needs = format!(
            "Needs a password that was given at most {seconds} seconds ago, by `login` or `stepUp`."
        );
        describe(operation, &needs);
    }
}

fn describe(operation: &mut Value, more: &str) {
    let text = operation["description"].as_str().unwrap_or_default();
    let text = format!("{text}\n\n{more}");
    operation["description"] = json!(text.trim_start());
}

/// The items of a page are models of their own, which utoipa writes out.
fn refer_to_items(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object_mut();
    for (name, schema) in schemas.into_iter().flatten() {
        if let Some(item) = name.strip_prefix("PageView_") {
            let reference = format!("#/components/schemas/{item}");
            schema["properties"]["data"]["items"] = json!({ "$ref": reference });
        }
    }
}

/// Unknown members of a JSON body are refused, and the document says so.
fn close_requests(document: &mut Value) {
    let mut taken = Vec::new();
    for (_, _, operation) in operations(document) {
        let content = operation["requestBody"]["content"].as_object();
        let content = content.into_iter().flatten();
        let json = content.filter(|(media_type, _)| media_type.ends_with("json"));
        let schemas = json.map(|(_, it)| it);
        taken.extend(schemas.filter_map(|it| it["schema"]["$ref"].as_str().map(str::to_owned)));
    }
    for reference in taken {
        let pointer = reference.trim_start_matches('#');
        if let Some(schema) = document.pointer_mut(pointer) {
            schema["additionalProperties"] = json!(false);
        }
    }
}
