//! How much mail people may have sent: nobody is flooded, and nobody uses up what others need.

use chrono::TimeDelta;
use domain::roles::Permission;
use domain::users::{Status, User};
use reqwest::Method;
use serde_json::{Value, json};
use support::factories::users::{email, id_of, user};
use support::{Answer, Client, TestApp};

/// Two from one network and three in all; one a minute comes back of each.
const SMALL: [(&str, &str); 5] = [
    ("ASHLAR__LIMITS__NETWORK_MAIL_PER_MINUTE", "1"),
    ("ASHLAR__LIMITS__NETWORK_MAIL_BURST", "2"),
    ("ASHLAR__LIMITS__MAIL_PER_MINUTE", "1"),
    ("ASHLAR__LIMITS__MAIL_BURST", "3"),
    ("ASHLAR__SERVER__TRUSTED_PROXIES", "127.0.0.1"),
];

const HERE: &str = "203.0.113.1";
const ELSEWHERE: &str = "198.51.100.7";

async fn limited() -> TestApp {
    TestApp::start_with(&SMALL, |ports| ports).await
}

async fn post(client: &Client, from: &str, path: &str, body: &Value) -> Answer {
    let request = client.request(Method::POST, path);
    let request = request.header("X-Forwarded-For", from).json(body);
    client.send(request).await
}

/// For somebody whom nobody knows.
async fn reset(app: &TestApp, from: &str) {
    let body = json!({ "email": email() });
    let asked = post(&app.anonymous(), from, RESETS, &body).await;
    asked.accepted();
}

async fn create(by: &Client, from: &str) -> Answer {
    let body = json!({ "email": email(), "display_name": "Grace" });
    post(by, from, "/api/v1/users", &body).await
}

async fn invite(by: &Client, from: &str, user: &User) -> Answer {
    let path = format!("/api/v1/users/{}/invitations", user.id.0);
    let request = by.request(Method::POST, &path);
    by.send(request.header("X-Forwarded-For", from)).await
}

async fn queued(app: &TestApp) -> i64 {
    app.database.count("outbox_messages").await
}

#[track_caller]
fn is_told_to_wait(answer: &Answer, seconds: &str) {
    answer.is_problem(429, "rate_limited");
    assert_eq!(answer.header("retry-after"), Some(seconds));
}

const RESETS: &str = "/api/v1/auth/password-resets";
const REGISTRATIONS: &str = "/api/v1/auth/registrations";

#[tokio::test]
async fn whoever_uses_up_the_share_of_a_network_keeps_no_other_from_its_mail() {
    for [neighbours, others] in [
        [["203.0.113.1", "203.0.113.254"], ["203.0.114.1", HERE]],
        [
            ["2001:db8::1", "2001:db8::ffff:1"],
            ["2001:db8:0:1::1", "2001:db8::2"],
        ],
    ] {
        let app = limited().await;
        for from in neighbours {
            reset(&app, from).await;
        }
        for _ in 0..10 {
            reset(&app, neighbours[1]).await;
        }
        assert_eq!(queued(&app).await, 2);

        reset(&app, others[0]).await;

        assert_eq!(queued(&app).await, 3);
        app.clock.advance(TimeDelta::minutes(1));
        reset(&app, others[1]).await;
        assert_eq!(queued(&app).await, 4, "the network has one again");
    }
}

#[tokio::test]
async fn what_a_network_may_not_ask_for_leaves_the_address_what_it_has() {
    let app = limited().await;
    let ada = user(Status::Active);
    app.store(&ada).await;
    let body = json!({ "email": ada.email.as_str() });
    for _ in 0..2 {
        reset(&app, HERE).await;
    }
    let stranger = post(&app.anonymous(), HERE, RESETS, &body).await;
    stranger.accepted();
    assert_eq!(queued(&app).await, 2);

    let owner = post(&app.anonymous(), ELSEWHERE, RESETS, &body).await;

    owner.accepted();
    assert_eq!(queued(&app).await, 3);
}

