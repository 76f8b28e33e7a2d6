use application::StoreError;
use application::outbox::MailContent;
use chrono::TimeDelta;
use domain::users::{Status, User};
use support::factories::users::{PASSWORD, user};
use support::{Fault, Faults, Place, TestApp};

use super::{ada, address_of, asked, assert_cannot_cancel, assert_cannot_confirm, signed_in};

#[tokio::test]
async fn who_reads_the_mail_of_the_new_address_makes_it_the_accounts() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let (program, _) = session.some_api_key(&[]).await;
    let asked = asked(&app, &session, &ada.email).await;
    let nobody = app.anonymous();

    nobody
        .confirm_email_change(&asked.confirm)
        .await
        .no_content();

    session.get_me().await.is_problem(401, "invalid_token");
    let old = nobody.login(ada.email.as_str(), PASSWORD).await;
    old.is_problem(401, "sign_in_refused");
    let again = signed_in(&app, &asked.address).await;
    assert_eq!(again.get_me().await.ok()["email"], asked.address.as_str());
    program.get_me().await.ok();
}

#[tokio::test]
async fn the_old_address_is_told_how_to_take_it_back() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let asked = asked(&app, &session, &ada.email).await;

    let confirmed = app.anonymous().confirm_email_change(&asked.confirm).await;
    confirmed.no_content();
    app.deliver().await;

    let [_, told] = &app.mailer.taken_for(&ada.email)[..] else {
        panic!("two mails");
    };
    assert!(matches!(told.content, MailContent::EmailChanged { .. }));
    assert_eq!(app.mailer.taken_for(&asked.address).len(), 1);
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_is_told_and_spends_no_token() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (ada, session) = ada(&app).await;
    let asked = asked(&app, &session, &ada.email).await;
    let first = User {
        email: asked.address.clone(),
        ..user(Status::Active)
    };
    app.store(&first).await;
    let nobody = app.anonymous();

    let refused = nobody.confirm_email_change(&asked.confirm).await;

    refused.is_problem(409, "email_taken");
    assert_eq!(address_of(&app, &ada).await, ada.email);
    session.get_me().await.ok();
    admin.delete_user(first.id.0, "*").await.no_content();
    nobody
        .confirm_email_change(&asked.confirm)
        .await
        .no_content();
}

#[tokio::test]
async fn a_token_is_good_once_and_for_a_day_and_for_nothing_else() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let expired = asked(&app, &session, &ada.email).await;
    app.clock.advance(TimeDelta::hours(24));
    assert_cannot_confirm(&app, &expired.confirm).await;
    let session = app.session_of(&ada).await;
    let good = asked(&app, &session, &ada.email).await;
    let nobody = app.anonymous();
    app.clock
        .advance(TimeDelta::hours(24) - TimeDelta::microseconds(1));

    assert_cannot_cancel(&app, &good.confirm).await;
    assert_cannot_confirm(&app, &good.cancel).await;
    for refused in [
        nobody.confirm_password_reset(&good.confirm, PASSWORD).await,
        nobody.accept_invitation(&good.confirm, PASSWORD).await,
        nobody.confirm_registration(&good.confirm, PASSWORD).await,
    ] {
        refused.is_problem(410, "token_void");
    }
    nobody
        .confirm_email_change(&good.confirm)
        .await
        .no_content();

    for token in [&good.confirm, "x"] {
        assert_cannot_confirm(&app, token).await;
    }
}

#[tokio::test]
async fn what_was_mailed_to_the_old_address_to_choose_a_password_with_is_void() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let nobody = app.anonymous();
    let reset = nobody.request_password_reset(ada.email.as_str()).await;
    reset.accepted();
    app.deliver().await;
    let reset = app.mailer.token_for(&ada.email);
    let asked = asked(&app, &session, &ada.email).await;

    nobody
        .confirm_email_change(&asked.confirm)
        .await
        .no_content();

    let refused = nobody.confirm_password_reset(&reset, PASSWORD).await;
    refused.is_problem(410, "token_void");
}

#[tokio::test]
async fn what_is_no_token_is_told_as_such() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();

    for refused in [
        nobody.confirm_email_change("").await,
        nobody.cancel_email_change(&"x".repeat(129)).await,
    ] {
        let problem = refused.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], "/token");
    }
}

#[tokio::test]
async fn what_the_database_refuses_stays_inside_and_spends_no_token() {
    let faults = Faults::default();
    let app = TestApp::start_with(&[], |ports| faults.within(ports)).await;
    let (ada, session) = ada(&app).await;
    let asked = asked(&app, &session, &ada.email).await;
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
        for answer in [
            nobody.confirm_email_change(&asked.confirm).await,
            nobody.cancel_email_change(&asked.cancel).await,
            session.request_email_change("new@example.org").await,
        ] {
            let problem = answer.is_problem(status, code);
            assert!(!problem.to_string().contains("innermost"), "{problem}");
        }
        app.clock.advance(TimeDelta::minutes(1));
    }
    faults.mend();
    nobody
        .confirm_email_change(&asked.confirm)
        .await
        .no_content();
}
