//! Keys of the database that sign: how they come and go, as clients and other instances see it.

use application::signing_keys::{KeyLoader, Rotation, SigningKeys};
use application::{StoreError, System, SystemReason};
use chrono::TimeDelta;
use domain::signing_keys::KeySet;
use domain::users::{Status, User};
use infrastructure::Es256Signer;
use jsonwebtoken::{Algorithm, EncodingKey, Header, decode_header, encode};
use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use server::compose;
use support::factories::users::{PASSWORD, user};
use support::{Answer, Fault, Faults, Place, TestApp, origin};

use super::tokens::{text, verified};

const SECOND: TimeDelta = TimeDelta::seconds(1);

async fn keeping() -> (TestApp, User) {
    let app = TestApp::start_keeping_keys(|ports| ports).await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    (app, ada)
}

fn keys(app: &TestApp) -> SigningKeys {
    compose::signing_keys(&app.settings, &app.ports)
}

fn upkeep() -> System {
    System::acting(origin().request_id, SystemReason::Upkeep)
}

async fn rotate(app: &TestApp) {
    let rotated = keys(app).rotate(&upkeep()).await;
    assert!(matches!(rotated, Ok(Rotation::Begun(_))), "{rotated:?}");
}

async fn replace(app: &TestApp) {
    let replaced = keys(app).replace(&upkeep()).await;
    replaced.expect("the database is there");
}

/// What an instance does every ten seconds.
async fn follow(app: &TestApp) {
    let loaded = KeyLoader::new(&app.ports).load().await;
    loaded.expect("the master key is right");
}

async fn signed_in(app: &TestApp, user: &User) -> Value {
    let answer = app.anonymous().login(user.email.as_str(), PASSWORD).await;
    answer.ok()
}

async fn token(app: &TestApp, user: &User) -> String {
    text(&signed_in(app, user).await["access_token"]).to_owned()
}

fn kid(token: &str) -> String {
    let header = decode_header(token).expect("a token has a header");
    header.kid.expect("it names its key")
}

async fn published(app: &TestApp) -> Vec<String> {
    let answer = app.anonymous().get_key_set().await.ok();
    let keys = answer["keys"].as_array().expect("there are keys");
    keys.iter().map(|it| text(&it["kid"]).to_owned()).collect()
}

async fn me(app: &TestApp, token: &str) -> Answer {
    app.anonymous().with_token(token).get_me().await
}

/// Its head names a key that this server has not made.
fn made_up(kid: &str) -> String {
    let pem = Es256Signer::generate_pem().expect("there are random bits");
    let key = EncodingKey::from_ec_pem(pem.expose_secret().as_bytes());
    let header = Header {
        typ: Some("at+jwt".to_owned()),
        kid: Some(kid.to_owned()),
        ..Header::new(Algorithm::ES256)
    };
    encode(&header, &json!({}), &key.expect("it is a key")).expect("the key signs")
}

#[tokio::test]
async fn a_rotation_voids_no_token_and_surprises_nobody_who_follows_the_published_keys() {
    let (app, ada) = keeping().await;
    let old = kid(&token(&app, &ada).await);
    assert_eq!(published(&app).await, [old.clone()]);

    rotate(&app).await;
    follow(&app).await;
    let both = published(&app).await;
    assert_eq!((both.len(), &both[0]), (2, &old));
    let new = both[1].clone();
    app.clock.advance(KeySet::ANNOUNCEMENT - SECOND);
    let last_of_old = token(&app, &ada).await;
    assert_eq!(kid(&last_of_old), old);

    app.clock.advance(SECOND);
    let first_of_new = token(&app, &ada).await;
    assert_eq!(kid(&first_of_new), new);
    for token in [&last_of_old, &first_of_new] {
        me(&app, token).await.ok();
        verified(&app, token).await;
    }

    app.clock.advance(TimeDelta::minutes(15) - SECOND);
    keys(&app).keep_up(&upkeep()).await.unwrap();
    follow(&app).await;
    assert_eq!(published(&app).await, both);
    app.clock.advance(SECOND);
    keys(&app).keep_up(&upkeep()).await.unwrap();
    follow(&app).await;
    assert_eq!(published(&app).await, [new]);
}

