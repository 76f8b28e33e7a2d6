//! The pages that the `type` of a problem leads to.

use std::collections::BTreeSet;

use reqwest::Method;
use reqwest::header::{ACCEPT, IF_NONE_MATCH};
use serde_json::Value;
use support::{Answer, Client, Contract, TestApp};

#[tokio::test]
async fn the_type_of_a_problem_leads_to_its_page() {
    let own = "https://api.example.org";
    let app = TestApp::start_with(&[("ASHLAR__SERVER__PUBLIC_URL", own)], |ports| ports).await;
    let nobody = app.anonymous();
    let refused = nobody.get_me().await.is_problem(401, "unauthenticated");
    let address = refused["type"].as_str().expect("it is text");

    let page = nobody
        .get(address.strip_prefix(own).expect("it is ours"))
        .await;

    let html = page.text();
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
    assert!(html.contains("<h1>An access token or an API key is needed</h1>"));
    assert!(html.contains("<code>401 unauthenticated</code>"));
    assert!(html.contains("Sign in"), "it says what to do: {html}");
}

#[tokio::test]
async fn every_problem_is_listed_and_has_a_page() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();

    let list = nobody.list_problems().await.text();

    let listed = list
        .split('"')
        .filter_map(|it| it.strip_prefix("problems/"));
    let listed: BTreeSet<_> = listed.collect();
    let mut codes = BTreeSet::new();
    codes_in(
        &Contract::ours().document["components"]["responses"],
        &mut codes,
    );
    assert!(!codes.is_empty());
    for code in codes {
        assert!(listed.contains(code), "{code} is not listed");
    }
    for code in listed {
        let html = nobody.get_problem(code).await.text();
        assert!(html.contains(&format!(" {code}</code>")), "{html}");
    }
}

/// Strict enough to run nothing and load nothing.
#[tokio::test]
async fn the_pages_are_plain() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();

    for page in [
        nobody.list_problems().await,
        nobody.get_problem("stale").await,
    ] {
        let html = page.text();

        let policy = page.header("content-security-policy");
        assert_eq!(policy, Some("default-src 'none'; frame-ancestors 'none'"));
        assert_eq!(page.header("cache-control"), Some("no-cache"));
        for other in ["<script", "<style", " style=", "<link", "<img", "//"] {
            assert!(!html.contains(other), "{other} in {html}");
        }
    }
}

#[tokio::test]
async fn a_kind_that_does_not_exist_has_no_page() {
    let app = TestApp::start().await;
    for code in [
        "nothing",
        "NOT_FOUND",
        "not_found%20",
        "404",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "..%2fdocs",
    ] {
        let answer = app.anonymous().get_problem(code).await;

        answer.is_problem(404, "not_found");
        let text = String::from_utf8_lossy(&answer.body);
        assert!(!text.contains("script"), "{text}");
    }
}

#[tokio::test]
async fn who_has_a_page_already_is_told_so() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for path in ["/problems", "/problems/not_found"] {
        let first = nobody.get(path).await;

        let again = with(&nobody, path, IF_NONE_MATCH, &first.etag()).await;
        let other = with(&nobody, path, IF_NONE_MATCH, "\"1\"").await;

        again.not_modified();
        assert_eq!(again.etag(), first.etag());
        assert_eq!(other.text(), first.text());
    }
}

#[tokio::test]
async fn the_pages_are_html_or_nothing() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for path in ["/problems", "/problems/not_found"] {
        for accept in ["text/html", "text/html, */*;q=0.1", "*/*"] {
            let answer = with(&nobody, path, ACCEPT, accept).await;
            assert_eq!(answer.status, 200, "{accept}");
        }
        for accept in ["application/json", "application/problem+json", "text/plain"] {
            let refused = with(&nobody, path, ACCEPT, accept).await;
            refused.is_problem(406, "not_acceptable");
        }
    }
}

async fn with(
    client: &Client,
    path: &str,
    name: reqwest::header::HeaderName,
    value: &str,
) -> Answer {
    let request = client.request(Method::GET, path);
    client.send(request.header(name, value)).await
}

/// Every problem code that the document promises somewhere.
fn codes_in<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(members) => {
            let codes = members.get("code").and_then(|it| it["enum"].as_array());
            found.extend(codes.into_iter().flatten().filter_map(Value::as_str));
            members.values().for_each(|it| codes_in(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| codes_in(it, found)),
        _ => {}
    }
}
