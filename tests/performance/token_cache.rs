//! What it saves that a server remembers the tokens that it has verified.

use std::sync::Arc;
use std::time::Instant;

use application::Ports;
use infrastructure::{Es256Signer, SigningRing};
use support::{TestApp, at_once};

use crate::figures::{median, per_second};
use crate::http::{Connection, get};
use crate::say;

const ROUNDS: usize = 9;
const CLIENTS: usize = 4;
const REQUESTS: usize = 1_000;

/// Servers of one thread each, over one database.
pub(crate) async fn run() {
    let remembering = TestApp::start().await;
    let verifying = remembering
        .beside(|ports| without_cache(&remembering, ports))
        .await;
    let reader = remembering.administrator().await;
    let request = get(&format!("/api/v1/users/{}", reader.id()), reader.token());

    let (mut with, mut without) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let figures = [
            requests_a_second(&remembering, &request).await,
            requests_a_second(&verifying, &request).await,
        ];
        // The first warms up.
        if round > 0 {
            with.push(figures[0]);
            without.push(figures[1]);
        }
    }

    let ratios: Vec<_> = with.iter().zip(&without).map(|(a, b)| a / b).collect();
    say(format_args!(
        "token_cache: GET /users/{{id}} {:.0}/s with the cache, {:.0}/s without: {:.2} times as many",
        median(&with),
        median(&without),
        median(&ratios)
    ));
}

fn without_cache(app: &TestApp, ports: Ports) -> Ports {
    let key = app.keys.signing_key.as_ref().expect("its key is given");
    let ring = SigningRing::of_pem(key).expect("its key is good");
    let settings = &app.settings;
    let issuer = settings.server.public_url.clone();
    let signer = Es256Signer::new(Arc::new(ring), issuer, settings.tokens.audience.clone());
    Ports {
        signer: Arc::new(signer),
        ..ports
    }
}

async fn requests_a_second(app: &TestApp, request: &str) -> f64 {
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let mut connection = Connection::to(app.anonymous().host()).await;
        let request = request.to_owned();
        clients.push(async move {
            for _ in 0..REQUESTS {
                connection.expect(200, &request).await;
            }
        });
    }
    let started = Instant::now();
    at_once(clients).await;
    per_second(CLIENTS * REQUESTS, started.elapsed())
}
