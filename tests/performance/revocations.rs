//! How long another server takes a token that one has revoked.

use std::time::{Duration, Instant};

use domain::users::Status;
use support::TestApp;
use support::factories::users::user;

use crate::figures::{milliseconds, quantile};
use crate::http::{Connection, get, post};
use crate::process::ServerProcess;
use crate::say;

const REVOCATIONS: usize = 50;

pub(crate) async fn run() {
    let app = TestApp::start().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let servers = [(); 2].map(|()| ServerProcess::beside(&app, &[]));
    let mut here = Connection::to(&servers[0].host).await;
    let mut there = Connection::to(&servers[1].host).await;

    let mut delays = Vec::new();
    for _ in 0..REVOCATIONS {
        let client = app.session_of(&ada).await;
        delays.push(delay(&mut here, &mut there, client.token()).await);
    }

    let at = |part| milliseconds(quantile(&delays, part));
    say(format_args!(
        "revocations: known to another server after {:.1} ms (median of {REVOCATIONS}), {:.1} ms at most",
        at(0.5),
        at(1.0)
    ));
}

/// From the answer that the session has ended until the other server refuses its token.
async fn delay(here: &mut Connection, there: &mut Connection, token: &str) -> Duration {
    let read = get("/api/v1/me/permissions", token);
    here.expect(200, &read).await;
    there.expect(200, &read).await;
    let logout = post(
        "/api/v1/auth/logout",
        &format!("Authorization: Bearer {token}\r\n"),
        "",
    );
    here.expect(204, &logout).await;
    let ended = Instant::now();
    here.expect(401, &read).await;
    loop {
        let answer = there.send(&read).await;
        if answer.status == 401 {
            return ended.elapsed();
        }
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
    }
}
