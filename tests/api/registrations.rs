use application::StoreError;
use chrono::TimeDelta;
use domain::users::{EmailAddress, Status};
use serde_json::json;
use support::factories::users::{PASSWORD, email, user};
use support::{Fault, Faults, Place, TestApp};

/// A token that was mailed to nobody's address, and the address.
async fn asked(app: &TestApp) -> (EmailAddress, String) {
    let address = EmailAddress::parse(&email()).expect("it is one");
    let asked = app.anonymous();
    asked
        .request_registration(address.as_str())
        .await
        .accepted();
    app.deliver().await;
    let token = app.mailer.token_for(&address);
    (address, token)
}

#[tokio::test]
async fn who_reads_the_mail_of_an_address_can_make_an_account_and_sign_in() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (address, token) = asked(&app).await;
    let nobody = app.anonymous();

    let made = nobody.confirm_registration(&token, PASSWORD).await;

    let location = made.header("location").unwrap_or_default().to_owned();
    let made = made.created();
    assert_eq!(made["email"], address.as_str());
    assert_eq!(made["display_name"], "Grace");
    assert_eq!(made["status"], "active");
    assert_eq!(made["roles"], json!(["member"]));
    let id = made["id"].as_str().expect("an id is text");
    let path = format!("/api/v1/users/{id}");
    assert!(location.ends_with(&path), "{location}");
    assert_eq!(admin.get(&path).await.ok(), made);
    nobody.login(address.as_str(), PASSWORD).await.ok();
    assert_eq!(app.database.count("registrations").await, 0);
}

#[tokio::test]
async fn an_address_is_nobodys_until_it_is_confirmed() {
    let app = TestApp::start().await;
    let admin = app.administrator().await;
    let (address, token) = asked(&app).await;

    let listed = admin.list_users("").await.ok();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
    let body = json!({ "email": address.as_str(), "display_name": "Grace" });
    admin.create_user(&body).await.created();

    let late = app.anonymous().confirm_registration(&token, PASSWORD).await;
    late.is_problem(410, "token_void");
}

#[tokio::test]
async fn of_two_registrations_of_one_address_one_is_an_account() {
    let app = TestApp::start().await;
    let (address, first) = asked(&app).await;
    let nobody = app.anonymous();
    app.clock.advance(TimeDelta::minutes(1));
    nobody
        .request_registration(address.as_str())
        .await
        .accepted();
    app.deliver().await;
    let second = app.mailer.token_for(&address);
    assert_ne!(first, second);

    nobody
        .confirm_registration(&second, PASSWORD)
        .await
        .created();

    let refused = nobody.confirm_registration(&first, PASSWORD).await;
    refused.is_problem(410, "token_void");
}

/// Who has which account is told in the mail, to whoever reads it.
#[tokio::test]
async fn known_and_unknown_addresses_have_one_answer() {
    let app = TestApp::start().await;
    let (active, shut) = (user(Status::Active), user(Status::Deactivated));
    app.store(&active).await;
    app.store(&shut).await;
    let unknown = EmailAddress::parse(&email()).unwrap();

    for address in [&active.email, &shut.email, &unknown] {
        let answer = app.anonymous().request_registration(address.as_str()).await;
        answer.accepted();
    }
    app.deliver().await;

    let mails = app.mailer.taken();
    let readers: Vec<_> = mails.iter().map(|it| &it.to).collect();
    assert_eq!(readers, [&active.email, &unknown]);
    assert_eq!(support::token(&mails[0]), None);
    assert!(support::token(&mails[1]).is_some());
}

#[tokio::test]
async fn who_is_invited_and_registers_is_invited_again() {
    let app = TestApp::start().await;
    let ada = user(Status::Pending);
    app.store(&ada).await;
    let nobody = app.anonymous();
    nobody
        .request_registration(ada.email.as_str())
        .await
        .accepted();
    app.deliver().await;

    let token = app.mailer.token_for(&ada.email);

    nobody
        .accept_invitation(&token, PASSWORD)
        .await
        .no_content();
}

#[tokio::test]
async fn where_it_is_closed_nobody_gets_an_account_this_way() {
    let closed = [("ASHLAR__REGISTRATION__MODE", "closed")];
    let app = TestApp::start_with(&closed, |ports| ports).await;
    let nobody = app.anonymous();

    let asked = nobody.request_registration(&email()).await;
    let confirmed = nobody.confirm_registration("x", PASSWORD).await;

    asked.is_problem(403, "registration_closed");
    confirmed.is_problem(403, "registration_closed");
    assert_eq!(app.database.count("outbox_messages").await, 0);
}

#[tokio::test]
async fn a_token_is_good_once_and_for_a_day_and_for_nothing_else() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let (_, used) = asked(&app).await;
    let reset = nobody.confirm_password_reset(&used, PASSWORD).await;
    reset.is_problem(410, "token_void");
    nobody.confirm_registration(&used, PASSWORD).await.created();
    let (_, expired) = asked(&app).await;
    app.clock.advance(TimeDelta::hours(24));

    for token in [&used, &expired, "x"] {
        let refused = nobody.confirm_registration(token, PASSWORD).await;
        refused.is_problem(410, "token_void");
    }
}

#[tokio::test]
async fn a_password_that_may_not_be_chosen_spends_no_token() {
    let app = TestApp::start().await;
    let (address, token) = asked(&app).await;
    let nobody = app.anonymous();

    for weak in ["short", "passwordpassword", address.as_str()] {
        let refused = nobody.confirm_registration(&token, weak).await;
        refused.is_problem(422, "invalid");
        let told = [("/password".into(), "invalid".into())];
        assert_eq!(refused.faults(), told, "{weak}");
    }

    nobody
        .confirm_registration(&token, PASSWORD)
        .await
        .created();
}

#[tokio::test]
async fn an_address_gets_one_mail_a_minute() {
    let app = TestApp::start().await;
    let (address, nobody) = (email(), app.anonymous());

    for _ in 0..2 {
        nobody.request_registration(&address).await.accepted();
    }

    assert_eq!(app.database.count("outbox_messages").await, 1);
    assert_eq!(app.database.count("registrations").await, 1);
    app.clock.advance(TimeDelta::minutes(1));
    nobody.request_registration(&address).await.accepted();
    assert_eq!(app.database.count("registrations").await, 2);
}

#[tokio::test]
async fn what_is_no_address_and_no_name_is_told_at_once() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();

    let body = json!({ "email": "grace", "display_name": "" });
    let refused = nobody.post("/api/v1/auth/registrations", &body).await;
    let token = nobody.confirm_registration("", "x").await;

    let pointers = |problem: serde_json::Value| -> Vec<_> {
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|it| it["pointer"].clone()).collect()
    };
    let refused = pointers(refused.is_problem(422, "invalid"));
    let token = pointers(token.is_problem(422, "invalid"));
    assert_eq!(refused, ["/display_name", "/email"]);
    assert_eq!(token, ["/token"]);
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
        let asked = nobody.request_registration(&email()).await;
        let made = nobody.confirm_registration(&token, PASSWORD).await;

        for answer in [asked, made] {
            let problem = answer.is_problem(status, code);
            assert!(!problem.to_string().contains("innermost"), "{problem}");
        }
    }
    faults.mend();
    nobody
        .confirm_registration(&token, PASSWORD)
        .await
        .created();
}
