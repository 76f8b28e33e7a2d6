use std::collections::BTreeSet;

use reqwest::Method;
use reqwest::header::{ACCEPT, IF_NONE_MATCH};
use serde_json::{Value, json};
use support::{Contract, TestApp};

const WITHOUT_DOCUMENT: &[(&str, &str)] = &[("ASHLAR__FEATURES__API_DOCUMENT", "false")];

#[tokio::test]
async fn the_document_is_served_as_the_code_makes_it() {
    let app = TestApp::start().await;

    let answer = app.anonymous().get_document().await;

    assert_eq!(answer.ok(), api::document());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
}

#[tokio::test]
async fn the_document_can_be_kept_back() {
    let app = TestApp::start_with(WITHOUT_DOCUMENT, |ports| ports).await;

    let answer = app.anonymous().get_document().await;

    answer.is_problem(404, "not_found");
    assert!(!String::from_utf8_lossy(&answer.body).contains("openapi"));
}

#[tokio::test]
async fn the_document_and_the_keys_are_json_or_nothing() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for path in [
        "/openapi.json",
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
    ] {
        let ask = |accept: &str| nobody.request(Method::GET, path).header(ACCEPT, accept);

        let html = nobody.send(ask("text/html")).await;
        let json = nobody.send(ask("application/json")).await;
        let deleted = nobody.send(nobody.request(Method::DELETE, path)).await;

        html.is_problem(406, "not_acceptable");
        assert_eq!(json.status, 200);
        deleted.is_problem(405, "method_not_allowed");
        assert_eq!(deleted.header("allow"), Some("GET, HEAD, OPTIONS"));
    }
}

/// Nothing of the private half may be in it, so every member is counted.
#[tokio::test]
async fn the_keys_are_public_and_may_be_kept_for_a_while() {
    let app = TestApp::start().await;

    let answer = app.anonymous().get_key_set().await;

    let body = answer.ok();
    let keys = body["keys"].as_array().expect("there are keys");
    assert_eq!(keys.len(), 1);
    let members: Vec<_> = keys[0]
        .as_object()
        .expect("a key has members")
        .keys()
        .collect();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
}

#[tokio::test]
async fn oauth_clients_are_told_where_everything_is() {
    let own = [("ASHLAR__SERVER__PUBLIC_URL", "https://api.example.org")];
    let app = TestApp::start_with(&own, |ports| ports).await;

    let answer = app.anonymous().get_server_metadata().await;

    let expected = json!({
        "issuer": "https://api.example.org",
        "token_endpoint": "https://api.example.org/oauth/token",
        "jwks_uri": "https://api.example.org/.well-known/jwks.json",
        "scopes_supported": ["full"],
        "response_types_supported": [],
        "grant_types_supported": ["refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint": "https://api.example.org/oauth/revoke",
        "revocation_endpoint_auth_methods_supported": ["none"],
        "introspection_endpoint": "https://api.example.org/oauth/introspect",
        "introspection_endpoint_auth_methods_supported": ["Bearer"],
    });
    assert_eq!(answer.ok(), expected);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    let routed = Contract::ours().operations();
    let routed: BTreeSet<_> = routed.map(|it| it.path.clone()).collect();
    for (name, address) in expected.as_object().expect("it is an object") {
        let path = address
            .as_str()
            .and_then(|it| it.strip_prefix("https://api.example.org"));
        if let Some(path) = path.filter(|it| !it.is_empty()) {
            assert!(routed.contains(path), "{name}");
        }
    }
}

#[tokio::test]
async fn who_has_the_keys_or_the_document_gets_neither_again() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for path in [
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
        "/openapi.json",
    ] {
        let first = nobody.get(path).await;
        let asking = |tag: String| nobody.request(Method::GET, path).header(IF_NONE_MATCH, tag);

        let again = nobody.send(asking(first.etag())).await;
        let other = nobody.send(asking("W/\"1\"".to_owned())).await;

        again.not_modified();
        assert_eq!(again.etag(), first.etag());
        assert_eq!(again.header("cache-control"), first.header("cache-control"));
        assert_eq!(other.ok(), first.ok());
    }
}

