use std::io::Read;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::Contract;
use crate::record::record;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body of a 200.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        reason = "the assertion is what it is called for"
    )]
    pub fn ok(&self) -> Value {
        self.expect(StatusCode::OK).json()
    }

    /// The body of a 201.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        reason = "the assertion is what it is called for"
    )]
    pub fn created(&self) -> Value {
        self.expect(StatusCode::CREATED).json()
    }

    #[track_caller]
    pub fn accepted(&self) {
        self.expect(StatusCode::ACCEPTED);
        assert!(self.body.is_empty(), "a 202 has no body");
    }

    #[track_caller]
    pub fn no_content(&self) {
        self.expect(StatusCode::NO_CONTENT);
        assert!(self.body.is_empty(), "a 204 has no body");
    }

    #[track_caller]
    pub fn not_modified(&self) {
        self.expect(StatusCode::NOT_MODIFIED);
        assert!(self.body.is_empty(), "a 304 has no body");
    }

    /// Any problem has to be whole; this one has to have that status and code. Gives its body.
    #[track_caller]
    #[expect(
        clippy::must_use_candidate,
        reason = "the assertion is what it is called for"
    )]
    pub fn is_problem(&self, status: u16, code: &str) -> Value {
        let body = self.json();
        assert_eq!(
            (self.status.as_u16(), body["code"].as_str()),
            (status, Some(code)),
            "{body}"
        );
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(body["status"], status);
        assert!(
            body["type"]
                .as_str()
                .is_some_and(|it| it.ends_with(&format!("/problems/{code}")))
        );
        for member in ["title", "detail"] {
            assert!(
                body[member].as_str().is_some_and(|it| !it.is_empty()),
                "{member}: {body}"
            );
        }
        let id = self
            .header("x-request-id")
            .expect("every answer has its request's id");
        assert_eq!(body["instance"], format!("urn:uuid:{id}"));
        body
    }

    /// What OAuth refuses with: RFC 6749, section 5.2.
    #[track_caller]
    pub fn is_oauth_error(&self, code: &str) {
        let body = self.json();
        assert_eq!(
            (self.status.as_u16(), body["error"].as_str()),
            (400, Some(code)),
            "{body}"
        );
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        let page = body["error_uri"].as_str();
        assert!(page.is_some_and(|it| it.ends_with(&format!("/problems/{code}"))));
    }

    /// Where the body is at fault, each with its code, in the order of their places.
    #[track_caller]
    #[must_use]
    pub fn faults(&self) -> Vec<(String, String)> {
        let body = self.json();
        let errors = body["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("no errors in {body}"));
        let text = |it: &Value| it.as_str().map(str::to_owned);
        let mut faults: Vec<_> = errors
            .iter()
            .map(|it| {
                let place = text(&it["pointer"]).or_else(|| text(&it["parameter"]));
                (
                    place.expect("a fault has a place"),
                    text(&it["code"]).expect("a fault has a code"),
                )
            })
            .collect();
        faults.sort();
        faults
    }

    #[track_caller]
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| {
            panic!("{}: {:?}", self.status, String::from_utf8_lossy(&self.body))
        })
    }

    /// The body as it was before it was compressed.
    pub(crate) fn decoded(&self, body: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        let read = match self.header("content-encoding") {
            Some("gzip") => flate2::read::GzDecoder::new(body).read_to_end(&mut plain),
            Some("br") => brotli::Decompressor::new(body, 4096).read_to_end(&mut plain),
            Some(other) => panic!("nobody asked for {other}"),
            None => return body.to_vec(),
        };
        read.expect("the body is whole");
        plain
    }

    /// Every answer passes here: the document has to promise it, and the record counts it.
    pub(crate) fn hold_to_contract(&self, operation: Option<&str>) {
        let code = self.problem_code();
        record(operation, self.status.as_u16(), code.as_deref());
        if let Some(operation) = operation {
            Contract::ours().hold(operation, self);
        }
    }

    /// The body of a 200 that is no JSON.
    #[track_caller]
    #[must_use]
    pub fn text(&self) -> String {
        let body = self.expect(StatusCode::OK).body.clone();
        String::from_utf8(body).expect("it is UTF-8")
    }

    /// What programs call the problem, if it is one.
    #[must_use]
    pub fn problem_code(&self) -> Option<String> {
        let failed = self.status.is_client_error() || self.status.is_server_error();
        let body: Value = serde_json::from_slice(&self.body).ok().filter(|_| failed)?;
        let code = body["code"].as_str().or(body["error"].as_str());
        code.map(str::to_owned)
    }

    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    #[track_caller]
    #[must_use]
    pub fn etag(&self) -> String {
        self.header("etag").expect("it has an ETag").to_owned()
    }

    #[track_caller]
    fn expect(&self, status: StatusCode) -> &Self {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        self
    }
}
