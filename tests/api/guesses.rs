//! Wrong passwords are counted, and whoever gave too many waits: the owner of the account does not.

use chrono::TimeDelta;
use domain::users::{Status, User};
use reqwest::Method;
use serde_json::{Value, json};
use support::factories::users::{PASSWORD, email, user};
use support::{Answer, TestApp, at_once};

use super::sessions::Probe;
use super::tokens::text;

/// Three wrong ones from one network, five from all that are strange; one a minute comes back of each.
const SMALL: [(&str, &str); 5] = [
    ("ASHLAR__LIMITS__GUESSES_PER_HOUR", "60"),
    ("ASHLAR__LIMITS__GUESSES_BURST", "3"),
    ("ASHLAR__LIMITS__STRANGER_GUESSES_PER_HOUR", "60"),
    ("ASHLAR__LIMITS__STRANGER_GUESSES_BURST", "5"),
    ("ASHLAR__SERVER__TRUSTED_PROXIES", "127.0.0.1"),
];

const HOME: &str = "198.51.100.7";
const ELSEWHERE: &str = "203.0.113.1";
const WRONG: &str = "not the password at all";

/// With somebody who has signed in from home before.
async fn limited() -> (TestApp, User, Probe) {
    let probe = Probe::default();
    let app = TestApp::start_with(&SMALL, |ports| probe.within(ports)).await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    login(&app, HOME, ada.email.as_str(), PASSWORD).await.ok();
    (app, ada, probe)
}

async fn login(app: &TestApp, from: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    post(app, from, None, "/api/v1/auth/login", &body).await
}

async fn post(app: &TestApp, from: &str, token: Option<&str>, path: &str, body: &Value) -> Answer {
    let client = app.anonymous();
    let client = token.map_or_else(|| client.clone(), |it| client.with_token(it));
    let request = client.request(Method::POST, path);
    let request = request.header("X-Forwarded-For", from).json(body);
    client.send(request).await
}

/// One of many networks.
fn network(n: usize) -> String {
    format!("192.0.{n}.1")
}

#[track_caller]
fn is_wrong(answer: &Answer) {
    answer.is_problem(401, "sign_in_refused");
}

#[track_caller]
fn is_told_to_wait(answer: &Answer, seconds: &str) {
    answer.is_problem(429, "rate_limited");
    assert_eq!(answer.header("retry-after"), Some(seconds));
}

#[tokio::test]
async fn a_stranger_in_one_network_waits_and_no_hash_is_made_and_the_owner_signs_in() {
    let (app, ada, probe) = limited().await;
    let ada = ada.email.as_str();
    for last in 1..=3 {
        let neighbour = format!("203.0.113.{last}");
        is_wrong(&login(&app, &neighbour, ada, WRONG).await);
    }
    let before = probe.verified();

    for password in [WRONG, PASSWORD] {
        is_told_to_wait(&login(&app, ELSEWHERE, ada, password).await, "60");
    }

    assert_eq!(probe.verified(), before);
    login(&app, HOME, ada, PASSWORD).await.ok();
    login(&app, "192.0.2.1", ada, PASSWORD).await.ok();
}

#[tokio::test]
async fn strangers_in_many_networks_wait_together_and_the_owner_signs_in_at_home() {
    let (app, ada, probe) = limited().await;
    let ada = ada.email.as_str();
    for n in 1..=5 {
        is_wrong(&login(&app, &network(n), ada, WRONG).await);
    }
    let before = probe.verified();

    for n in 1..=9 {
        is_told_to_wait(&login(&app, &network(n), ada, PASSWORD).await, "60");
    }

    assert_eq!(probe.verified(), before);
    for _ in 0..10 {
        login(&app, HOME, ada, PASSWORD).await.ok();
    }
    // Whoever was refused for the others has spent nothing of their own.
    app.clock.advance(TimeDelta::minutes(5));
    for _ in 0..3 {
        is_wrong(&login(&app, &network(9), ada, WRONG).await);
    }
}

#[tokio::test]
async fn at_home_the_owner_has_a_budget_too() {
    let (app, ada, _) = limited().await;
    let ada = ada.email.as_str();
    for _ in 0..3 {
        is_wrong(&login(&app, HOME, ada, WRONG).await);
    }

    is_told_to_wait(&login(&app, HOME, ada, PASSWORD).await, "60");
    app.clock.advance(TimeDelta::minutes(1));
    login(&app, HOME, ada, PASSWORD).await.ok();
}

/// Also at home: who shares the owner's network does not learn that there is an owner.
#[tokio::test]
async fn an_unknown_address_has_the_budgets_of_a_known_one() {
    let (app, ada, _) = limited().await;
    let (shut, unknown) = (user(Status::Deactivated), email());
    app.store(&shut).await;
    for from in [HOME, ELSEWHERE] {
        for (email, password) in [
            (ada.email.as_str(), WRONG),
            (shut.email.as_str(), PASSWORD),
            (&*unknown, WRONG),
        ] {
            for _ in 0..3 {
                is_wrong(&login(&app, from, email, password).await);
            }
            is_told_to_wait(&login(&app, from, email, password).await, "60");
        }
        app.clock.advance(TimeDelta::hours(1));
    }
}

