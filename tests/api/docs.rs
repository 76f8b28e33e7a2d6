//! `/docs` and its files. What a browser makes of them is in `tests/clients/browser`.

use reqwest::Method;
use reqwest::header::{ACCEPT, IF_NONE_MATCH};
use support::{Answer, Client, TestApp};

const WITHOUT_DOCUMENT: &[(&str, &str)] = &[("ASHLAR__FEATURES__API_DOCUMENT", "false")];
const STRICT: &str = "default-src 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn the_page_is_html_that_loads_from_this_server_alone() {
    let app = TestApp::start().await;

    let page = app.anonymous().get_docs().await;

    let html = page.text();
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
    let policy = page.header("content-security-policy").expect("it has one");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    assert!(
        !policy.contains("unsafe") && !policy.contains("http"),
        "{policy}"
    );
    assert!(!html.contains("//"), "another server is named: {html}");
    assert!(
        !html.contains("<style") && !html.contains(" style="),
        "{html}"
    );
    for script in html.split("<script").skip(1) {
        assert!(script.starts_with(" src=\""), "an inline script: {script}");
    }
}

#[tokio::test]
async fn every_file_that_the_page_loads_is_there() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let html = nobody.get_docs().await.text();
    let loaded = html.split('"').filter_map(|it| it.strip_prefix("docs/"));
    let loaded: Vec<_> = loaded.collect();
    assert_eq!(loaded.len(), 4, "{html}");

    for name in loaded {
        let file = nobody.get_docs_file(name).await;

        assert!(!file.text().is_empty(), "{name}");
        let expected = match name.rsplit_once('.') {
            Some((_, "css")) => "text/css; charset=utf-8",
            _ => "text/javascript; charset=utf-8",
        };
        assert_eq!(file.header("content-type"), Some(expected), "{name}");
        // What is no page runs nothing, wherever it is opened.
        assert_eq!(file.header("content-security-policy"), Some(STRICT));
    }
}

#[tokio::test]
async fn any_other_file_is_not_there() {
    let app = TestApp::start().await;
    for name in [
        "index.html",
        "swagger-initializer.js",
        "oauth2-redirect.html",
        "docs.html",
        "DOCS.JS",
        "docs.js%00",
        "..%2fdocs.js",
        "%2e%2e",
        "docs.js.map",
    ] {
        let answer = app.anonymous().get_docs_file(name).await;

        answer.is_problem(404, "not_found");
    }
    app.anonymous()
        .get("/docs/")
        .await
        .is_problem(404, "not_found");
}

#[tokio::test]
async fn who_has_a_file_already_is_told_so() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for path in ["/docs", "/docs/docs.js", "/docs/swagger-ui.css"] {
        let first = nobody.get(path).await;

        let again = known(&nobody, path, &first.etag()).await;
        let strong = first.etag().trim_start_matches("W/").to_owned();
        let among = known(&nobody, path, &format!("\"1\", {strong}")).await;
        let other = known(&nobody, path, "\"1\"").await;

        assert_eq!(first.header("cache-control"), Some("no-cache"));
        for same in [again, among] {
            same.not_modified();
            // A browser takes the headers of a 304 over into what it has.
            for name in ["etag", "cache-control", "content-security-policy"] {
                assert_eq!(same.header(name), first.header(name), "{name} of {path}");
            }
        }
        assert_eq!(other.text(), first.text());
    }
}

#[tokio::test]
async fn it_is_answered_to_whoever_accepts_it() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
    for (path, accept) in [
        ("/docs", browser),
        ("/docs", "TEXT/HTML"),
        ("/docs", "text/*"),
        ("/docs/docs.css", "text/css,*/*;q=0.1"),
        ("/docs/docs.js", "text/javascript"),
    ] {
        assert_eq!(asking(&nobody, path, accept).await.status, 200, "{accept}");
    }
    for (path, accept) in [
        ("/docs", "application/json"),
        ("/docs", "text/html;q=0, */*"),
        ("/docs", "text/css"),
        ("/docs/docs.js", "text/html"),
        ("/docs/docs.js", "application/json, image/*"),
    ] {
        let refused = asking(&nobody, path, accept).await;

        let problem = refused.is_problem(406, "not_acceptable");
        let detail = problem["detail"].as_str();
        assert!(detail.is_some_and(|it| it.contains("text/")), "{problem}");
    }
}

#[tokio::test]
async fn it_can_be_kept_back() {
    let app = TestApp::start_with(WITHOUT_DOCUMENT, |ports| ports).await;
    let nobody = app.anonymous();

    let (page, file) = (
        nobody.get_docs().await,
        nobody.get_docs_file("docs.js").await,
    );

    page.is_problem(404, "not_found");
    file.is_problem(404, "not_found");
}

async fn known(client: &Client, path: &str, tags: &str) -> Answer {
    let request = client.request(Method::GET, path);
    client.send(request.header(IF_NONE_MATCH, tags)).await
}

async fn asking(client: &Client, path: &str, accept: &str) -> Answer {
    let request = client.request(Method::GET, path);
    client.send(request.header(ACCEPT, accept)).await
}
