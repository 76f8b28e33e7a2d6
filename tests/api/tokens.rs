use std::sync::Arc;

use application::sessions::{AccessClaims, TokenSigner};
use chrono::{DateTime, TimeDelta};
use domain::roles::RoleName;
use domain::sessions::{SessionId, TokenVersion};
use domain::users::UserId;
use infrastructure::{Es256Signer, SigningRing};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use support::{Answer, TestApp};
use uuid::Uuid;

#[tokio::test]
async fn a_token_is_good_until_its_last_second() {
    let app = TestApp::start().await;
    let ada = app.member().await;

    app.clock.advance(TimeDelta::seconds(599));
    let before = ada.get_me().await;
    app.clock.advance(TimeDelta::seconds(1));
    let after = ada.get_me().await;

    assert_eq!(before.status, 200);
    is_invalid_token(&after);
}

#[tokio::test]
async fn what_a_token_stands_on_can_be_taken_away_also_while_the_feed_is_silent() {
    for change in [
        "UPDATE sessions SET ended_at = '2026-01-01 00:00:00+00:00'",
        "UPDATE sessions SET expires_at = '2026-01-01 00:00:00+00:00'",
        "DELETE FROM sessions",
        "UPDATE users SET token_version = token_version + 1",
        "UPDATE users SET token_version = token_version - 1",
        "UPDATE users SET status = 'pending'",
        "UPDATE users SET status = 'deactivated'",
        "DELETE FROM users",
    ] {
        let app = TestApp::start().await;
        let ada = app.member().await;
        app.clock.advance(TimeDelta::seconds(2));
        assert_eq!(ada.get_me().await.status, 200);

        app.database.execute(change).await;

        let refused = ada.get_me().await;
        assert_eq!(refused.status, 401, "{change}");
        is_invalid_token(&refused);
    }
}

#[tokio::test]
async fn a_deactivation_ends_the_token_at_once() {
    let app = TestApp::start().await;
    let (admin, ada) = (app.administrator().await, app.member().await);
    assert_eq!(ada.get_me().await.status, 200);

    let shut = admin.deactivate_user(ada.id(), "*").await;

    assert_eq!(shut.ok()["status"], "deactivated");
    is_invalid_token(&ada.get_me().await);
}

#[tokio::test]
async fn a_token_that_somebody_else_signed_is_refused() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let claims = access(&verified(&app, ada.token()).await);
    let tokens = &app.settings.tokens;
    let signer = |pem: SecretString, issuer: &str, audience: &str| {
        let ring = SigningRing::of_pem(&pem).expect("a good key");
        Es256Signer::new(Arc::new(ring), issuer.to_owned(), audience.to_owned())
    };
    let another_key = Es256Signer::generate_pem().expect("there are random bits");

    let another = signer(
        another_key,
        &app.settings.server.public_url,
        &tokens.audience,
    );
    let foreign = another.sign(&claims).expect("the key signs");
    let own = app.ports.signer.sign(&claims).expect("the key signs");

    let refused = app.anonymous().with_token(foreign.expose_secret());
    is_invalid_token(&refused.get_me().await);
    let admitted = app.anonymous().with_token(own.expose_secret());
    assert_eq!(admitted.get_me().await.status, 200);
}

#[tokio::test]
async fn only_one_bearer_token_is_a_token() {
    let app = TestApp::start().await;
    let ada = app.member().await;
    let nobody = app.anonymous();
    let with = |value: &str| {
        nobody
            .request(Method::GET, "/api/v1/me")
            .header(AUTHORIZATION, value)
    };
    let token = ada.token();

    let none = nobody.get_me().await;
    let twice = ada.request(Method::GET, "/api/v1/me");
    let twice = ada
        .send(twice.header(AUTHORIZATION, format!("Bearer {token}")))
        .await;

    none.is_problem(401, "unauthenticated");
    assert_eq!(
        none.header("www-authenticate"),
        Some("Bearer realm=\"ashlar\"")
    );
    is_invalid_token(&twice);
    let small = nobody.send(with(&format!("bearer {token}"))).await;
    assert_eq!(small.status, 200);
    for other in [
        "Bearer",
        "Bearer ",
        "Bearer x y",
        &format!("Bearer {token}x"),
    ] {
        is_invalid_token(&nobody.send(with(other)).await);
    }
    for other in ["Basic YTpi", token] {
        let refused = nobody.send(with(other)).await;
        refused.is_problem(401, "unauthenticated");
    }
}

/// What a token says to somebody who has nothing but the published keys.
pub(super) async fn verified(app: &TestApp, token: &str) -> Value {
    let keys = app.anonymous().get_key_set().await.ok();
    let keys: JwkSet = serde_json::from_value(keys).expect("it is a key set");
    let header = decode_header(token).expect("a token has a header");
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    assert_eq!(header.alg, Algorithm::ES256);
    let kid = header.kid.expect("the token names its key");
    let key = keys.find(&kid).expect("the key is published");
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[&app.settings.server.public_url]);
    validation.set_audience(&["ashlar"]);
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    let key = DecodingKey::from_jwk(key).expect("the key is one");
    let verified = decode::<Value>(token, &key, &validation);
    verified.expect("the signature is right").claims
}

fn access(claims: &Value) -> AccessClaims {
    let time = |it: &Value| {
        let seconds = it.as_i64().expect("a time is a number");
        DateTime::from_timestamp(seconds, 0).expect("a time is not too far away")
    };
    AccessClaims {
        id: id(&claims["jti"]),
        user_id: UserId(id(&claims["sub"])),
        session_id: SessionId(id(&claims["sid"])),
        token_version: TokenVersion(1),
        roles: vec![RoleName::member()],
        authenticated_at: time(&claims["auth_time"]),
        issued_at: time(&claims["iat"]),
        expires_at: time(&claims["exp"]),
    }
}

#[track_caller]
fn is_invalid_token(answer: &Answer) {
    answer.is_problem(401, "invalid_token");
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Bearer realm=\"ashlar\", error=\"invalid_token\"")
    );
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().expect("it is text")
}

pub(super) fn id(value: &Value) -> Uuid {
    text(value).parse().expect("it is an id")
}