/// Whoever asks, signed in or not, and for whatever.
#[tokio::test]
async fn every_kind_of_mail_that_is_asked_for_counts_for_the_network() {
    let app = limited().await;
    let pending = user(Status::Pending);
    app.store(&pending).await;
    for kind in 0..3 {
        app.clock.advance(TimeDelta::minutes(2));
        let admin = app.administrator().await;
        let spent = async || match kind {
            0 => {
                let body = json!({ "email": email(), "display_name": "Grace" });
                post(&app.anonymous(), HERE, REGISTRATIONS, &body).await
            }
            1 => {
                let body = json!({ "email": email() });
                post(&admin, HERE, "/api/v1/me/email-changes", &body).await
            }
            _ => invite(&admin, HERE, &pending).await,
        };
        assert!(spent().await.status.is_success(), "{kind}");
        reset(&app, HERE).await;
        let before = queued(&app).await;

        reset(&app, HERE).await;

        assert_eq!(queued(&app).await, before, "{kind}");
    }
}

#[tokio::test]
async fn who_invites_is_told_when_there_may_be_mail_again() {
    let app = limited().await;
    let inviter = app.holder_of(&[Permission::UsersCreate]).await;
    let pending = user(Status::Pending);
    app.store(&pending).await;
    for _ in 0..2 {
        reset(&app, HERE).await;
    }

    is_told_to_wait(&invite(&inviter, HERE, &pending).await, "60");
    app.clock.advance(TimeDelta::seconds(59));
    let late = invite(&inviter, HERE, &pending).await;
    let problem = late.is_problem(429, "rate_limited");
    assert_eq!(problem["detail"], "try again in 1 second");
    app.clock.advance(TimeDelta::seconds(1));

    invite(&inviter, HERE, &pending).await.accepted();
    is_told_to_wait(&invite(&inviter, ELSEWHERE, &pending).await, "60");
    assert_eq!(queued(&app).await, 3);
}

#[tokio::test]
async fn the_cap_for_all_is_told_to_who_invites() {
    let app = limited().await;
    let inviter = app.holder_of(&[Permission::UsersCreate]).await;
    let pending = user(Status::Pending);
    app.store(&pending).await;
    for from in ["192.0.1.1", "192.0.2.1", "192.0.3.1"] {
        reset(&app, from).await;
    }

    is_told_to_wait(&invite(&inviter, HERE, &pending).await, "60");

    assert_eq!(queued(&app).await, 3);
    app.clock.advance(TimeDelta::minutes(1));
    invite(&inviter, HERE, &pending).await.accepted();
}

#[tokio::test]
async fn who_gets_an_account_is_invited_whatever_else_was_asked_for() {
    let app = limited().await;
    let admin = app.administrator().await;
    for _ in 0..2 {
        reset(&app, HERE).await;
    }

    let created = create(&admin, HERE).await.created();

    assert_eq!(queued(&app).await, 3);
    let path = format!("/api/v1/users/{}/invitations", id_of(&created));
    is_told_to_wait(&post(&admin, HERE, &path, &json!(null)).await, "60");
}

/// For an address that somebody has, and for one that nobody has.
#[tokio::test]
async fn whoever_registers_an_address_holds_up_no_other_password_of_its_owner() {
    let ada = user(Status::Active);
    for address in [ada.email.as_str(), &email()] {
        let app = TestApp::start().await;
        app.store(&ada).await;
        let stranger = app.anonymous();
        let mut sent = 0;
        for minute in 0..10 {
            stranger.request_registration(address).await.accepted();
            sent += i64::from(minute < 5);
            assert_eq!(queued(&app).await, sent);
            app.clock.advance(TimeDelta::minutes(1));
        }

        let owner = app.anonymous();
        owner.request_password_reset(address).await.accepted();
        assert_eq!(queued(&app).await, sent + 1);
        owner.request_password_reset(address).await.accepted();
        assert_eq!(queued(&app).await, sent + 1, "resets have a limit, too");
    }
}

#[tokio::test]
async fn all_but_resets_count_together_for_one_address() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let pending = user(Status::Pending);
    app.store(&pending).await;
    let address = pending.email.as_str();

    let stranger = app.anonymous();
    stranger.request_registration(address).await.accepted();
    is_told_to_wait(&admin.invite_user(pending.id.0).await, "60");
    let member = app.member().await;
    member.request_email_change(address).await.accepted();
    assert_eq!(queued(&app).await, 1);
    app.clock.advance(TimeDelta::minutes(1));

    admin.invite_user(pending.id.0).await.accepted();
    stranger.request_registration(address).await.accepted();
    assert_eq!(queued(&app).await, 2);
}
