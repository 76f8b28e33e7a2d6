use application::outbox::MailContent;
use chrono::TimeDelta;
use domain::users::Status;
use support::TestApp;
use support::factories::users::user;

use super::{ada, address_of, an_address, asked, assert_cannot_cancel, assert_cannot_confirm};

#[tokio::test]
async fn both_addresses_are_written_to_and_nothing_changes_yet() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;

    let asked = asked(&app, &session, &ada.email).await;

    assert_eq!(address_of(&app, &ada).await, ada.email);
    let [to_new] = &app.mailer.taken_for(&asked.address)[..] else {
        panic!("one mail");
    };
    assert!(matches!(to_new.content, MailContent::EmailChange { .. }));
    assert_eq!(to_new.name, None, "a stranger may have typed the address");
    let [to_old] = &app.mailer.taken_for(&ada.email)[..] else {
        panic!("one mail");
    };
    let notice = &to_old.content;
    assert!(matches!(notice, MailContent::EmailChangeNotice { .. }));
    assert_eq!(to_old.name, Some(ada.display_name));
    session.get_me().await.ok();
}

#[tokio::test]
async fn an_address_that_somebody_has_is_answered_alike_and_its_owner_is_told() {
    let app = TestApp::start().await;
    for (status, is_told) in [
        (Status::Active, true),
        (Status::Pending, true),
        (Status::Deactivated, false),
    ] {
        let (ada, session) = ada(&app).await;
        let owner = user(status);
        app.store(&owner).await;

        let answer = session.request_email_change(owner.email.as_str()).await;
        answer.accepted();
        app.deliver().await;

        let mails = app.mailer.taken_for(&owner.email);
        assert_eq!(mails.len(), usize::from(is_told), "{status:?}");
        for mail in mails {
            assert!(matches!(mail.content, MailContent::EmailTaken));
            assert_eq!(mail.name.as_ref(), Some(&owner.display_name));
        }
        // The old address hears of it as of any other.
        assert_eq!(app.mailer.taken_for(&ada.email).len(), 1);
    }
}

#[tokio::test]
async fn ones_own_address_withdraws_what_was_asked_for_in_whatever_letter_case() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;

    for own in [
        ada.email.as_str().to_owned(),
        ada.email.as_str().to_uppercase(),
    ] {
        let mistaken = asked(&app, &session, &ada.email).await;
        let mails = app.mailer.taken().len();

        session.request_email_change(&own).await.accepted();

        app.deliver().await;
        assert_eq!(app.mailer.taken().len(), mails);
        assert_cannot_confirm(&app, &mistaken.confirm).await;
        app.clock.advance(TimeDelta::minutes(1));
    }
}

#[tokio::test]
async fn a_request_takes_the_place_of_the_one_before() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let first = asked(&app, &session, &ada.email).await;

    let second = asked(&app, &session, &ada.email).await;

    assert_cannot_confirm(&app, &first.confirm).await;
    assert_cannot_cancel(&app, &first.cancel).await;
    assert_eq!(app.database.count("email_changes").await, 1);
    let confirmed = app.anonymous().confirm_email_change(&second.confirm).await;
    confirmed.no_content();
    assert_eq!(address_of(&app, &ada).await, second.address);
}

#[tokio::test]
async fn an_address_is_not_written_to_too_often_whoever_asks() {
    let app = TestApp::start().await;
    let (_, first) = ada(&app).await;
    let (_, second) = ada(&app).await;
    let address = an_address();

    for session in [&first, &second] {
        let answer = session.request_email_change(address.as_str()).await;
        answer.accepted();
    }
    assert_eq!(app.database.count("outbox_messages").await, 2);
    assert_eq!(app.database.count("email_changes").await, 1);
    app.clock.advance(TimeDelta::minutes(1));
    let answer = second.request_email_change(address.as_str()).await;
    answer.accepted();

    assert_eq!(app.database.count("email_changes").await, 2);
}

#[tokio::test]
async fn a_request_for_an_address_that_had_too_much_mail_withdraws_the_one_before() {
    let app = TestApp::start().await;
    let (ada, session) = ada(&app).await;
    let address = an_address();
    let stranger = app.anonymous();
    let registered = stranger.request_registration(address.as_str()).await;
    registered.accepted();
    let first = asked(&app, &session, &ada.email).await;

    let answer = session.request_email_change(address.as_str()).await;

    answer.accepted();
    assert_eq!(app.database.count("outbox_messages").await, 0);
    assert_eq!(app.database.count("email_changes").await, 0);
    assert_cannot_confirm(&app, &first.confirm).await;
    assert_cannot_cancel(&app, &first.cancel).await;
    assert_eq!(address_of(&app, &ada).await, ada.email);
}

#[tokio::test]
async fn only_a_session_with_a_recent_password_asks() {
    let app = TestApp::start().await;
    let (_, session) = ada(&app).await;
    let (program, _) = session.some_api_key(&[]).await;
    let address = an_address();
    let address = address.as_str();

    let by_key = program.request_email_change(address).await;
    let by_nobody = app.anonymous().request_email_change(address).await;
    app.clock.advance(TimeDelta::minutes(4));
    session.request_email_change(address).await.accepted();
    app.clock.advance(TimeDelta::minutes(2));
    let late = session.request_email_change(address).await;

    by_key.is_problem(403, "session_required");
    by_nobody.is_problem(401, "unauthenticated");
    late.is_problem(401, "insufficient_user_authentication");
}

#[tokio::test]
async fn what_is_no_address_is_told_as_such() {
    let app = TestApp::start().await;
    let (_, session) = ada(&app).await;

    let refused = session.request_email_change("nowhere").await;

    let problem = refused.is_problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], "/email");
    assert_eq!(app.database.count("email_changes").await, 0);
}