#[tokio::test]
async fn the_committed_document_is_the_one_that_the_code_makes() {
    let committed: Value =
        serde_json::from_str(include_str!("../../openapi.json")).expect("openapi.json is JSON");

    assert!(
        committed == api::document(),
        "openapi.json is out of date: run `cargo xtask openapi`, and read what it says"
    );
}

#[tokio::test]
async fn every_operation_says_what_it_is() {
    let contract = Contract::ours();
    let document = &contract.document;
    let mut ids = BTreeSet::new();
    let tags = names(&document["tags"]);

    for (path, method, operation) in operations(document) {
        let at = format!("{method} {path}");
        let id = operation["operationId"].as_str();
        let id = id.unwrap_or_else(|| panic!("{at} has no operationId"));
        assert!(ids.insert(id), "{at}: {id} is another's id");
        let summary = operation["summary"].as_str();
        assert!(
            summary.is_some_and(|it| !it.is_empty()),
            "{at} has no summary"
        );
        let own = operation["tags"].as_array().expect("it has tags");
        assert_eq!(own.len(), 1, "{at}");
        assert!(
            tags.contains(own[0].as_str().expect("a tag is text")),
            "{at}"
        );
        let responses = operation["responses"].as_object().expect("it has answers");
        assert!(
            responses.keys().any(|it| it.starts_with('2')),
            "{at} never succeeds"
        );
        for (status, response) in responses {
            let told = contract.resolve(response)["description"].as_str();
            assert!(
                told.is_some_and(|it| !it.is_empty()),
                "{at}: {status} is not described"
            );
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let told = parameter["description"].as_str();
            assert!(told.is_some_and(|it| !it.is_empty()), "{at}: {parameter}");
        }
    }
    assert!(!ids.is_empty());
}

#[tokio::test]
async fn every_member_and_parameter_is_described_and_has_an_example() {
    let contract = Contract::ours();
    let schemas = contract.document["components"]["schemas"].as_object();
    let mut told = Vec::new();
    for (model, schema) in schemas.expect("there are models") {
        let members = schema["properties"].as_object().into_iter().flatten();
        told.extend(members.map(|(name, it)| (format!("{model}.{name}"), it, it)));
    }
    for (_, _, operation) in operations(&contract.document) {
        let id = operation["operationId"].as_str().expect("it has an id");
        for it in operation["parameters"].as_array().into_iter().flatten() {
            told.push((format!("{id} {}", it["name"]), it, &it["schema"]));
        }
    }

    for (name, it, schema) in told {
        let schema = [it, schema, contract.resolve(schema), &schema["oneOf"][0]];
        let has = |member: &str| schema.iter().any(|it| it.get(member).is_some());
        assert!(has("description"), "{name} is not described");
        // Nobody can make up a cursor.
        let is_text = schema.iter().any(|it| it["type"] == "string") && !name.ends_with("cursor\"");
        let shown = ["example", "examples", "enum"].iter().any(|it| has(it));
        assert!(shown || !is_text, "{name} has no example");
    }
}

#[tokio::test]
async fn every_reference_of_the_document_leads_somewhere() {
    let document = &Contract::ours().document;
    let mut references = Vec::new();

    references_in(document, &mut references);

    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference
            .strip_prefix('#')
            .expect("all of it is in one document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn references_in<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(to) if name == "$ref" => found.push(to),
                    _ => references_in(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|it| references_in(it, found)),
        _ => {}
    }
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().expect("there are paths");
    paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("a path has methods");
        let each = methods.iter();
        each.map(move |(method, it)| (path.as_str(), method.as_str(), it))
    })
}

fn names(tags: &Value) -> BTreeSet<&str> {
    let tags = tags.as_array().expect("there are tags");
    tags.iter().filter_map(|it| it["name"].as_str()).collect()
}
