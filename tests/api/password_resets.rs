use application::StoreError;
use chrono::TimeDelta;
use domain::users::{Status, User};
use reqwest::Method;
use serde_json::json;
use support::factories::users::{PASSWORD, email, user};
use support::{Fault, Faults, Place, TestApp};

const ANOTHER: &str = "mortar, lime and sand";

/// Somebody who has asked for another password, and the token that was mailed to them.
async fn asked(app: &TestApp) -> (User, String) {
    let ada = user(Status::Active);
    app.store(&ada).await;
    let asked = app.anonymous();
    let asked = asked.request_password_reset(ada.email.as_str()).await;
    asked.accepted();
    app.deliver().await;
    let token = app.mailer.token_for(&ada.email);
    (ada, token)
}

#[tokio::test]
async fn who_reads_the_mail_of_an_account_can_choose_its_password() {
    let app = TestApp::start().await;
    let (ada, token) = asked(&app).await;
    let signed_in = app.session_of(&ada).await;
    let (program, _) = signed_in.some_api_key(&[]).await;
    program.get_me().await.ok();

    let reset = app.anonymous();
    reset
        .confirm_password_reset(&token, ANOTHER)
        .await
        .no_content();

    let nobody = app.anonymous();
    let (old, new) = (
        nobody.login(ada.email.as_str(), PASSWORD).await,
        nobody.login(ada.email.as_str(), ANOTHER).await,
    );
    old.is_problem(401, "sign_in_refused");
    new.ok();
    signed_in.get_me().await.is_problem(401, "invalid_token");
    program.get_me().await.is_problem(401, "invalid_token");
}

#[tokio::test]
async fn the_owner_is_told_of_another_password() {
    let app = TestApp::start().await;
    let (ada, token) = asked(&app).await;
    let before = app.mailer.taken_for(&ada.email).len();

    let reset = app.anonymous();
    reset
        .confirm_password_reset(&token, ANOTHER)
        .await
        .no_content();
    app.deliver().await;

    let mails = app.mailer.taken_for(&ada.email);
    assert_eq!(mails.len(), before + 1);
    assert_eq!(support::token(&mails[before]), None);
}

#[tokio::test]
async fn known_and_unknown_addresses_have_one_answer() {
    let app = TestApp::start().await;
    let (active, shut) = (user(Status::Active), user(Status::Deactivated));
    app.store(&active).await;
    app.store(&shut).await;

    for address in [active.email.as_str(), shut.email.as_str(), &email()] {
        let answer = app.anonymous().request_password_reset(address).await;

        answer.accepted();
    }
    app.deliver().await;

    let readers: Vec<_> = app.mailer.taken().into_iter().map(|it| it.to).collect();
    assert_eq!(readers, [active.email]);
}

/// How many mails wait for their delivery, once it was asked for one.
async fn waiting_after_asking(app: &TestApp, address: &str) -> i64 {
    let asked = app.anonymous().request_password_reset(address).await;
    asked.accepted();
    app.database.count("outbox_messages").await
}

#[tokio::test]
async fn an_address_gets_one_mail_a_minute_and_five_an_hour_whoever_has_it() {
    let ada = user(Status::Active);
    for address in [ada.email.as_str(), &email()] {
        let app = TestApp::start().await;
        app.store(&ada).await;

        for sent in 1..=5 {
            assert_eq!(waiting_after_asking(&app, address).await, sent);
            app.clock.advance(TimeDelta::seconds(59));
            assert_eq!(waiting_after_asking(&app, address).await, sent);
            app.clock.advance(TimeDelta::seconds(1));
        }
        assert_eq!(waiting_after_asking(&app, address).await, 5);
        assert_eq!(waiting_after_asking(&app, &email()).await, 6);
        app.clock.advance(TimeDelta::hours(1));
        assert_eq!(waiting_after_asking(&app, address).await, 7);
    }
}

#[tokio::test]
async fn all_addresses_share_a_cap() {
    let cap = [
        ("ASHLAR__LIMITS__MAIL_PER_MINUTE", "1"),
        ("ASHLAR__LIMITS__MAIL_BURST", "2"),
    ];
    let app = TestApp::start_with(&cap, |ports| ports).await;

    assert_eq!(waiting_after_asking(&app, &email()).await, 1);
    assert_eq!(waiting_after_asking(&app, &email()).await, 2);
    assert_eq!(waiting_after_asking(&app, &email()).await, 2);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(waiting_after_asking(&app, &email()).await, 3);
}

#[tokio::test]
async fn a_token_is_good_once() {
    let app = TestApp::start().await;
    let (_, token) = asked(&app).await;
    let nobody = app.anonymous();
    nobody
        .confirm_password_reset(&token, ANOTHER)
        .await
        .no_content();

    let again = nobody.confirm_password_reset(&token, PASSWORD).await;

    again.is_problem(410, "token_void");
}

