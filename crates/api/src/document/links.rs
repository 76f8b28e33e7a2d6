//! Which operation can follow which: with the id that one answers with, another can be called.

use serde_json::{Map, Value, json};

use super::failures::takes;

pub(super) fn add(document: &mut Value) {
    let operations: Vec<Followable> = super::operations(document)
        .filter_map(|(path, _, operation)| Followable::of(&path, operation))
        .collect();
    for (path, method, operation) in super::operations(document) {
        if takes(operation, "query", "cursor") {
            operation["responses"]["200"]["links"]["nextPage"] = next_page(operation);
        }
        for next in &operations {
            let (status, id) = match method.as_str() {
                "post" if path == next.collection => ("201", "$response.body#/id"),
                // A list has no ETag to go on with.
                "get" if path == next.collection && !next.is_conditional => {
                    ("200", "$response.body#/data/0/id")
                }
                "get" if path == next.single => ("200", "$request.path.id"),
                _ => continue,
            };
            if operation["operationId"] == next.id.as_str() {
                continue;
            }
            let response = &mut operation["responses"][status];
            if response.is_null() {
                continue;
            }
            let has_etag = response["headers"].get("ETag").is_some();
            let mut parameters = json!({});
            if next.takes_id {
                parameters["id"] = json!(id);
            }
            if next.is_conditional && has_etag {
                parameters["If-Match"] = json!("$response.header.ETag");
            }
            response["links"][&next.id] =
                json!({ "operationId": next.id, "parameters": parameters });
        }
    }
}

/// The same list with the same order and filters: a cursor holds for no other.
fn next_page(operation: &Value) -> Value {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters = parameters.filter_map(|it| Some((it["name"].as_str()?, it["in"].as_str()?)));
    let parameters: Map<_, _> = parameters
        .map(|(name, place)| match name {
            "cursor" => (name.to_owned(), json!("$response.body#/page/next_cursor")),
            _ => (name.to_owned(), json!(format!("$request.{place}.{name}"))),
        })
        .collect();
    json!({ "operationId": operation["operationId"], "parameters": parameters })
}

/// An operation on a single thing.
struct Followable {
    id: String,
    /// The address of the things, if they have one.
    collection: String,
    /// The address of the thing.
    single: String,
    takes_id: bool,
    is_conditional: bool,
}

impl Followable {
    fn of(path: &str, operation: &Value) -> Option<Self> {
        let is_conditional = takes(operation, "header", "If-Match");
        let takes_id = takes(operation, "path", "id");
        let (collection, single) = match path.split_once("/{id}") {
            Some((collection, _)) => (collection.to_owned(), format!("{collection}/{{id}}")),
            // One's own: there is only one.
            None if is_conditional => (String::new(), path.to_owned()),
            None => return None,
        };
        Some(Self {
            id: operation["operationId"].as_str()?.to_owned(),
            collection,
            single,
            takes_id,
            is_conditional,
        })
    }
}
