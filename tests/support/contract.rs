use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use api::{Operation, Operations};
use jsonschema::{Draft, Registry, Validator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::Answer;

/// What the document promises. Every answer that a test gets is held to it.
pub struct Contract {
    pub document: Value,
    operations: Operations,
    promises: HashMap<(Arc<str>, u16), Promise>,
}

/// What one status of one operation looks like.
struct Promise {
    headers: Vec<PromisedHeader>,
    /// By media type.
    bodies: HashMap<String, Body>,
}

struct PromisedHeader {
    name: String,
    required: bool,
    value: Validator,
}

enum Body {
    Json(Box<Validator>),
    Other,
}

/// An answer has these only where the document says so.
const TELLING_HEADERS: [&str; 8] = [
    "etag",
    "location",
    "link",
    "retry-after",
    "www-authenticate",
    "allow",
    "ratelimit",
    "ratelimit-policy",
];

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::of(api::document()));

impl Contract {
    /// The product's own.
    #[must_use]
    pub fn ours() -> &'static Self {
        &CONTRACT
    }

    fn of(document: Value) -> Self {
        let operations = Operations::of(&document);
        let schemas = Schemas::of(&document);
        let mut contract = Self {
            document,
            operations,
            promises: HashMap::new(),
        };
        let mut promises = HashMap::new();
        for operation in contract.operations.iter() {
            let responses = contract.entry(operation)["responses"].as_object();
            for (status, response) in responses.expect("an operation has answers") {
                let status = status.parse().expect("a status is a number");
                let promise = contract.promise(contract.resolve(response), &schemas);
                promises.insert((Arc::clone(&operation.id), status), promise);
            }
        }
        contract.promises = promises;
        contract
    }

    fn promise(&self, response: &Value, schemas: &Schemas) -> Promise {
        let headers = response["headers"].as_object().into_iter().flatten();
        let bodies = response["content"].as_object().into_iter().flatten();
        Promise {
            headers: headers
                .map(|(name, header)| {
                    let header = self.resolve(header);
                    PromisedHeader {
                        name: name.to_ascii_lowercase(),
                        required: header["required"] == true,
                        value: schemas.validator(&header["schema"]),
                    }
                })
                .collect(),
            bodies: bodies
                .map(|(media_type, body)| {
                    let schema = &body["schema"];
                    let body = if media_type.ends_with("json") {
                        Body::Json(Box::new(schemas.validator(schema)))
                    } else {
                        Body::Other
                    };
                    (media_type.clone(), body)
                })
                .collect(),
        }
    }

    /// What the document says about an operation.
    #[must_use]
    pub fn entry(&self, operation: &Operation) -> &Value {
        let method = operation.method.as_str().to_ascii_lowercase();
        &self.document["paths"][&operation.path][method]
    }

    /// What a reference leads to; anything else is itself.
    #[must_use]
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => {
                let pointer = reference.trim_start_matches('#');
                let found = self.document.pointer(pointer);
                found.unwrap_or_else(|| panic!("{reference} leads nowhere"))
            }
            None => value,
        }
    }

    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter()
    }

    /// The operation at an address, without its query.
    #[must_use]
    pub fn operation(&self, method: &Method, path: &str) -> Option<&Operation> {
        let fits = |pattern: &str| {
            let (segments, expected) = (path.split('/'), pattern.split('/'));
            segments.clone().count() == expected.clone().count()
                && segments
                    .zip(expected)
                    .all(|(it, at)| it == at || at.starts_with('{'))
        };
        self.operations
            .iter()
            .find(|it| it.method.as_str() == method.as_str() && fits(&it.path))
    }

    /// Fails a test whose answer the document does not promise.
    pub(crate) fn hold(&self, operation: &str, answer: &Answer) {
        let status = answer.status.as_u16();
        let at = format!("{operation} {status}");
        let key = (Arc::from(operation), status);
        let promise = self.promises.get(&key);
        let promise = promise.unwrap_or_else(|| {
            let body = String::from_utf8_lossy(&answer.body);
            panic!("{at} is not in the document: {body}")
        });
        promise.hold(&at, answer);
    }
}

impl Promise {
    fn hold(&self, at: &str, answer: &Answer) {
        for header in &self.headers {
            match answer.header(&header.name) {
                Some(value) => assert_valid(&header.value, &json!(value), at, &header.name),
                None => assert!(!header.required, "{at} has no {}", header.name),
            }
        }
        for name in TELLING_HEADERS {
            let promised = self.headers.iter().any(|it| it.name == name);
            assert!(
                promised || answer.header(name).is_none(),
                "{at}: {name} is not in the document"
            );
        }
        let media_type = answer.header("content-type").map(essence);
        let Some(media_type) = media_type else {
            let text = String::from_utf8_lossy(&answer.body);
            assert!(text.is_empty(), "{at} has a body of no type: {text}");
            assert!(self.bodies.is_empty(), "{at} has no body");
            return;
        };
        match self.bodies.get(media_type) {
            Some(Body::Json(schema)) => assert_valid(schema, &answer.json(), at, "the body"),
            Some(Body::Other) => {}
            None => panic!("{at}: {media_type} is not in the document"),
        }
    }
}

fn assert_valid(schema: &Validator, value: &Value, at: &str, what: &str) {
    let faults: Vec<_> = schema
        .iter_errors(value)
        .map(|it| format!("{it} (at {})", it.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{at}: {what}: {faults:?} in {value}");
}

/// A media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// The document's schemas, read once for all that refer to them.
struct Schemas(Registry<'static>);

impl Schemas {
    const NAME: &str = "urn:ashlar:document";

    fn of(document: &Value) -> Self {
        let components = json!({ "components": closed(document["components"].clone()) });
        let registry = Registry::new().draft(Draft::Draft202012);
        let registry = registry.add(Self::NAME, components);
        let registry = registry.and_then(|it| it.prepare());
        Self(registry.expect("the document holds schemas"))
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut options = jsonschema::draft202012::options().with_registry(&self.0);
        options = options.should_validate_formats(true);
        let schema = named(schema.clone());
        options.build(&schema).expect("the document holds schemas")
    }
}

/// The same schema, whose references name the document.
fn named(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            for (name, member) in members {
                *member = match member.as_str() {
                    Some(place) if name == "$ref" => json!(format!("{}{place}", Schemas::NAME)),
                    _ => named(member.take()),
                };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| *it = named(it.take())),
        _ => {}
    }
    value
}

/// The same schemas, in which an object has no member that is not mentioned: what leaks is found.
fn closed(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            if members.get("type") == Some(&json!("object")) && members.contains_key("properties") {
                members.insert("unevaluatedProperties".to_owned(), json!(false));
            }
            for member in members.values_mut() {
                *member = closed(member.take());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| *it = closed(it.take())),
        _ => {}
    }
    value
}
