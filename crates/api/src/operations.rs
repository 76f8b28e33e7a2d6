//! Which operations there are, as the document says. The gate opens by it.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::Method;
use serde_json::{Map, Value};

use crate::extract::MAX_AGE;
use crate::rate_limits::{RATE_CLASS, RateClass};

/// One operation of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub id: Arc<str>,
    pub method: Method,
    /// With its parameters in braces.
    pub path: String,
    /// Whether it asks for no access token.
    pub public: bool,
    /// The security schemes of which one is enough.
    pub schemes: Vec<String>,
    /// Whether it reads a body.
    pub takes_body: bool,
    /// Whether it knows parameters behind the `?`.
    pub takes_query: bool,
    /// Which limit it counts for.
    pub rate_class: RateClass,
    /// The permission that it asks for.
    pub permission: Option<String>,
    /// The permission that shows more here than one's own things.
    pub widened_by: Option<String>,
    /// How many seconds ago the password may have been given, where it asks for that.
    pub max_age: Option<i64>,
    /// The media types of its successes. What has no content counts as JSON, which its refusals are.
    pub media_types: Arc<[String]>,
}

impl Operation {
    /// Whether a program can call it for somebody.
    #[must_use]
    pub fn takes_api_key(&self) -> bool {
        self.schemes.iter().any(|it| it == API_KEY)
    }
}

/// The member of an operation in the document that names the permission with which it shows others' things, too.
pub(crate) const WIDENED_BY: &str = "x-widened-by";

/// All operations, by path.
#[derive(Debug)]
pub struct Operations {
    by_path: HashMap<String, Vec<Operation>>,
}

impl Operations {
    /// # Panics
    /// When the document is not one that [`crate::document`] makes.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let mut by_path = HashMap::new();
        let paths = document["paths"]
            .as_object()
            .expect("the document has paths");
        for (path, methods) in paths {
            let methods = methods.as_object().expect("a path has methods");
            let operations = methods
                .iter()
                .map(|(method, it)| operation(path, method, it));
            by_path.insert(path.clone(), operations.collect());
        }
        Self { by_path }
    }

    /// What can be done at a path; `None` when there is no such path.
    pub(crate) fn at(&self, path: &str) -> Option<&[Operation]> {
        self.by_path.get(path).map(Vec::as_slice)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Operation> {
        self.by_path.values().flatten()
    }
}

fn operation(path: &str, method: &str, it: &Value) -> Operation {
    let text = |it: &Value| it.as_str().map(str::to_owned);
    Operation {
        id: it["operationId"]
            .as_str()
            .expect("an operation has an id")
            .into(),
        method: method
            .to_ascii_uppercase()
            .parse()
            .expect("a method is one"),
        path: path.to_owned(),
        // An entry that says nothing is not public.
        public: it["security"] == serde_json::json!([{}]),
        schemes: schemes(it).map(str::to_owned).collect(),
        takes_body: it.get("requestBody").is_some(),
        takes_query: it["parameters"]
            .as_array()
            .is_some_and(|all| all.iter().any(|it| it["in"] == "query")),
        rate_class: it[RATE_CLASS]
            .as_str()
            .and_then(RateClass::named)
            .expect("an operation has a class"),
        permission: text(&it["x-permission"]),
        widened_by: text(&it[WIDENED_BY]),
        max_age: it[MAX_AGE].as_i64(),
        media_types: media_types(&it["responses"]),
    }
}

/// What an operation of the document can be called with; nothing when it is public.
pub(crate) fn schemes(operation: &Value) -> impl Iterator<Item = &str> {
    let alternatives = operation["security"].as_array().into_iter().flatten();
    let names = alternatives.filter_map(|it| it.as_object()?.keys().next());
    names.map(String::as_str)
}

/// The security scheme of API keys.
pub(crate) const API_KEY: &str = "api_key";

fn media_types(responses: &Value) -> Arc<[String]> {
    let responses = responses.as_object().into_iter().flatten();
    let successes = responses.filter(|(status, _)| status.starts_with('2'));
    let contents = successes.filter_map(|(_, response)| response["content"].as_object());
    let mut types: Vec<_> = contents.flat_map(Map::keys).cloned().collect();
    if types.is_empty() {
        types.push("application/json".to_owned());
    }
    types.into()
}