#[tokio::test]
async fn unknown_and_expired_tokens_have_the_answer_of_used_ones() {
    let app = TestApp::start().await;
    let (_, token) = asked(&app).await;
    let nobody = app.anonymous();
    let unknown = nobody.confirm_password_reset("x", ANOTHER).await;
    app.clock.advance(TimeDelta::minutes(30));

    let expired = nobody.confirm_password_reset(&token, ANOTHER).await;

    let (unknown, expired) = (
        unknown.is_problem(410, "token_void"),
        expired.is_problem(410, "token_void"),
    );
    assert_eq!(unknown["detail"], expired["detail"]);
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_spends_no_token() {
    let app = TestApp::start().await;
    let (_, token) = asked(&app).await;
    let nobody = app.anonymous();

    for weak in ["short", "passwordpassword"] {
        let refused = nobody.confirm_password_reset(&token, weak).await;
        refused.is_problem(422, "invalid");
        let told = [("/password".into(), "invalid".into())];
        assert_eq!(refused.faults(), told, "{weak}");
    }

    nobody
        .confirm_password_reset(&token, ANOTHER)
        .await
        .no_content();
}

#[tokio::test]
async fn another_password_voids_every_other_token() {
    let app = TestApp::start().await;
    let (ada, first) = asked(&app).await;
    let nobody = app.anonymous();
    app.clock.advance(TimeDelta::minutes(1));
    nobody
        .request_password_reset(ada.email.as_str())
        .await
        .accepted();
    app.deliver().await;
    let second = app.mailer.token_for(&ada.email);
    assert_ne!(first, second);

    nobody
        .confirm_password_reset(&second, ANOTHER)
        .await
        .no_content();

    let refused = nobody.confirm_password_reset(&first, PASSWORD).await;
    refused.is_problem(410, "token_void");
}

#[tokio::test]
async fn what_is_no_address_or_no_token_is_told_as_such() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();

    let address = nobody.request_password_reset("ada").await;
    let token = nobody.confirm_password_reset("", PASSWORD).await;
    let long = nobody
        .confirm_password_reset(&"a".repeat(129), PASSWORD)
        .await;
    let none = json!({ "password": PASSWORD });
    let confirm = "/api/v1/auth/password-resets/confirm";
    let none = nobody.request(Method::POST, confirm).json(&none);
    let none = nobody.send(none).await;

    let pointer = |problem: &serde_json::Value| problem["errors"][0]["pointer"].clone();
    assert_eq!(pointer(&address.is_problem(422, "invalid")), "/email");
    assert_eq!(pointer(&token.is_problem(422, "invalid")), "/token");
    assert_eq!(pointer(&long.is_problem(422, "invalid")), "/token");
    assert_eq!(pointer(&none.is_problem(422, "invalid")), "/token");
}

#[tokio::test]
async fn what_the_database_refuses_stays_inside_and_spends_no_token() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let (_, token) = asked(&app).await;
    let nobody = app.anonymous();

    for (fault, status, code) in [
        (StoreError::Failed("innermost".into()), 500, "internal"),
        (
            StoreError::Unavailable("innermost".into()),
            503,
            "unavailable",
        ),
    ] {
        faults.plan(Place::Begin, Fault::Answers(fault));
        let asked = nobody.request_password_reset(&email()).await;
        let chosen = nobody.confirm_password_reset(&token, ANOTHER).await;

        for answer in [asked, chosen] {
            let problem = answer.is_problem(status, code);
            assert!(!problem.to_string().contains("innermost"), "{problem}");
        }
    }
    faults.mend();
    nobody
        .confirm_password_reset(&token, ANOTHER)
        .await
        .no_content();
}

#[tokio::test]
async fn queued_mail_goes_with_the_account_that_it_is_for() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (ada, token) = asked(&app).await;
    let other = user(Status::Active);
    let own = app.sign_in(&other).await;
    let nobody = app.anonymous();
    // A notice to somebody, and two mails to whoever has an address.
    nobody
        .confirm_password_reset(&token, ANOTHER)
        .await
        .no_content();
    app.clock.advance(TimeDelta::minutes(1));
    for user in [&ada, &other] {
        let address = user.email.as_str();
        nobody.request_password_reset(address).await.accepted();
    }
    assert_eq!(app.database.count("outbox_messages").await, 3);

    admin.delete_user(ada.id.0, "*").await.no_content();
    assert_eq!(app.database.count("outbox_messages").await, 1);
    own.delete_me("*").await.no_content();

    assert_eq!(app.database.count("outbox_messages").await, 0);
}

/// Whoever reads the old address may be the reason.
#[tokio::test]
async fn another_address_voids_what_was_mailed_to_the_old_one() {
    let app = TestApp::start().await;
    let (ada, token) = asked(&app).await;
    let admin = app.administrator().await;
    let change = json!({ "email": email() });
    admin.update_user(ada.id.0, "*", &change).await.ok();

    let refused = app.anonymous();
    let refused = refused.confirm_password_reset(&token, ANOTHER).await;

    refused.is_problem(410, "token_void");
}
