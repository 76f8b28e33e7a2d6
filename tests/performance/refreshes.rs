//! How many tokens a server refreshes.

use std::time::Instant;

use domain::users::Status;
use serde_json::Value;
use support::factories::users::{PASSWORD, user};
use support::{TestApp, at_once};

use crate::figures::{median, per_second};
use crate::http::{Connection, post};
use crate::{AS_SHIPPED, say};

const ROUNDS: usize = 5;
const REFRESHES: usize = 80;
const SESSIONS: usize = 8;

pub(crate) async fn run() {
    let app = TestApp::start_with(&AS_SHIPPED, |ports| ports).await;
    let mut tokens = Vec::new();
    for _ in 0..SESSIONS {
        tokens.push(first_token(&app).await);
    }

    let (mut one, mut all) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let figures = [
            refreshes_a_second(&app, &mut tokens[..1]).await,
            refreshes_a_second(&app, &mut tokens).await,
        ];
        // The first warms up.
        if round > 0 {
            one.push(figures[0]);
            all.push(figures[1]);
        }
    }

    say(format_args!(
        "refreshes: {:.0}/s by one session, {:.0}/s by {SESSIONS} at once: {:.2} times as many",
        median(&one),
        median(&all),
        median(&all) / median(&one)
    ));
}

/// That of a new session of somebody new.
async fn first_token(app: &TestApp) -> String {
    let user = user(Status::Active);
    app.store(&user).await;
    let login = app.anonymous().login(user.email.as_str(), PASSWORD).await;
    refresh_token(&login.ok())
}

/// Each session one after another, the sessions beside each other; what is left are their last tokens.
async fn refreshes_a_second(app: &TestApp, tokens: &mut [String]) -> f64 {
    let each = REFRESHES / tokens.len();
    let mut sessions = Vec::new();
    for mut token in tokens.iter().cloned() {
        let mut connection = Connection::to(app.anonymous().host()).await;
        sessions.push(async move {
            for _ in 0..each {
                token = successor(&mut connection, &token).await;
            }
            token
        });
    }
    let started = Instant::now();
    let last = at_once(sessions).await;
    let took = started.elapsed();
    tokens.clone_from_slice(&last);
    per_second(each * last.len(), took)
}

async fn successor(connection: &mut Connection, token: &str) -> String {
    let form = format!("grant_type=refresh_token&refresh_token={token}");
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    let answer = connection
        .expect(200, &post("/oauth/token", kind, &form))
        .await;
    refresh_token(&serde_json::from_slice(&answer).expect("it is JSON"))
}

fn refresh_token(answer: &Value) -> String {
    let token = answer["refresh_token"].as_str();
    token.expect("it is in the answer").to_owned()
}
