//! Which pages may call (Fetch standard, CORS protocol).

use reqwest::Method;
use reqwest::header::ORIGIN;
use support::{Answer, Client, Fault, Faults, Place, TestApp};

const KEYS: &str = "/.well-known/jwks.json";
const FRIEND: &str = "https://app.example.org";
const STRANGER: &str = "https://evil.example.org";
const CREDENTIALS: &str = "access-control-allow-credentials";
const FRIENDS: (&str, &str) = ("ASHLAR__CORS__ALLOWED_ORIGINS", FRIEND);

#[tokio::test]
async fn without_friends_no_page_may_call() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();

    let preflight = preflight(&nobody, FRIEND, "GET", None).await;
    let called = from(&nobody, FRIEND, "/nowhere").await;

    assert_eq!(preflight.status, 204);
    for answer in [preflight, called, from(&nobody, FRIEND, KEYS).await] {
        assert_eq!(cors_headers(&answer), Vec::<&str>::new());
    }
}

#[tokio::test]
async fn a_friendly_page_is_told_what_it_may_send() {
    let app = TestApp::start_with(&[FRIENDS], |ports| ports).await;
    let wanted = "authorization, content-type, if-match, if-none-match, idempotency-key, \
                  x-request-id, traceparent";
    for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
        let answer = preflight(&app.anonymous(), FRIEND, method, Some(wanted)).await;

        assert!(answer.status.is_success(), "{method}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(FRIEND));
        assert_eq!(answer.header(CREDENTIALS), Some("true"));
        assert_eq!(answer.header("access-control-max-age"), Some("600"));
        assert!(list(&answer, "access-control-allow-methods").contains(&method.into()));
        let allowed = list(&answer, "access-control-allow-headers");
        assert!(
            wanted
                .split(", ")
                .all(|it| allowed.contains(&it.to_owned())),
            "{allowed:?}"
        );
        assert!(list(&answer, "vary").contains(&"origin".to_owned()));
    }
}

#[tokio::test]
async fn any_other_preflight_is_refused() {
    let app = TestApp::start_with(&[FRIENDS], |ports| ports).await;
    let nobody = app.anonymous();
    for (origin, method, headers) in [
        (STRANGER, "GET", None),
        ("null", "GET", None),
        ("https://app.example.org.evil.org", "GET", None),
        ("http://app.example.org", "GET", None),
        (FRIEND, "TRACE", None),
        (FRIEND, "GET", Some("x-other")),
    ] {
        let answer = preflight(&nobody, origin, method, headers).await;

        answer.is_problem(400, "cors_refused");
        assert_eq!(answer.header("access-control-allow-methods"), None);
        assert_eq!(answer.header(CREDENTIALS), None);
        if origin != FRIEND {
            assert_eq!(
                answer.header("access-control-allow-origin"),
                None,
                "{origin}"
            );
        }
    }
}

#[tokio::test]
async fn a_friendly_page_reads_successes_and_failures() {
    let faults = Faults::default();
    let short = [FRIENDS, ("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "1000")];
    let app = TestApp::start_with(&short, |ports| faults.within(ports)).await;
    let (member, nobody) = (app.member().await, app.anonymous());
    let mut answers = Vec::new();
    for (client, path, status) in [
        (&nobody, KEYS, 200),
        (&member, "/api/v1/me", 200),
        (&nobody, "/api/v1/me", 401),
        (&member, "/api/v1/users", 403),
        (&nobody, "/nowhere", 404),
        (&nobody, "/api/v1/auth/login", 405),
    ] {
        answers.push((from(client, FRIEND, path).await, status));
    }
    faults.plan(Place::Standing, Fault::Panics("on purpose"));
    answers.push((from(&member, FRIEND, "/api/v1/me").await, 500));
    faults.plan(Place::Standing, Fault::NeverAnswers);
    answers.push((from(&member, FRIEND, "/api/v1/me").await, 503));

    for (answer, status) in answers {
        assert_eq!(answer.status, status);
        let allowed = answer.header("access-control-allow-origin");
        assert_eq!(allowed, Some(FRIEND), "{status}");
        assert_eq!(answer.header(CREDENTIALS), Some("true"), "{status}");
        let exposed = list(&answer, "access-control-expose-headers");
        for name in [
            "etag",
            "location",
            "link",
            "retry-after",
            "ratelimit",
            "ratelimit-policy",
            "x-request-id",
            "www-authenticate",
        ] {
            assert!(exposed.contains(&name.to_owned()), "{name} of a {status}");
        }
        assert!(
            list(&answer, "vary").contains(&"origin".to_owned()),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_strange_page_reads_nothing() {
    let app = TestApp::start_with(&[FRIENDS], |ports| ports).await;
    let nobody = app.anonymous();
    for origin in [STRANGER, "null", "https://APP.example.org", ""] {
        for path in [KEYS, "/api/v1/me", "/nowhere"] {
            let answer = from(&nobody, origin, path).await;

            assert_eq!(
                answer.header("access-control-allow-origin"),
                None,
                "{origin}"
            );
            assert_eq!(answer.header(CREDENTIALS), None, "{origin}");
            // Or a cache would hand this answer to a friend.
            assert!(
                list(&answer, "vary").contains(&"origin".to_owned()),
                "{origin}"
            );
        }
    }
}

/// A wildcard opens what anybody may read anyway; nobody's cookies come with it.
#[tokio::test]
async fn an_origin_that_is_not_named_sends_no_cookies() {
    let any = ("ASHLAR__CORS__ALLOWED_ORIGINS", "*");
    let app = TestApp::start_with(&[any], |ports| ports).await;
    let nobody = app.anonymous();

    for answer in [
        preflight(&nobody, STRANGER, "GET", None).await,
        from(&nobody, STRANGER, KEYS).await,
        from(&nobody, "*", KEYS).await,
    ] {
        assert!(answer.status.is_success(), "{}", answer.status);
        assert!(answer.header("access-control-allow-origin").is_some());
        assert_eq!(answer.header(CREDENTIALS), None);
    }
}

async fn preflight(client: &Client, origin: &str, method: &str, headers: Option<&str>) -> Answer {
    let request = client
        .request(Method::OPTIONS, "/api/v1/me")
        .header(ORIGIN, origin);
    let request = request.header("Access-Control-Request-Method", method);
    let request = match headers {
        Some(names) => request.header("Access-Control-Request-Headers", names),
        None => request,
    };
    client.send(request).await
}

async fn from(client: &Client, origin: &str, path: &str) -> Answer {
    client
        .send(client.request(Method::GET, path).header(ORIGIN, origin))
        .await
}

fn cors_headers(answer: &Answer) -> Vec<&str> {
    let names = answer
        .headers
        .keys()
        .map(reqwest::header::HeaderName::as_str);
    names
        .filter(|it| it.starts_with("access-control-"))
        .collect()
}

/// The members of a header that is a list, in lower case but for methods.
fn list(answer: &Answer, name: &str) -> Vec<String> {
    let values = answer.headers.get_all(name).iter();
    let texts = values.filter_map(|it| it.to_str().ok());
    let items = texts.flat_map(|it| it.split(',')).map(str::trim);
    match name {
        "access-control-allow-methods" => items.map(str::to_owned).collect(),
        _ => items.map(str::to_ascii_lowercase).collect(),
    }
}
