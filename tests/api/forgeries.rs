//! Tokens that this server did not make, though they look like its own (RFC 8725). Each is good but for one thing.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, EncodingKey, Header, decode_header, encode};
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use support::{Answer, Client, TestApp};

use super::tokens::verified;

/// `{"typ":"at+jwt","alg":"none"}`
const UNSIGNED: &str = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJub25lIn0";

/// What the server could have signed, with its own key.
struct Forger {
    key: EncodingKey,
    header: Header,
    claims: Value,
}

impl Forger {
    async fn of(app: &TestApp, client: &Client) -> Self {
        Self {
            key: signing_key(app),
            header: decode_header(client.token()).expect("a token has a header"),
            claims: verified(app, client.token()).await,
        }
    }

    fn with_header(&self, change: impl FnOnce(&mut Header)) -> String {
        let mut header = self.header.clone();
        change(&mut header);
        encode(&header, &self.claims, &self.key).expect("the key signs")
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value;
        encode(&self.header, &claims, &self.key).expect("the key signs")
    }

    fn signed_by(&self, algorithm: Algorithm, key: &EncodingKey) -> String {
        let header = Header {
            alg: algorithm,
            ..self.header.clone()
        };
        encode(&header, &self.claims, key).expect("the key signs")
    }
}

#[tokio::test]
async fn no_forged_token_is_let_in_and_all_are_told_the_same() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let forger = Forger::of(&app, &ada).await;
    let mut told = None;

    let good = forger.with_header(|_| {});
    app.anonymous().with_token(&good).get_me().await.ok();
    for (what, forged) in forgeries(&app, &ada, &forger).await {
        let refused = app.anonymous().with_token(&forged).get_me().await;

        assert_eq!(refused.status, 401, "{what}");
        let told = told.get_or_insert_with(|| without_id(&refused));
        assert_eq!(without_id(&refused), *told, "{what}");
        refused.is_problem(401, "invalid_token");
    }
    let twice = ada.request(Method::GET, "/api/v1/me");
    let twice = twice.header(AUTHORIZATION, format!("Bearer {}", ada.token()));
    assert_eq!(Some(without_id(&ada.send(twice).await)), told);
}

async fn forgeries(app: &TestApp, ada: &Client, forger: &Forger) -> Vec<(&'static str, String)> {
    let published = app.anonymous().get_key_set().await.ok();
    let keys: JwkSet = serde_json::from_value(published.clone()).expect("it is a key set");
    let own_key = keys.keys.into_iter().next();
    let elsewhere = TestApp::start().await;
    let another = signing_key(&elsewhere);
    let public = EncodingKey::from_secret(published.to_string().as_bytes());
    let (message, signature) = ada.token().rsplit_once('.').expect("it is signed");
    let (header, claims) = message.split_once('.').expect("it has claims");
    let time = |name: &str| forger.claims[name].as_i64().expect("it is a time");
    vec![
        ("alg none", format!("{UNSIGNED}.{claims}.")),
        (
            "alg none, signed",
            format!("{UNSIGNED}.{claims}.{signature}"),
        ),
        (
            "HMAC by what is public",
            forger.signed_by(Algorithm::HS256, &public),
        ),
        ("another key", forger.signed_by(Algorithm::ES256, &another)),
        ("no kid", forger.with_header(|it| it.kid = None)),
        (
            "another kid",
            forger.with_header(|it| it.kid = Some("another".into())),
        ),
        ("jwk", forger.with_header(|it| it.jwk = own_key)),
        (
            "jku",
            forger.with_header(|it| it.jku = Some("https://evil.example.org".into())),
        ),
        (
            "x5u",
            forger.with_header(|it| it.x5u = Some("https://evil.example.org".into())),
        ),
        (
            "x5c",
            forger.with_header(|it| it.x5c = Some(vec!["MIIB".into()])),
        ),
        (
            "crit",
            forger.with_header(|it| it.crit = Some(vec!["exp".into()])),
        ),
        ("typ", forger.with_header(|it| it.typ = Some("JWT".into()))),
        ("no typ", forger.with_header(|it| it.typ = None)),
        (
            "iss",
            forger.with_claim("iss", json!("https://evil.example.org")),
        ),
        ("aud", forger.with_claim("aud", json!("another"))),
        (
            "two aud",
            forger.with_claim("aud", json!(["ashlar", "another"])),
        ),
        ("sub", forger.with_claim("sub", json!(uuid::Uuid::nil()))),
        (
            "client_id",
            forger.with_claim("client_id", json!("another")),
        ),
        ("scope", forger.with_claim("scope", json!("read"))),
        ("expired", forger.with_claim("exp", json!(time("iat") - 1))),
        (
            "not yet valid",
            forger.with_claim("nbf", json!(time("iat") + 60)),
        ),
        (
            "of the future",
            forger.with_claim("iat", json!(time("iat") + 60)),
        ),
        ("no signature", format!("{message}.")),
        ("nothing behind the claims", message.to_owned()),
        (
            "half a signature",
            format!("{message}.{}", &signature[..43]),
        ),
        ("more than a signature", format!("{message}.{signature}AA")),
        (
            "the signature of another token",
            format!("{header}.{}.{signature}", claims_of(&elsewhere).await),
        ),
    ]
}

fn signing_key(app: &TestApp) -> EncodingKey {
    let pem = app.keys.signing_key.as_ref().expect("it has one for good");
    EncodingKey::from_ec_pem(pem.expose_secret().as_bytes()).expect("it is the server's")
}

async fn claims_of(app: &TestApp) -> String {
    let somebody = app.administrator().await;
    let claims = somebody.token().split('.').nth(1);
    claims.expect("it has claims").to_owned()
}

/// All of the answer that could tell one refusal from another.
fn without_id(answer: &Answer) -> (Option<String>, Value) {
    let mut body = answer.json();
    body["instance"] = Value::Null;
    let challenge = answer.header("www-authenticate").map(str::to_owned);
    (challenge, body)
}