#[tokio::test]
async fn who_has_the_keys_is_told_that_there_is_another() {
    let (app, _) = keeping().await;
    let nobody = app.anonymous();
    let before = nobody.get_key_set().await;
    let again = |tag: String| {
        let request = nobody.request(Method::GET, "/.well-known/jwks.json");
        nobody.send(request.header(IF_NONE_MATCH, tag))
    };
    again(before.etag()).await.not_modified();

    rotate(&app).await;
    follow(&app).await;

    let after = again(before.etag()).await;
    assert_eq!(after.ok()["keys"].as_array().map(Vec::len), Some(2));
    assert_ne!(after.etag(), before.etag());
}

#[tokio::test]
async fn an_instance_that_has_not_seen_a_key_yet_takes_its_tokens_all_the_same() {
    let (first, ada) = keeping().await;
    let second = first.beside(|ports| ports).await;
    rotate(&first).await;
    follow(&first).await;
    first.clock.advance(KeySet::ANNOUNCEMENT);
    let new = token(&first, &ada).await;
    assert_eq!(published(&second).await.len(), 1);

    me(&second, &new).await.ok();

    assert_eq!(published(&second).await, published(&first).await);
    assert_eq!(kid(&token(&second, &ada).await), kid(&new));
}

#[tokio::test]
async fn instances_that_start_on_an_empty_database_have_one_key() {
    let (first, ada) = keeping().await;
    let second = first.beside(|ports| ports).await;

    assert_eq!(published(&first).await, published(&second).await);

    let token = token(&first, &ada).await;
    me(&second, &token).await.ok();
}

#[tokio::test]
async fn unknown_keys_cost_one_look_in_ten_seconds_whoever_sends_them() {
    let faults = Faults::default();
    let app = TestApp::start_keeping_keys(|ports| faults.within_database(ports)).await;
    let looks = || faults.signing_key_reads();

    for n in 0..5 {
        let refused = me(&app, &made_up(&format!("key {n}"))).await;
        refused.is_problem(401, "invalid_token");
    }
    assert_eq!(looks(), 1);
    app.clock.advance(TimeDelta::seconds(10));
    me(&app, &made_up("another"))
        .await
        .is_problem(401, "invalid_token");
    let revoked = [("token", &*made_up("one more"))];
    assert_eq!(app.anonymous().revoke_token(&revoked).await.status, 200);

    assert_eq!(looks(), 2);
}

#[tokio::test]
async fn without_a_database_nobody_can_tell_whether_there_is_a_key() {
    let faults = Faults::default();
    let app = TestApp::start_keeping_keys(|ports| faults.within_database(ports)).await;
    let gone = StoreError::Unavailable("innermost".into());
    faults.plan(Place::SigningKeys, Fault::Answers(gone));

    let answer = me(&app, &made_up("unknown")).await;

    answer.is_problem(503, "unavailable");
}

#[tokio::test]
async fn a_replacement_voids_every_access_token_and_no_session() {
    let (app, ada) = keeping().await;
    let before = signed_in(&app, &ada).await;
    let old = text(&before["access_token"]);
    // The server remembers that it was verified.
    me(&app, old).await.ok();

    replace(&app).await;
    follow(&app).await;

    me(&app, old).await.is_problem(401, "invalid_token");
    assert_eq!(published(&app).await.len(), 1);
    let refresh_token = text(&before["refresh_token"]);
    let refreshed = app.anonymous().refresh(refresh_token).await.ok();
    let new = text(&refreshed["access_token"]);
    assert_ne!(kid(new), kid(old));
    me(&app, new).await.ok();
}
