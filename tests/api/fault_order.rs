//! Which of several faults is told.

use domain::users::Status;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, IF_MATCH};
use serde_json::json;
use support::factories::users::{create_user, user};
use support::{Answer, Client, TestApp};
use uuid::Uuid;

/// Nothing has this id.
const NOTHING: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_ffff);

/// Everything is wrong with a request; it is mended one by one, what is told first.
#[tokio::test]
async fn of_several_faults_the_same_one_is_always_told_first() {
    let limit = ("ASHLAR__SERVER__BODY_LIMIT_BYTES", "1024");
    let app = TestApp::start_with(&[limit], |ports| ports).await;
    let admin = app.administrator().await;
    let taken = create_user();
    admin.create_user(&taken).await.created();
    let ada = user(Status::Active);
    app.store(&ada).await;
    let mut faulty = Faulty {
        client: app.anonymous(),
        method: Method::PUT,
        path: "/api/v1/usres/1".into(),
        accept: "text/html",
        if_match: None,
        content_type: "text/plain",
        body: "{".repeat(1_025),
    };

    faulty.is_told(404, "not_found").await;
    faulty.path = "/api/v1/users/1".into();
    faulty.is_told(405, "method_not_allowed").await;
    faulty.method = Method::PATCH;
    faulty.is_told(401, "unauthenticated").await;
    faulty.client = app.anonymous().with_token("x");
    faulty.is_told(401, "invalid_token").await;
    faulty.client = app.member().await;
    faulty.is_told(403, "insufficient_scope").await;
    faulty.client = admin;
    faulty.is_told(406, "not_acceptable").await;
    faulty.accept = "application/json";
    faulty.is_told(400, "invalid_parameter").await;
    faulty.path = format!("/api/v1/users/{NOTHING}");
    faulty.is_told(428, "if_match_required").await;
    faulty.if_match = Some("7");
    faulty.is_told(400, "invalid_parameter").await;
    faulty.if_match = Some("\"7\"");
    faulty.is_told(415, "unsupported_media_type").await;
    faulty.content_type = "application/merge-patch+json";
    faulty.is_told(413, "too_large").await;
    faulty.body = "{".repeat(1_024);
    faulty.is_told(400, "malformed_json").await;
    faulty.body = json!({ "email": taken["email"], "display_name": "" }).to_string();
    faulty.is_told(422, "invalid").await;
    faulty.body = json!({ "email": taken["email"] }).to_string();
    faulty.is_told(404, "not_found").await;
    faulty.path = format!("/api/v1/users/{}", ada.id.0);
    faulty.is_told(412, "stale").await;
    faulty.if_match = Some("\"1\"");
    faulty.is_told(409, "email_taken").await;
    faulty.body = "{}".into();
    faulty.send().await.ok();
}

struct Faulty {
    client: Client,
    method: Method,
    path: String,
    accept: &'static str,
    if_match: Option<&'static str>,
    content_type: &'static str,
    body: String,
}

impl Faulty {
    async fn is_told(&self, status: u16, code: &str) {
        self.send().await.is_problem(status, code);
    }

    async fn send(&self) -> Answer {
        let request = self.client.request(self.method.clone(), &self.path);
        let request = request
            .header(ACCEPT, self.accept)
            .header(CONTENT_TYPE, self.content_type)
            .body(self.body.clone());
        let request = match self.if_match {
            Some(tag) => request.header(IF_MATCH, tag),
            None => request,
        };
        self.client.send(request).await
    }
}
