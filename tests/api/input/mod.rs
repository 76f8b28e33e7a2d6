//! Hostile input to every operation of the document: nothing makes the server fail or hang, and
//! what is refused is told where.

mod bodies;
mod bombs;
mod corpus;
mod requests;

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use support::{Answer, Client, Contract};
use uuid::Uuid;

/// Stands in every password that is sent, and must not come back.
const SECRET: &str = "hunter2-hunter2";

/// Fine, or a whole problem that is not our fault, and nothing of a password.
#[track_caller]
pub(super) fn is_tame(answer: &Answer, shown: &str) {
    let text = String::from_utf8_lossy(&answer.body);
    let status = answer.status.as_u16();
    assert!(status < 500, "{shown}: {status} {text}");
    if status >= 400 {
        let code = answer.problem_code();
        let code = code.unwrap_or_else(|| panic!("{shown}: {status} {text}"));
        if answer.header("content-type") == Some("application/json") {
            answer.is_oauth_error(&code);
            return;
        }
        let body = answer.is_problem(status, &code);
        let named = body["errors"].as_array().is_some_and(|it| !it.is_empty());
        let of_input = ["invalid", "invalid_parameter"].contains(&&*code);
        assert!(named || !of_input, "{shown}: {body}");
    }
    assert!(!text.contains(SECRET), "{shown}: {text}");
}

/// What the document says about one operation.
struct Operation {
    id: String,
    method: Method,
    path: String,
    conditional: bool,
    /// The names of its query parameters.
    parameters: Vec<String>,
    media_type: String,
    /// The names of its body's members.
    fields: Vec<String>,
    example: Map<String, Value>,
}

fn operations() -> Vec<Operation> {
    let mut all: Vec<_> = Contract::ours().operations().map(operation).collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    assert!(all.iter().any(|it| !it.fields.is_empty()));
    assert!(all.iter().any(|it| !it.parameters.is_empty()));
    all
}

fn operation(it: &api::Operation) -> Operation {
    let entry = Contract::ours().entry(it);
    let parameters = entry["parameters"].as_array().into_iter().flatten();
    let of_place = |place: &str| {
        let there = parameters.clone().filter(|it| it["in"] == place);
        let names = there.filter_map(|it| it["name"].as_str());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let content = entry["requestBody"]["content"].as_object();
    let content = content.and_then(|it| it.iter().next());
    // Forms have tests of their own.
    let content = content.filter(|(media_type, _)| media_type.ends_with("json"));
    let example = content.map(|(_, body)| example(&body["schema"]));
    let example = example.unwrap_or_default();
    Operation {
        id: it.id.to_string(),
        method: it.method.as_str().parse().expect("it is a method"),
        path: it.path.clone(),
        conditional: of_place("header").contains(&"If-Match".to_owned()),
        parameters: of_place("query"),
        media_type: content.map(|(it, _)| it.clone()).unwrap_or_default(),
        fields: example.keys().cloned().collect(),
        example,
    }
}

/// A body as the document's examples make it.
fn example(schema: &Value) -> Map<String, Value> {
    let contract = Contract::ours();
    let members = contract.resolve(schema)["properties"].as_object();
    let of = |it: &Value| {
        let schema = contract.resolve(it);
        match &schema["examples"][0] {
            _ if schema["format"] == "password" => json!(SECRET),
            Value::Null => panic!("{it} has no example"),
            example => example.clone(),
        }
    };
    members
        .expect("a body has members")
        .iter()
        .map(|(name, it)| (name.clone(), of(it)))
        .collect()
}

impl Operation {
    /// The example, with this JSON text in one place of it.
    fn body_with(&self, field: &str, value: &str) -> String {
        let members = self.example.iter().map(|(name, example)| {
            let own = example.to_string();
            format!("\"{name}\":{}", if name == field { value } else { &own })
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }

    fn request(&self, client: &Client, target: Uuid, body: String) -> reqwest::RequestBuilder {
        let path = self.path.replace("{id}", &target.to_string());
        let request = client.request(self.method.clone(), &path);
        let request = request.header("If-Match", "*");
        let request = request.header(CONTENT_TYPE, &self.media_type);
        request.body(body)
    }
}
