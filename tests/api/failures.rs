//! What is left of a request when something behind the interface fails.

use application::StoreError;
use domain::users::Status;
use reqwest::Method;
use serde_json::{Value, json};
use support::factories::users::{PASSWORD, create_user, id_of, user};
use support::{Answer, Fault, Faults, Place, TestApp, TestDatabase};
use tokio::task::JoinSet;

const LOGIN: &str = "/api/v1/auth/login";
const JSON: (&str, &str) = ("Content-Type", "application/json");
/// What nobody outside may read.
const INTERNAL: &str = "the innermost secret";

#[tokio::test]
async fn a_panic_is_an_internal_failure_and_the_server_goes_on() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    for place in [Place::Standing, Place::Begin, Place::Commit] {
        faults.plan(place, Fault::Panics(INTERNAL));

        let failed = admin.create_user(&create_user()).await;
        faults.mend();
        let next = admin.create_user(&create_user()).await;

        failed.is_problem(500, "internal");
        tells_nothing(&failed);
        assert_eq!(next.status, 201);
    }
}

#[tokio::test]
async fn a_panic_is_an_internal_failure_for_nobody_too() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    faults.plan(Place::Begin, Fault::Panics(INTERNAL));

    let failed = app.anonymous().login(ada.email.as_str(), PASSWORD).await;

    failed.is_problem(500, "internal");
    tells_nothing(&failed);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let faults = Faults::default();
    let short = [("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "100")];
    let app = TestApp::start_with(&short, |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    for place in [Place::Standing, Place::Begin, Place::Commit] {
        faults.plan(place, Fault::NeverAnswers);

        let answer = admin.create_user(&create_user()).await;

        answer.is_problem(503, "unavailable");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    assert_eq!(app.database.count("users").await, 1);
}

#[tokio::test]
async fn a_body_that_stalls_is_not_waited_for() {
    let short = [("ASHLAR__SERVER__REQUEST_TIMEOUT_MS", "200")];
    let app = TestApp::start_with(&short, |ports| ports).await;
    let mut requests = JoinSet::new();
    for (framing, half) in [
        (("Content-Length", "20"), "{\"email\":"),
        (("Content-Length", "20"), ""),
        (("Transfer-Encoding", "chunked"), "9\r\n{\"email\":\r\n"),
        (("Transfer-Encoding", "chunked"), "9"),
    ] {
        let client = app.anonymous();
        requests.spawn(async move {
            let mut request = client.begin(Method::POST, LOGIN, &[JSON, framing]).await;

            request.send(half.as_bytes()).await;

            request.answer().await.is_problem(408, "body_timed_out");
            // Or a few slow clients would hold every connection that there is.
            request.ends().await;
        });
    }
    requests.join_all().await;
}

#[tokio::test]
async fn without_a_database_the_service_is_unavailable() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    for place in [Place::Standing, Place::Begin, Place::Commit] {
        let gone = StoreError::Unavailable(INTERNAL.into());
        faults.plan(place, Fault::Answers(gone));

        let failed = admin.create_user(&create_user()).await;
        faults.mend();
        let next = admin.create_user(&create_user()).await;

        failed.is_problem(503, "unavailable");
        assert_eq!(failed.header("retry-after"), Some("1"));
        tells_nothing(&failed);
        assert_eq!(next.status, 201);
    }
}

#[tokio::test]
async fn without_a_database_nobody_is_signed_in_nor_refused() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let gone = StoreError::Unavailable(INTERNAL.into());
    faults.plan(Place::Begin, Fault::Answers(gone));

    let failed = app.anonymous().login(ada.email.as_str(), PASSWORD).await;

    failed.is_problem(503, "unavailable");
    tells_nothing(&failed);
}

/// At most one request for each connection of the pool notices it.
#[tokio::test]
async fn after_its_connections_were_cut_the_service_comes_back() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    assert_eq!(admin.create_user(&create_user()).await.status, 201);

    app.database.cut_connections().await;

    for _ in 0..app.settings.database.max_connections {
        let answer = admin.create_user(&create_user()).await;
        if answer.status != 201 {
            answer.is_problem(503, "unavailable");
        }
    }
    assert_eq!(admin.create_user(&create_user()).await.status, 201);
    assert_eq!(admin.list_users("").await.status, 200);
}

#[tokio::test]
async fn what_the_database_refuses_stays_inside() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let admin = app.administrator().await;
    for place in [Place::Standing, Place::Begin, Place::Commit] {
        let refused = StoreError::Failed(INTERNAL.into());
        faults.plan(place, Fault::Answers(refused));

        let failed = admin.create_user(&create_user()).await;

        failed.is_problem(500, "internal");
        tells_nothing(&failed);
    }
}

/// The database itself says no, in words that hold table and column.
#[tokio::test]
async fn a_missing_table_stays_inside() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    app.database
        .execute("ALTER TABLE user_roles RENAME TO innermost")
        .await;

    let failed = admin.get_me().await;

    failed.is_problem(500, "internal");
    tells_nothing(&failed);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_stays_inside() {
    for (column, value) in [
        ("status", INTERNAL),
        ("email", INTERNAL),
        ("display_name", "the innermost\nsecret"),
    ] {
        let app = TestApp::start().await;
        let admin = app.administrator().await;
        let broken = id_of(&admin.create_user(&create_user()).await.created());
        let row = TestDatabase::literal(broken);
        let update = format!("UPDATE users SET {column} = '{value}' WHERE id = {row}");
        app.database.execute(&update).await;

        let change = json!({ "display_name": "Ada" });
        let path = format!("/api/v1/users/{broken}");

        for failed in [
            admin.get_user(broken).await,
            admin.list_users("").await,
            admin.patch(&path, "*", &change).await,
            admin.deactivate_user(broken, "*").await,
        ] {
            failed.is_problem(500, "internal");
            tells_nothing(&failed);
            assert!(!failed.json().to_string().contains(&broken.to_string()));
        }
    }
}

#[tokio::test]
async fn an_account_that_cannot_be_read_signs_nobody_in() {
    let app = TestApp::start().await;
    let ada = user(Status::Active);
    let client = app.sign_in(&ada).await;
    let update = format!("UPDATE users SET status = '{INTERNAL}'");
    app.database.execute(&update).await;

    for failed in [
        client.get_me().await,
        app.anonymous().login(ada.email.as_str(), PASSWORD).await,
    ] {
        failed.is_problem(500, "internal");
        tells_nothing(&failed);
    }
}

#[track_caller]
fn tells_nothing(answer: &Answer) {
    let body: Value = answer.json();
    let members: Vec<_> = body
        .as_object()
        .into_iter()
        .flat_map(|it| it.keys())
        .collect();
    let whole = ["code", "detail", "instance", "status", "title", "type"];
    assert_eq!(members, whole, "{body}");
    let shown = format!("{body} {:?}", answer.headers);
    for word in [
        "innermost",
        "user_roles",
        "panicked",
        ".rs",
        "SELECT",
        "sqlx",
    ] {
        assert!(!shown.contains(word), "{word} is in {shown}");
    }
}
