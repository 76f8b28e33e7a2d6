use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use application::credentials::{PasswordHash, PasswordHasher, Verdict};
use application::{Clock, Error, Ports};
use async_trait::async_trait;
use domain::users::{Status, User, UserId};
use infrastructure::{Argon2Hasher, HashingPolicy};
use secrecy::SecretString;
use serde_json::{Value, json};
use support::factories::users::{PASSWORD, email, user};
use support::{Answer, TestApp, TestDatabase, origin};
use uuid::Uuid;

use super::tokens::{id, text, verified};

#[tokio::test]
async fn a_sign_in_answers_with_a_token_that_anybody_can_verify() {
    let app = TestApp::start().await;
    let ada = user(Status::Active);
    app.store(&ada).await;

    let answer = app.anonymous().login(ada.email.as_str(), PASSWORD).await;

    let body = answer.ok();
    assert_eq!(body["status"], "authenticated");
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 600);
    assert_eq!(
        body.as_object().map(serde_json::Map::len),
        Some(5),
        "{body}"
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let claims = verified(&app, text(&body["access_token"])).await;
    let now = app.clock.now().timestamp();
    let (jti, sid): (Uuid, Uuid) = (id(&claims["jti"]), id(&claims["sid"]));
    assert_ne!(jti, sid);
    let expected = json!({
        "iss": app.settings.server.public_url, "aud": "ashlar", "sub": ada.id.0,
        "iat": now, "exp": now + 600, "auth_time": now,
        "jti": jti, "sid": sid, "client_id": "ashlar", "scope": "full",
        "roles": ["member"], "ver": 1,
    });
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn a_sign_in_begins_a_session_of_its_own() {
    let app = TestApp::start().await;
    let ada = user(Status::Active);
    app.store(&ada).await;

    let first = token(&app, &ada).await;
    let second = token(&app, &ada).await;

    assert_ne!(first, second);
    assert_eq!(app.database.count("sessions").await, 2);
    let sid = id(&verified(&app, &first).await["sid"]);
    let row = format!(
        "SELECT id FROM sessions WHERE id = {} AND user_id = {} AND ended_at IS NULL",
        TestDatabase::literal(sid),
        TestDatabase::literal(ada.id.0),
    );
    assert_eq!(app.database.query(&row).await.len(), 1);
    assert_eq!(me(&app, &first).await["id"], json!(ada.id.0));
    assert_eq!(me(&app, &second).await["id"], json!(ada.id.0));
}

#[tokio::test]
async fn every_refused_sign_in_has_the_same_answer() {
    let app = TestApp::start().await;
    let (known, pending, shut) = (
        user(Status::Active),
        user(Status::Pending),
        user(Status::Deactivated),
    );
    for it in [&known, &pending, &shut] {
        app.store(it).await;
    }
    let invited = json!({ "email": email(), "display_name": "Ada" });
    let _ = app
        .administrator()
        .await
        .create_user(&invited)
        .await
        .created();
    let before = app.database.count("sessions").await;
    let nobody = app.anonymous();

    let unknown = nobody.login(&email(), PASSWORD).await;

    unknown.is_problem(401, "sign_in_refused");
    assert_eq!(
        unknown.header("www-authenticate"),
        Some("Bearer realm=\"ashlar\"")
    );
    for (address, password) in [
        (known.email.as_str(), "a password of somebody else"),
        (known.email.as_str(), "x"),
        (pending.email.as_str(), PASSWORD),
        (shut.email.as_str(), PASSWORD),
        (text(&invited["email"]), PASSWORD),
    ] {
        let refused = nobody.login(address, password).await;
        assert_eq!(without_id(&refused), without_id(&unknown), "{address}");
    }
    assert_eq!(app.database.count("sessions").await, before);
}

#[tokio::test]
async fn the_letter_case_of_an_address_does_not_count() {
    let app = TestApp::start().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let shouted = format!(" {} ", ada.email.as_str().to_uppercase());

    let answer = app.anonymous().login(&shouted, PASSWORD).await;

    let claims = verified(&app, text(&answer.ok()["access_token"])).await;
    assert_eq!(claims["sub"], json!(ada.id.0));
}

#[tokio::test]
async fn a_body_is_told_all_its_faults() {
    let app = TestApp::start().await;
    let long = "é".repeat(129);
    for (body, faults) in [
        (
            json!({}),
            vec![("/email", "missing"), ("/password", "missing")],
        ),
        (
            json!({ "email": "ada", "password": "", "remember": true }),
            vec![
                ("/email", "invalid"),
                ("/password", "invalid"),
                ("/remember", "unknown_field"),
            ],
        ),
        (
            json!({ "email": null, "password": [PASSWORD] }),
            vec![("/email", "wrong_type"), ("/password", "wrong_type")],
        ),
        (
            json!({ "email": email(), "password": long }),
            vec![("/password", "invalid")],
        ),
    ] {
        let answer = app.anonymous().post("/api/v1/auth/login", &body).await;

        answer.is_problem(422, "invalid");
        let told = answer.faults();
        let told: Vec<_> = told.iter().map(|(at, code)| (&**at, &**code)).collect();
        assert_eq!(told, faults);
        assert!(!answer.json().to_string().contains(PASSWORD));
    }
}

#[tokio::test]
async fn the_longest_password_signs_in() {
    let app = TestApp::start().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let longest = "🗿".repeat(128);
    let hash = app.ports.hasher.hash(&longest.clone().into()).await;
    put_hash(&app, ada.id, &hash.expect("nobody else hashes")).await;

    let answer = app.anonymous().login(ada.email.as_str(), &longest).await;

    assert_eq!(answer.ok()["status"], "authenticated");
}

#[tokio::test]
async fn an_overloaded_server_says_when_to_come_again() {
    let probe = Probe::default();
    let app = TestApp::start_with(&[], |ports| probe.within(ports)).await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    probe.0.overloaded.store(true, Ordering::SeqCst);

    for address in [ada.email.as_str(), &email()] {
        let answer = app.anonymous().login(address, PASSWORD).await;

        answer.is_problem(503, "overloaded");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    assert_eq!(app.database.count("sessions").await, 0);
}

#[tokio::test]
async fn an_unknown_address_costs_the_same_hash() {
    let probe = Probe::default();
    let app = TestApp::start_with(&[], |ports| probe.within(ports)).await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let made = probe.0.hashed.load(Ordering::SeqCst);

    for address in [ada.email.as_str(), &email()] {
        let before = probe.verified();

        let answer = app.anonymous().login(address, "not the password").await;

        answer.is_problem(401, "sign_in_refused");
        assert_eq!(probe.verified(), before + 1);
    }
    assert_eq!(probe.0.hashed.load(Ordering::SeqCst), made);
}

#[tokio::test]
async fn an_outdated_hash_is_made_again_at_sign_in() {
    let app = TestApp::start().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let outdated = Argon2Hasher::new(HashingPolicy {
        memory_kib: 32,
        iterations: 2,
        parallelism: 1,
        max_concurrent: 1,
        max_waiting: 1,
    });
    let outdated = outdated
        .expect("a good policy")
        .hash(&PASSWORD.into())
        .await;
    let outdated = outdated.expect("nobody else hashes");
    put_hash(&app, ada.id, &outdated).await;
    let login = async |password| app.anonymous().login(ada.email.as_str(), password).await;

    login("not the password")
        .await
        .is_problem(401, "sign_in_refused");
    let untouched = stored_hash(&app).await;
    let second = login(PASSWORD).await;
    let remade = stored_hash(&app).await;
    let third = login(PASSWORD).await;

    assert_eq!((second.status.as_u16(), third.status.as_u16()), (200, 200));
    assert_eq!(untouched, outdated.0);
    assert!(
        remade.starts_with("$argon2id$v=19$m=8,t=1,p=1$"),
        "{remade}"
    );
    assert_eq!(stored_hash(&app).await, remade);
}

/// A hasher that counts, and that can be told to be overloaded.
#[derive(Clone, Default)]
pub(super) struct Probe(Arc<Shared>);

#[derive(Default)]
struct Shared {
    hashed: AtomicUsize,
    verified: AtomicUsize,
    overloaded: AtomicBool,
}

impl Probe {
    pub(super) fn within(&self, ports: Ports) -> Ports {
        let hasher = ProbedHasher(Arc::clone(&self.0), Arc::clone(&ports.hasher));
        Ports {
            hasher: Arc::new(hasher),
            ..ports
        }
    }

    /// How many passwords were looked at.
    pub(super) fn verified(&self) -> usize {
        self.0.verified.load(Ordering::SeqCst)
    }
}

struct ProbedHasher(Arc<Shared>, Arc<dyn PasswordHasher>);

#[async_trait]
impl PasswordHasher for ProbedHasher {
    async fn hash(&self, password: &SecretString) -> Result<PasswordHash, Error> {
        self.0.hashed.fetch_add(1, Ordering::SeqCst);
        self.1.hash(password).await
    }

    async fn verify<'a>(
        &self,
        password: &SecretString,
        hash: Option<&'a PasswordHash>,
    ) -> Result<Verdict, Error> {
        self.0.verified.fetch_add(1, Ordering::SeqCst);
        if self.0.overloaded.load(Ordering::SeqCst) {
            return Err(Error::Overloaded);
        }
        self.1.verify(password, hash).await
    }
}

/// All of an answer that must not tell one refusal from another.
fn without_id(answer: &Answer) -> (u16, Vec<(String, String)>, Value) {
    let mut body = answer.json();
    body["instance"] = Value::Null;
    let headers = answer.headers.iter();
    let of_its_own = ["x-request-id", "date", "ratelimit"];
    let headers = headers.filter(|(name, _)| !of_its_own.contains(&name.as_str()));
    let shown = |it: &reqwest::header::HeaderValue| String::from_utf8_lossy(it.as_bytes()).into();
    let mut headers: Vec<_> = headers
        .map(|(name, it)| (name.to_string(), shown(it)))
        .collect();
    headers.sort();
    (answer.status.as_u16(), headers, body)
}

async fn token(app: &TestApp, user: &User) -> String {
    let answer = app.anonymous().login(user.email.as_str(), PASSWORD).await;
    text(&answer.ok()["access_token"]).to_owned()
}

async fn me(app: &TestApp, token: &str) -> Value {
    app.anonymous().with_token(token).get_me().await.ok()
}

async fn put_hash(app: &TestApp, user: UserId, hash: &PasswordHash) {
    let tx = app.ports.database.begin(&origin()).await;
    let mut tx = tx.expect("the database is there");
    let put = tx.credentials_mut().put(user, hash, app.clock.now()).await;
    put.expect("the user is there");
    tx.commit().await.expect("nothing speaks against it");
}

async fn stored_hash(app: &TestApp) -> String {
    let rows = app
        .database
        .query("SELECT password_hash FROM credentials")
        .await;
    rows[0].try_get_by_index(0).expect("a hash is text")
}