#[tokio::test]
async fn whatever_takes_a_password_counts_with_the_others() {
    let (app, ada, probe) = limited().await;
    let address = ada.email.as_str();
    let tokens = login(&app, HOME, address, PASSWORD).await.ok();
    let token = Some(text(&tokens["access_token"]));
    let step_up = async |password| {
        let body = json!({ "password": password });
        post(&app, HOME, token, "/api/v1/me/step-up", &body).await
    };
    let change = async |present, new| {
        let body = json!({ "current_password": present, "new_password": new });
        post(&app, HOME, token, "/api/v1/me/password", &body).await
    };
    step_up(PASSWORD).await.ok();
    is_wrong(&step_up(WRONG).await);
    let wrong = change(WRONG, "mortar, lime and sand").await;
    wrong.is_problem(422, "wrong_password");
    // Nobody has looked at the present one.
    change(WRONG, "short").await.is_problem(422, "invalid");
    is_wrong(&login(&app, HOME, address, WRONG).await);
    let before = probe.verified();

    is_told_to_wait(&step_up(PASSWORD).await, "60");
    let refused = change(PASSWORD, "mortar, lime and sand").await;
    is_told_to_wait(&refused, "60");
    is_told_to_wait(&login(&app, HOME, address, PASSWORD).await, "60");

    assert_eq!(probe.verified(), before);
    app.clock.advance(TimeDelta::minutes(1));
    let changed = change(PASSWORD, "mortar, lime and sand").await;
    changed.no_content();
}

#[tokio::test]
async fn a_right_password_spends_nothing() {
    let (app, ada, _) = limited().await;
    let ada = ada.email.as_str();
    for n in 1..=10 {
        login(&app, &network(n), ada, PASSWORD).await.ok();
        login(&app, ELSEWHERE, ada, PASSWORD).await.ok();
    }

    for _ in 0..3 {
        is_wrong(&login(&app, ELSEWHERE, ada, WRONG).await);
    }
    is_told_to_wait(&login(&app, ELSEWHERE, ada, WRONG).await, "60");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_no_more_get_through_than_are_left() {
    let (app, ada, probe) = limited().await;
    let app = std::sync::Arc::new(app);
    let before = probe.verified();
    let guesses = (0..20).map(|_| {
        let (app, email) = (std::sync::Arc::clone(&app), ada.email.as_str().to_owned());
        async move { login(&app, ELSEWHERE, &email, WRONG).await.status.as_u16() }
    });

    let mut statuses = at_once(guesses).await;

    statuses.sort_unstable();
    assert_eq!(statuses[..3], [401; 3]);
    assert_eq!(statuses[3..], [429; 17]);
    assert_eq!(probe.verified(), before + 3);
}

#[tokio::test]
async fn tries_come_back_with_time() {
    let (app, ada, _) = limited().await;
    let ada = ada.email.as_str();
    for _ in 0..3 {
        is_wrong(&login(&app, ELSEWHERE, ada, WRONG).await);
    }

    app.clock.advance(TimeDelta::seconds(59));
    is_told_to_wait(&login(&app, ELSEWHERE, ada, WRONG).await, "1");
    app.clock.advance(TimeDelta::seconds(1));
    is_wrong(&login(&app, ELSEWHERE, ada, WRONG).await);
    is_told_to_wait(&login(&app, ELSEWHERE, ada, WRONG).await, "60");
    app.clock.advance(TimeDelta::hours(1));
    for _ in 0..3 {
        is_wrong(&login(&app, ELSEWHERE, ada, WRONG).await);
    }
}

/// Each sign-in from there is written down, but not more than once a day.
#[tokio::test]
async fn a_network_is_known_for_ninety_days_after_the_last_sign_in() {
    let (app, ada, _) = limited().await;
    let ada = ada.email.as_str();
    let crowd = async || {
        for n in 1..=5 {
            is_wrong(&login(&app, &network(n), ada, WRONG).await);
        }
    };
    app.clock.advance(TimeDelta::days(30));
    login(&app, HOME, ada, PASSWORD).await.ok();
    app.clock.advance(TimeDelta::days(89));
    crowd().await;
    is_wrong(&login(&app, HOME, ada, WRONG).await);
    app.clock.advance(TimeDelta::days(1));
    crowd().await;

    is_told_to_wait(&login(&app, HOME, ada, PASSWORD).await, "60");
    assert_eq!(app.database.count("sign_in_networks").await, 1);
}

#[tokio::test]
async fn what_was_not_looked_at_is_written_down_once_a_minute() {
    let (app, ada, _) = limited().await;
    let admin = app.administrator().await;
    let (address, unknown) = (ada.email.as_str(), email());
    let wear_out = async |email: &str| {
        for _ in 0..6 {
            login(&app, ELSEWHERE, email, WRONG).await;
        }
    };

    wear_out(address).await;
    wear_out(&unknown).await;
    app.clock.advance(TimeDelta::minutes(1));
    wear_out(address).await;

    let events = admin.list_audit_events("action=sign_in.limited").await.ok();
    let events = events["data"].as_array().expect("a list");
    let targets: Vec<_> = events.iter().map(|it| &it["target"]["id"]).collect();
    let ada = json!(ada.id.0);
    assert_eq!(targets, [&ada, &Value::Null, &ada]);
    for event in events {
        assert_eq!(event["outcome"], "refused");
        assert_eq!(event["network"], "203.0.113.0/24");
    }
}

#[tokio::test]
async fn no_rate_is_no_limit() {
    let mut off = SMALL;
    (off[0].1, off[2].1) = ("0", "0");
    let app = TestApp::start_with(&off, |ports| ports).await;
    let nobody = email();

    for _ in 0..10 {
        is_wrong(&login(&app, ELSEWHERE, &nobody, WRONG).await);
    }
}
