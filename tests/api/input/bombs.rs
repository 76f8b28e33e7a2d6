//! Little input that might cost a lot.

use reqwest::header::CONTENT_ENCODING;
use support::TestApp;
use uuid::Uuid;

use super::{is_tame, operations};

#[tokio::test]
async fn no_body_costs_more_than_it_weighs() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let limit = app.settings.server.body_limit_bytes;
    let digits = "9".repeat(60_000);
    let members = |many: u32| {
        let members = (0..many).map(|it| format!("\"{it}\":0"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    };
    let nested = format!("{}{}", "[".repeat(limit / 2), "]".repeat(limit / 2));
    for operation in operations().iter().filter(|it| !it.fields.is_empty()) {
        let field = &operation.fields[0];
        let in_field = |value: &str| operation.body_with(field, value);
        for (case, status, body) in [
            ("as deep as it fits", 400, "[".repeat(limit)),
            ("as deep, and whole", 422, nested.clone()),
            ("deeper", 413, "[".repeat(100_000)),
            ("many members", 422, members(6_000)),
            ("more members", 413, members(10_000)),
            ("a long number", 400, in_field(&digits)),
            ("a longer number", 413, in_field(&digits.repeat(2))),
            ("a large number", 400, in_field("1e999999")),
            ("a small number", 422, in_field("1e-999999")),
            ("a long fraction", 422, in_field(&format!("0.{digits}"))),
            ("half a character", 400, in_field("\"\\ud83d\"")),
            ("the other half", 400, in_field("\"\\uddff\"")),
            (
                "half a character in a name",
                400,
                "{\"\\ud83d\":0}".to_owned(),
            ),
        ] {
            let answer = admin
                .send(operation.request(&admin, Uuid::nil(), body))
                .await;

            let shown = format!("{} {case}", operation.id);
            is_tame(&answer, &shown);
            assert_eq!(answer.status, status, "{shown}: {}", answer.json());
            assert!(answer.body.len() < limit, "{shown}: a long answer");
        }
    }
}

/// What is compressed is not looked into.
#[tokio::test]
async fn no_body_is_unpacked() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for operation in operations().iter().filter(|it| !it.fields.is_empty()) {
        for encoding in [
            "gzip",
            "deflate",
            "br",
            "zstd",
            "gzip, gzip",
            "identity, br",
        ] {
            let body = operation.body_with("", "");
            let request = operation.request(&admin, Uuid::nil(), body);

            let answer = admin.send(request.header(CONTENT_ENCODING, encoding)).await;

            answer.is_problem(415, "unsupported_media_type");
        }
    }
}

#[tokio::test]
async fn no_query_costs_more_than_it_weighs() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    for query in [
        "limit=1&".repeat(5_000),
        "a=1&".repeat(5_000),
        "&".repeat(20_000),
        "=".repeat(20_000),
        "%00".repeat(5_000),
        format!("q={}", "%25".repeat(5_000)),
        format!("status={}", ",".repeat(20_000)),
        format!("include={}", "total,".repeat(3_000)),
        (0..3_000)
            .map(|it| format!("{it}=1"))
            .collect::<Vec<_>>()
            .join("&"),
    ] {
        let answer = admin.list_users(&query).await;

        is_tame(&answer, &query[..20]);
        assert!(answer.body.len() < 64 * 1024, "{query:.20}: a long answer");
    }
}
